package dev.sinq4j.gguf;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sinq4j.failure.UnavailableFailure;

/**
 * Finds the settings of Llama 3's rotary scaling from the factors by which each frequency was divided.
 *
 * <pre>
 *   wavelength = 2 pi theta^(2 i / d)
 *   factor 1 below 8192 / 4, the whole factor above 8192 / 1, in between
 *   1 / ((1 - s) / factor + s)   with s = (8192 / wavelength - 1) / (4 - 1)
 * </pre>
 *
 * Published models use factor 8 (Llama 3.1, 3.3) or 32 (Llama 3.2), each with 1, 4 and 8192.
 */
final class Llama3Scaling {

    private static final int CONTEXT = 8192;
    private static final double LOW = 1;
    private static final double HIGH = 4;
    private static final double TOLERANCE = 1e-3;

    private Llama3Scaling() {}

    static ObjectNode recognise(GgufMetadata metadata, GgufTensor factors) {
        int count = Math.toIntExact(Math.min(factors.elements(), 1 << 16));
        float[] found = new float[count];
        factors.read(0, count, found, 0);
        double theta = metadata.number("rope.freq_base").orElse(10000.0);
        for (int factor : new int[] {8, 32}) if (matches(found, theta, factor)) return settings(factor);
        throw new UnavailableFailure(metadata.name()
                + ": rope_freqs.weight belongs to no known setting of Llama 3's scaling; use the model's safetensors");
    }

    private static boolean matches(float[] found, double theta, int factor) {
        for (int i = 0; i < found.length; i++) {
            double expected = factor(i, found.length, theta, factor);
            if (!(Math.abs(found[i] - expected) <= TOLERANCE * expected)) return false;
        }
        return true;
    }

    private static double factor(int i, int count, double theta, int factor) {
        double wavelength = 2 * Math.PI * Math.pow(theta, (double) i / count);
        if (wavelength < CONTEXT / HIGH) return 1;
        if (wavelength > CONTEXT / LOW) return factor;
        double smooth = (CONTEXT / wavelength - LOW) / (HIGH - LOW);
        return 1 / ((1 - smooth) / factor + smooth);
    }

    private static ObjectNode settings(int factor) {
        ObjectNode scaling = JsonNodeFactory.instance.objectNode();
        scaling.put("rope_type", "llama3");
        scaling.put("factor", (double) factor);
        scaling.put("low_freq_factor", LOW);
        scaling.put("high_freq_factor", HIGH);
        scaling.put("original_max_position_embeddings", CONTEXT);
        return scaling;
    }
}
