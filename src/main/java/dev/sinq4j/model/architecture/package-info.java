/** What a decoder consists of: its pieces, the matrices of each by role, their names and shapes; no numbers of a model. */
@NullMarked
package dev.sinq4j.model.architecture;

import org.jspecify.annotations.NullMarked;
