/** Tables, figures and the page, made from stored results alone. */
@NullMarked
package dev.sinq4j.report;

import org.jspecify.annotations.NullMarked;
