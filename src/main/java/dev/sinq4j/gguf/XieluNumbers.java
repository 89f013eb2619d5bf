package dev.sinq4j.gguf;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.tensor.DType;
import dev.sinq4j.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Apertus' activation numbers, which a file keeps in its metadata, one a layer: {@code xielu.alpha_p} and so on; fp32. */
final class XieluNumbers {

    private static final Pattern NAME =
            Pattern.compile("model\\.layers\\.(\\d{1,6})\\.mlp\\.act_fn\\.(alpha_p|alpha_n|beta|eps)");
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GgufMetadata metadata;

    XieluNumbers(GgufMetadata metadata) {
        this.metadata = metadata;
    }

    /** The number as the tensor of the Hugging Face layout; empty if the name is of something else. */
    Optional<Tensor> tensor(String name, Arena arena) {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) return Optional.empty();
        String key = "xielu." + parts.group(2);
        List<Double> values = metadata.numbers(key);
        int layer = Integer.parseInt(parts.group(1));
        if (layer >= values.size())
            throw new UnavailableFailure(
                    metadata.name() + ": " + key + " has " + values.size() + " numbers, none for layer " + layer);
        var data = arena.allocate(Float.BYTES, Float.BYTES);
        data.set(FLOAT, 0, values.get(layer).floatValue());
        boolean vector = parts.group(2).startsWith("alpha");
        return Optional.of(new Tensor(name, DType.F32, vector ? List.of(1L) : List.of(), data));
    }
}
