package dev.sinq4j.config;

import java.util.List;

/**
 * The names a configuration may use.
 *
 * @param methods          quantization methods
 * @param datasets         texts with a pinned source
 * @param tasks            multiple-choice tasks
 * @param calibrationTexts calibration texts that have a name
 */
public record Catalog(
        MethodCatalog methods, List<String> datasets, List<String> tasks, List<String> calibrationTexts) {}
