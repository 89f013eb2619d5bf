package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.engine.Activations;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.engine.Place;
import dev.sinq4j.engine.RepeatedStep;
import dev.sinq4j.kernel.AttentionShape;
import dev.sinq4j.kernel.Kernels;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Storing a key and attending at many positions by few recordings: the bits of steps that are launched, and the CPU's numbers. */
class RecordedAttentionTest {

    private static final int CAPACITY = 1100;
    private static final int KEY_DIM = 20;
    private static final int VALUE_DIM = 12;
    private static final float NEAR = 1e-5f;

    /** On both sides of where the room for chunks doubles, three times in each room, and back to earlier ones. */
    private static final int[] POSITIONS = {
        0, 1, 2, 126, 127, 128, 129, 250, 255, 256, 257, 300, 511, 512, 513, 700, 1023, 1024, 1025, 1099, 5, 200, 400, 0
    };

    /** A key, a query, and caches that hold numbers everywhere, on one backend. */
    private static final class Setting implements AutoCloseable {
        final Backend backend;
        final AttentionShape shape;
        final Activations q;
        final Activations key;
        final Activations keys;
        final Activations values;
        final Activations out;
        final Place place;
        final RepeatedStep step;

        Setting(Backend backend, AttentionShape shape) {
            this.backend = backend;
            this.shape = shape;
            Random random = new Random(3);
            q = filled(shape.heads() * KEY_DIM, random);
            key = filled(shape.kvHeads() * KEY_DIM, random);
            keys = filled(shape.kvHeads() * CAPACITY * KEY_DIM, random);
            values = filled(shape.kvHeads() * CAPACITY * VALUE_DIM, random);
            out = filled(shape.heads() * VALUE_DIM, random);
            place = backend.place();
            step = backend.repeatedStep();
        }

        private Activations filled(int count, Random random) {
            float[] numbers = new float[count];
            for (int i = 0; i < count; i++) numbers[i] = (float) random.nextGaussian();
            Activations filled = backend.allocate(count);
            backend.write(numbers, count, filled);
            return filled;
        }

        float[] attendedAt(int position) {
            place.moveTo(position);
            Activations result = step.run(place, () -> {
                backend.store(key, 1, shape.kvHeads(), KEY_DIM, keys, CAPACITY, place);
                backend.attention(shape, q, keys, values, place, 1, out);
                return out;
            });
            float[] numbers = new float[out.size()];
            backend.read(result, 0, numbers.length, numbers);
            return numbers;
        }

        @Override
        public void close() {
            step.close();
            place.close();
            for (Activations each : new Activations[] {q, key, keys, values, out}) each.close();
        }
    }

    @ParameterizedTest(name = "{0} heads of {1} key heads, a window of {2}")
    @CsvSource({"4, 2, 2147483647", "9, 1, 2147483647", "2, 2, 1", "2, 1, 5", "4, 2, 128", "2, 1, 129", "3, 1, 300"})
    void aReplayAtAnotherPositionGivesTheBitsOfItsLaunches(int heads, int kvHeads, int window) {
        AttentionShape shape = new AttentionShape(heads, kvHeads, KEY_DIM, VALUE_DIM, CAPACITY, window, 0.3f);
        try (EmulatedGpu device = new EmulatedGpu();
                CudaBackend recording = new CudaBackend(device);
                CudaBackend launching = new CudaBackend(new EmulatedGpu(), false);
                Backend cpu = new CpuBackend(Kernels.create(1, "scalar"));
                Setting recorded = new Setting(recording, shape);
                Setting launched = new Setting(launching, shape);
                Setting exact = new Setting(cpu, shape)) {
            for (int position : POSITIONS) {
                device.poisonWorkspace();
                float[] found = recorded.attendedAt(position);
                assertArrayEquals(launched.attendedAt(position), found, 0f, () -> "at " + position);
                assertArrayEquals(exact.attendedAt(position), found, NEAR, () -> "at " + position);
            }
            // five rooms for chunks (1, 2, 4, 8, and the whole cache), whose first steps are launched
            assertEquals(POSITIONS.length - 5, device.replays());
        }
    }

    @Test
    void aRecordingIsThrownAwayWhenMemoryMoves() {
        AttentionShape shape = new AttentionShape(2, 1, KEY_DIM, VALUE_DIM, CAPACITY, Integer.MAX_VALUE, 0.3f);
        AttentionShape wider = new AttentionShape(8, 1, KEY_DIM, VALUE_DIM, CAPACITY, Integer.MAX_VALUE, 0.3f);
        try (EmulatedGpu device = new EmulatedGpu();
                CudaBackend recording = new CudaBackend(device);
                CudaBackend launching = new CudaBackend(new EmulatedGpu(), false);
                Setting recorded = new Setting(recording, shape);
                Setting launched = new Setting(launching, shape)) {
            for (int position = 0; position < 4; position++) recorded.attendedAt(position);
            assertEquals(3, device.replays());
            try (Setting other = new Setting(recording, wider)) { // whose parts need more memory
                other.attendedAt(0);
            }
            for (int position = 0; position < 4; position++) launched.attendedAt(position);
            for (int position = 4; position < 8; position++)
                assertArrayEquals(launched.attendedAt(position), recorded.attendedAt(position), 0f);
            assertEquals(3 + 3, device.replays());
        }
    }
}
