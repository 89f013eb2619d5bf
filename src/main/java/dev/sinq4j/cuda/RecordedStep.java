package dev.sinq4j.cuda;

import dev.sinq4j.engine.Activations;
import dev.sinq4j.engine.Place;
import dev.sinq4j.engine.RepeatedStep;
import dev.sinq4j.failure.UsageFailure;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The decoding steps of one session. Positions decide nothing of what is launched but how many chunks attention has room for
 * ({@link CudaAttention#room}). For each such number the first step is launched kernel by kernel, so that memory grows and kernels are
 * loaded; the second is recorded; from the third on the recording is replayed. It is thrown away when memory was freed that it refers
 * to, and the next step counts as the first.
 */
final class RecordedStep implements RepeatedStep {

    /** System property: {@code off} where a driver records wrongly. */
    static final String WANTED = "sinq4j.cuda.graphs";

    /** What is known of the steps with the same launches. */
    private sealed interface Known {

        /** Kernels are loaded and memory has grown. */
        record Launched() implements Known {}

        /** @param result what the step returned */
        record Recorded(Recording recording, Activations result) implements Known {}
    }

    private final Gpu gpu;
    private final Map<Integer, Known> steps = new HashMap<>(); // by the room of attention

    RecordedStep(Gpu gpu) {
        this.gpu = gpu;
    }

    /** Whether {@link #WANTED} says so; on by default. */
    static boolean isWanted() {
        String wanted = System.getProperty(WANTED, "on");
        return switch (wanted) {
            case "on" -> true;
            case "off" -> false;
            default -> throw new UsageFailure(WANTED + ": expected on or off, found '" + wanted + "'");
        };
    }

    @Override
    public Activations run(Place start, Supplier<Activations> step) {
        int room = CudaAttention.room(start.position() + 1);
        return switch (usable(room)) {
            case null -> launched(room, step);
            case Known.Launched launched -> replayed(recorded(room, step));
            case Known.Recorded recorded -> replayed(recorded);
        };
    }

    /** Null if nothing is known, or no more. */
    private @Nullable Known usable(int room) {
        @Nullable Known known = steps.get(room);
        if (!(known instanceof Known.Recorded recorded) || recorded.recording().isUsable()) return known;
        steps.remove(room);
        recorded.recording().close();
        return null;
    }

    private Activations launched(int room, Supplier<Activations> step) {
        Activations result = step.get();
        steps.put(room, new Known.Launched());
        return result;
    }

    private Known.Recorded recorded(int room, Supplier<Activations> step) {
        Activations[] result = new Activations[1];
        Recording recording = gpu.record(() -> result[0] = step.get());
        Known.Recorded recorded = new Known.Recorded(recording, result[0]);
        steps.put(room, recorded);
        return recorded;
    }

    private static Activations replayed(Known.Recorded recorded) {
        recorded.recording().replay();
        return recorded.result();
    }

    @Override
    public void close() {
        for (Known known : steps.values())
            if (known instanceof Known.Recorded recorded) recorded.recording().close();
        steps.clear();
    }
}
