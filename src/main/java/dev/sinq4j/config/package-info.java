/** What an experiment asks for: records that mirror the YAML, their loader, writer and schema. */
@NullMarked
package dev.sinq4j.config;

import org.jspecify.annotations.NullMarked;
