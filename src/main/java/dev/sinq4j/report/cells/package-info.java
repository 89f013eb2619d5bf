/** Results put in order and compared, as every part of a report needs them. */
@NullMarked
package dev.sinq4j.report.cells;

import org.jspecify.annotations.NullMarked;
