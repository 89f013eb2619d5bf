package dev.sinq4j.checkpoint;

import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;

/**
 * What {@code quantize --json} prints.
 *
 * @param seconds       wall time of quantizing and writing
 * @param parameters    numbers the model consists of, tied ones counted once
 * @param weightBytes   of all tensors as the method stores them, whatever the format written
 * @param bitsPerWeight stored bits of a number in the layers that methods may quantize, scales and zeros included
 * @param out           the folder
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record ExportResult(double seconds, long parameters, long weightBytes, double bitsPerWeight, String out) {}
