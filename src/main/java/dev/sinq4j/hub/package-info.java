/** The Hugging Face hub: a client, and the cache it shares with {@code huggingface_hub}. */
@NullMarked
package dev.sinq4j.hub;

import org.jspecify.annotations.NullMarked;
