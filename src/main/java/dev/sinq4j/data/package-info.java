/** Corpora and their protocols, tokenized windows, calibration texts. */
@NullMarked
package dev.sinq4j.data;

import org.jspecify.annotations.NullMarked;
