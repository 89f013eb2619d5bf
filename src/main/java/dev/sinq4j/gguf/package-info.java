/** Reading GGUF files, and showing a language model in one under the names and shapes of the Hugging Face layout. */
@NullMarked
package dev.sinq4j.gguf;

import org.jspecify.annotations.NullMarked;
