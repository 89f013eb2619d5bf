/** What long work tells a waiting person. */
@NullMarked
package dev.sinq4j.progress;

import org.jspecify.annotations.NullMarked;
