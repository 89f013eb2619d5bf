package dev.sinq4j.cuda;

import dev.sinq4j.engine.Activations;
import dev.sinq4j.engine.Place;
import dev.sinq4j.engine.RepeatedStep;
import dev.sinq4j.kernel.AttentionShape;
import java.util.Random;

/**
 * A key stored and attention over it, at one position after another: launched kernel by kernel, and recorded and replayed. Both are the
 * same kernels with the same order of sums, so that their numbers are the same; whether they are right others look.
 */
final class RecordedCheck {

    private static final int HEADS = 6;
    private static final int KV_HEADS = 2;
    private static final int DIM = 64;
    private static final int FIRST = 124; // its room for chunks doubles four positions later
    private static final int POSITIONS = 9;
    private static final int CAPACITY = FIRST + POSITIONS;
    private static final AttentionShape SHAPE =
            new AttentionShape(HEADS, KV_HEADS, DIM, DIM, CAPACITY, Integer.MAX_VALUE, 0.125f);

    private final CudaBackend gpu;
    private final Random random;

    private RecordedCheck(CudaBackend gpu, Random random) {
        this.gpu = gpu;
        this.random = random;
    }

    /** Not timed: {@code doctor} times a decoder both ways. */
    static SelfTest.Result result(CudaBackend gpu, Random random) {
        float[][] launched = new float[POSITIONS][];
        float[][] recorded = new float[POSITIONS][];
        new RecordedCheck(gpu, random).run(launched, recorded);
        double share = SelfTest.share(launched, recorded);
        return SelfTest.Result.of("attention, recorded", "attention", share, 0, 0, 0, 0, null);
    }

    private void run(float[][] launched, float[][] recorded) {
        try (Activations q = gpu.allocate(HEADS * DIM);
                Activations key = gpu.allocate(KV_HEADS * DIM);
                Activations keys = gpu.allocate(KV_HEADS * CAPACITY * DIM);
                Activations values = gpu.allocate(KV_HEADS * CAPACITY * DIM);
                Activations out = gpu.allocate(HEADS * DIM);
                Place place = gpu.place();
                RepeatedStep step = gpu.repeatedStep()) {
            fill(keys);
            fill(values);
            for (int i = 0; i < POSITIONS; i++) {
                fill(q);
                fill(key);
                place.moveTo(FIRST + i);
                launched[i] = numbers(attended(q, key, keys, values, place, out));
                gpu.clear(out, out.size());
                recorded[i] = numbers(step.run(place, () -> attended(q, key, keys, values, place, out)));
            }
        }
    }

    private Activations attended(
            Activations q, Activations key, Activations keys, Activations values, Place place, Activations out) {
        gpu.store(key, 1, KV_HEADS, DIM, keys, CAPACITY, place);
        gpu.attention(SHAPE, q, keys, values, place, 1, out);
        return out;
    }

    private void fill(Activations with) {
        float[] numbers = new float[with.size()];
        for (int i = 0; i < numbers.length; i++) numbers[i] = (float) random.nextGaussian();
        gpu.write(numbers, numbers.length, with);
    }

    private float[] numbers(Activations of) {
        float[] numbers = new float[of.size()];
        gpu.read(of, 0, numbers.length, numbers);
        return numbers;
    }
}
