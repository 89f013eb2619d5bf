/** The page of a report. Its templates, in {@code src/main/jte}, are compiled into this package; sole user of jte. */
@NullMarked
package dev.sinq4j.report.page;

import org.jspecify.annotations.NullMarked;
