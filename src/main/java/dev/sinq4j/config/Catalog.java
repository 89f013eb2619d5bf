package dev.sinq4j.config;

import java.util.List;

/**
 * The names a configuration may use besides those of the methods.
 *
 * @param datasets         texts with a pinned source
 * @param tasks            multiple-choice tasks
 * @param calibrationTexts calibration texts that have a name
 */
public record Catalog(List<String> datasets, List<String> tasks, List<String> calibrationTexts) {}
