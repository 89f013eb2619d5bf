/** Text to token ids and back, and chat templates; sole user of DJL's tokenizers and of the Jinja engine. */
@NullMarked
package dev.sinq4j.tokenizer;

import org.jspecify.annotations.NullMarked;
