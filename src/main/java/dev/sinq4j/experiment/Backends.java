package dev.sinq4j.experiment;

import dev.sinq4j.cuda.Device;
import dev.sinq4j.cuda.DeviceProbe;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.failure.UnavailableFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses where to compute. */
public final class Backends {

    private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

    private Backends() {}

    /**
     * Opens a backend.
     *
     * @param threads CPU threads; 0 for as many as there are processors
     * @throws UnavailableFailure if a backend asked for by name is not there
     */
    public static Backend open(dev.sinq4j.config.Backend wanted, int threads) {
        return switch (wanted) {
            case CPU -> CpuBackend.create(threads);
            case CUDA ->
                throw new UnavailableFailure(
                        "--backend cuda: " + noCuda() + "; run with --backend cpu, or auto, which takes what there is");
            case AUTO -> {
                LOG.info("computing on the CPU: {}", noCuda());
                yield CpuBackend.create(threads);
            }
        };
    }

    private static String noCuda() {
        return switch (DeviceProbe.probe()) {
            case Device.Absent absent -> absent.reason();
            case Device.Present present ->
                "this version has no GPU kernels yet, so " + present.name() + " cannot be used";
        };
    }
}
