package dev.sinq4j.cli.inspect;

import dev.sinq4j.cli.inspect.Inspection.StoredTensor;
import java.util.Locale;
import java.util.stream.Collectors;

/** An inspection for people. */
public final class InspectionText {

    private static final int LONGEST_VALUE = 160;

    private InspectionText() {}

    /** Totals, quantization, files, then a line a tensor. */
    public static String of(Inspection inspection) {
        StringBuilder text = new StringBuilder();
        String architecture = inspection.architecture() == null ? "" : ", " + inspection.architecture();
        text.append(String.format(Locale.ROOT, "%s: %s%s", inspection.path(), inspection.format(), architecture))
                .append('\n');
        text.append(String.format(
                        Locale.ROOT,
                        "%,d tensors, %,d elements, %,d bytes, %.3f bits per element",
                        inspection.tensors().size(),
                        inspection.elements(),
                        inspection.bytes(),
                        inspection.bitsPerElement()))
                .append('\n');
        if (inspection.metadata() != null)
            inspection
                    .metadata()
                    .forEach((key, value) ->
                            text.append(key).append(" = ").append(value(value)).append('\n'));
        for (Inspection.Setting setting : inspection.quantization())
            text.append(String.format(
                            Locale.ROOT,
                            "quantized: %,d layers by %s, %d bits, group %d, packed as %s, for %s",
                            setting.layers(),
                            setting.method(),
                            setting.bits(),
                            setting.group(),
                            setting.packing(),
                            setting.computeDtype()))
                    .append('\n');
        for (Inspection.StoredFile file : inspection.files())
            text.append(String.format(
                            Locale.ROOT,
                            "%s  %s  %,d bytes",
                            file.sha256() == null ? "(not hashed)" : file.sha256(),
                            file.file(),
                            file.bytes()))
                    .append('\n');
        int width = inspection.tensors().stream()
                .mapToInt(tensor -> tensor.name().length())
                .max()
                .orElse(1);
        text.append('\n');
        for (StoredTensor tensor : inspection.tensors())
            text.append(String.format(
                            Locale.ROOT,
                            "%-" + width + "s  %-8s %-20s %,14d bytes",
                            tensor.name(),
                            tensor.dtype(),
                            shape(tensor),
                            tensor.bytes()))
                    .append('\n');
        return text.toString();
    }

    /** On one line, and not longer than one. */
    private static String value(Object value) {
        String text = value.toString().replace("\n", "\\n");
        return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
    }

    private static String shape(StoredTensor tensor) {
        if (tensor.shape().isEmpty()) return "scalar";
        return tensor.shape().stream().map(String::valueOf).collect(Collectors.joining(" x "));
    }
}
