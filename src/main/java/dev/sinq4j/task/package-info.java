/** Questions with several answers, asked and scored as lm-evaluation-harness does: one file a task, one place that scores. */
@NullMarked
package dev.sinq4j.task;

import org.jspecify.annotations.NullMarked;
