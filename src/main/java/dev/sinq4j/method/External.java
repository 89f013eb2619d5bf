package dev.sinq4j.method;

import dev.sinq4j.method.MethodExtension.CalibrationNeed;

/**
 * A method of a {@link MethodExtension}, its settings filled in.
 *
 * @param name        the extension's name, {@code owner/method}
 * @param version     the extension's version
 * @param bits        bits of a code, 1 to 16
 * @param group       columns that share a scale; 0 where there are no groups
 * @param calibration what it wants to know of the layers' inputs
 */
public record External(String name, String version, int bits, int group, CalibrationNeed calibration)
        implements Method {

    @Override
    public boolean needsCalibration() {
        return calibration != CalibrationNeed.NONE;
    }

    @Override
    public boolean sequentialCalibration() {
        return calibration == CalibrationNeed.QUANTIZED_INPUTS;
    }
}
