package dev.sinq4j.safetensors;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One tensor of a header.
 *
 * @param begin first byte, counted from the start of the data
 * @param end   byte after the last; {@code end - begin} is what shape and dtype take
 */
record Entry(String name, DType dtype, List<Long> shape, long begin, long end) {

    private static final String DTYPES =
            Arrays.stream(DType.values()).map(DType::name).collect(Collectors.joining(", "));

    /**
     * Reads the object that describes a tensor. Fields other than the three are ignored, as the reference does.
     *
     * @param file how messages call the file
     */
    static Entry read(String file, String name, HeaderText text) {
        String tensor = "tensor '" + name + "'";
        @Nullable DType dtype = null;
        @Nullable List<Long> shape = null;
        @Nullable List<Long> offsets = null;
        Set<String> seen = new HashSet<>();
        text.openObject(tensor);
        while (text.hasMore()) {
            String field = text.key();
            if (!seen.add(field)) throw new UnavailableFailure(file + ": " + tensor + " has " + field + " twice");
            switch (field) {
                case "dtype" -> dtype = dtype(file, tensor, text.string(tensor + ": dtype"));
                case "shape" -> shape = sizes(tensor + ": shape", text);
                case "data_offsets" -> offsets = sizes(tensor + ": data_offsets", text);
                default -> text.skip();
            }
        }
        if (dtype == null) throw new UnavailableFailure(file + ": " + tensor + " has no dtype");
        if (shape == null) throw new UnavailableFailure(file + ": " + tensor + " has no shape");
        if (offsets == null) throw new UnavailableFailure(file + ": " + tensor + " has no data_offsets");
        if (offsets.size() != 2)
            throw new UnavailableFailure(
                    file + ": " + tensor + ": data_offsets has " + offsets.size() + " numbers, not 2");
        Entry entry = new Entry(name, dtype, shape, offsets.get(0), offsets.get(1));
        entry.checkLength(file);
        return entry;
    }

    /** Bytes a tensor of this type and shape takes; {@link ArithmeticException} beyond 63 bits. */
    static long bytes(DType dtype, List<Long> shape) {
        long bits = dtype.bits();
        long elements = 1;
        for (long size : shape) elements = Math.multiplyExact(elements, size);
        return Math.multiplyExact(elements, bits) / 8;
    }

    private void checkLength(String file) {
        String tensor = file + ": tensor '" + name + "'";
        if (begin > end)
            throw new UnavailableFailure(tensor + " starts at byte " + begin + ", after its end at byte " + end);
        long needed;
        try {
            needed = bytes(dtype, shape);
        } catch (ArithmeticException e) {
            throw new UnavailableFailure(tensor + ": shape " + shape + " is too large to count its bits", e);
        }
        if (end - begin != needed)
            throw new UnavailableFailure(
                    tensor + ": " + dtype + shape + " takes " + needed + " bytes, data_offsets span " + (end - begin));
    }

    private static DType dtype(String file, String tensor, String name) {
        for (DType dtype : DType.values()) if (dtype.name().equals(name)) return dtype;
        throw new UnavailableFailure(file + ": " + tensor + ": dtype '" + name + "' is none of " + DTYPES);
    }

    private static List<Long> sizes(String what, HeaderText text) {
        List<Long> sizes = new ArrayList<>();
        text.openArray(what);
        while (text.hasMore()) sizes.add(text.size(what + "[" + sizes.size() + "]"));
        return sizes;
    }
}
