package dev.sinq4j.quant;

import dev.sinq4j.failure.UsageFailure;
import dev.sinq4j.kernel.TileKernels;
import dev.sinq4j.method.Awq;
import dev.sinq4j.method.BitsAndBytes;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Extensions;
import dev.sinq4j.method.External;
import dev.sinq4j.method.Gptq;
import dev.sinq4j.method.Hqq;
import dev.sinq4j.method.LaterSinq;
import dev.sinq4j.method.LlamaCpp;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodExtension;
import dev.sinq4j.method.Rotated;
import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.weight.DenseWeight;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Turns a method's description into the quantizer that does it. */
public final class Quantizers {

    private Quantizers() {}

    /** The quantizer of a method, on the fastest arithmetic this machine has. */
    public static Quantizer of(Method method) {
        return of(method, TileKernels.fastest());
    }

    /** The quantizer of a method, with a device that takes over the tiles that it knows. */
    public static Quantizer of(Method method, TileDevice device) {
        return of(method, TileKernels.fastest(), device);
    }

    /** The quantizer of a method on a given arithmetic, for tests that hold two of them together. */
    static Quantizer of(Method method, TileKernels kernels) {
        return of(method, kernels, null);
    }

    private static Quantizer of(Method method, TileKernels kernels, @Nullable TileDevice device) {
        return switch (method) {
            case Dense dense -> (weight, inputs) -> new Quantized(new DenseWeight(weight), List.of(), Map.of());
            case SinqFamily family -> new SinqQuantizer(family, kernels, device);
            case LaterSinq later -> new LaterSinqQuantizer(later, kernels, device);
            case Hqq hqq -> new HqqQuantizer(hqq, kernels);
            case Gptq gptq -> new GptqQuantizer(gptq);
            case Awq awq -> new AwqQuantizer(awq, kernels);
            case BitsAndBytes bitsAndBytes -> new BitsAndBytesQuantizer(bitsAndBytes);
            case LlamaCpp llamaCpp -> new LlamaCppQuantizer(llamaCpp);
            case Rotated rotated -> new RotatedQuantizer(rotated, of(rotated.rounding(), kernels, device));
            case External external -> extension(external).quantizer(external);
        };
    }

    private static QuantizerExtension extension(External external) {
        MethodExtension extension = Extensions.of(external);
        if (extension instanceof QuantizerExtension quantizing) return quantizing;
        throw new UsageFailure("extension " + extension.getClass().getName() + ": describes the method '"
                + external.name() + "' but cannot quantize; implement " + QuantizerExtension.class.getName());
    }
}
