/** From config.json to an architecture: one file per family, reading like its formula sheet; what families share is beside them. */
@NullMarked
package dev.sinq4j.model.family;

import org.jspecify.annotations.NullMarked;
