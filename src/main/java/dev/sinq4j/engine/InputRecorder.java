package dev.sinq4j.engine;

import dev.sinq4j.model.architecture.Linear;
import dev.sinq4j.model.architecture.LinearId;
import dev.sinq4j.quant.Inputs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Keeps what goes into the linear layers of one decoder layer, in order; matrices that read the same input share it. */
final class InputRecorder implements InputObserver {

    private final Backend backend;
    private final Map<LinearId, Recording> recordings = new HashMap<>();

    InputRecorder(Backend backend) {
        this.backend = backend;
    }

    @Override
    public void input(List<Linear> linears, Activations input, int tokens) {
        int columns = linears.getFirst().columns();
        Recording recording = recordings.computeIfAbsent(linears.getFirst().id(), id -> new Recording(columns));
        for (Linear linear : linears) recordings.put(linear.id(), recording);
        float[] values = new float[Math.multiplyExact(tokens, columns)];
        backend.read(input, 0, values.length, values);
        recording.pieces.add(values);
    }

    /** What a matrix was given; empty if nothing. */
    Optional<Inputs> inputs(Linear linear) {
        @Nullable Recording recording = recordings.get(linear.id());
        return recording == null ? Optional.empty() : Optional.of(recording.inputs());
    }

    /** Pieces of one input, until it is asked for as a whole. */
    private static final class Recording {

        private final int columns;
        private final List<float[]> pieces = new ArrayList<>();

        Recording(int columns) {
            this.columns = columns;
        }

        Inputs inputs() {
            if (pieces.size() > 1) join();
            float[] values = pieces.getFirst();
            return new Inputs(values, values.length / columns, columns);
        }

        private void join() {
            int numbers = pieces.stream().mapToInt(piece -> piece.length).reduce(0, Math::addExact);
            float[] whole = new float[numbers];
            int at = 0;
            for (float[] piece : pieces) {
                System.arraycopy(piece, 0, whole, at, piece.length);
                at += piece.length;
            }
            pieces.clear();
            pieces.add(whole);
        }
    }
}
