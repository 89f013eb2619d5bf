package dev.sinq4j.experiment;

import dev.sinq4j.cuda.CudaBackend;
import dev.sinq4j.cuda.Device;
import dev.sinq4j.cuda.DeviceProbe;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.failure.UnavailableFailure;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses where to compute. */
public final class Backends {

    private static final Logger LOG = LoggerFactory.getLogger(Backends.class);

    private Backends() {}

    /**
     * Opens a backend. A GPU that nobody asked for by name is taken only if a few results of it are those of the CPU.
     *
     * @param threads CPU threads; 0 for as many as there are processors
     * @throws UnavailableFailure if a backend asked for by name is not there
     */
    public static Backend open(dev.sinq4j.config.Backend wanted, int threads) {
        return open(
                wanted,
                threads,
                wanted == dev.sinq4j.config.Backend.AUTO ? CudaBackend::openChecked : CudaBackend::open);
    }

    /** Bytes free on the GPU that a backend would be opened on; empty where it would be the CPU. */
    public static OptionalLong freeDeviceBytes(dev.sinq4j.config.Backend wanted) {
        boolean maybe = wanted != dev.sinq4j.config.Backend.CPU && DeviceProbe.probe() instanceof Device.Present;
        return maybe ? CudaBackend.freeBytes() : OptionalLong.empty();
    }

    /** @param gpu opens the GPU, or throws {@link UnavailableFailure} */
    static Backend open(dev.sinq4j.config.Backend wanted, int threads, Supplier<Backend> gpu) {
        return switch (wanted) {
            case CPU -> CpuBackend.create(threads);
            case CUDA -> named(gpu);
            case AUTO -> gpuOrCpu(threads, gpu);
        };
    }

    private static Backend named(Supplier<Backend> gpu) {
        try {
            return gpu.get();
        } catch (UnavailableFailure e) {
            throw new UnavailableFailure("--backend cuda: " + e.getMessage()
                    + "; run with --backend cpu, or auto, which takes what there is");
        }
    }

    private static Backend gpuOrCpu(int threads, Supplier<Backend> gpu) {
        try {
            return gpu.get();
        } catch (UnavailableFailure e) {
            LOG.info("computing on the CPU: {}", e.getMessage());
            return CpuBackend.create(threads);
        }
    }
}
