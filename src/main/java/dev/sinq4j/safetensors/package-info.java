/** Reading and writing safetensors files; nothing of models. */
@NullMarked
package dev.sinq4j.safetensors;

import org.jspecify.annotations.NullMarked;
