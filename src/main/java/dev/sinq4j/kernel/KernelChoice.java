package dev.sinq4j.kernel;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.failure.UsageFailure;
import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which {@link Kernels} to use. */
final class KernelChoice {

    private static final Logger LOG = LoggerFactory.getLogger(KernelChoice.class);
    private static final AtomicBoolean SAID = new AtomicBoolean();
    private static final Map<String, ClassLoader> LOADERS = new ConcurrentHashMap<>();
    private static final String MODULE = "jdk.incubator.vector";
    private static final String VECTOR = "dev.sinq4j.kernel.vector.VectorKernels";
    private static final String VECTOR_PROBE = "dev.sinq4j.kernel.vector.VectorProbe";

    private KernelChoice() {}

    /**
     * @param name see {@link Kernels#create(int)}; blank for the fastest
     */
    static Kernels create(String name, int threads) {
        return switch (name) {
            case "" -> vectorApiIsThere() ? vector(KernelChoice.class.getClassLoader(), threads) : fallback(threads);
            case "scalar" -> new ScalarKernels(threads);
            case "vector" -> vector(KernelChoice.class.getClassLoader(), threads);
            case "vector-128" -> vector(loader(name, 128, false), threads);
            case "vector-256" -> vector(loader(name, 256, false), threads);
            case "vector-512" -> vector(loader(name, 512, false), threads);
            case "vector-256-converting" -> vector(loader(name, 256, true), threads);
            case "vector-512-converting" -> vector(loader(name, 512, true), threads);
            default ->
                throw new UsageFailure("sinq4j.kernels: expected scalar, vector, vector-128, vector-256, vector-512,"
                        + " vector-256-converting or vector-512-converting, found '" + name + "'");
        };
    }

    private static Kernels fallback(int threads) {
        if (SAID.compareAndSet(false, true))
            LOG.warn(
                    "this JVM was started without --add-modules {}: using scalar kernels, many times slower; start"
                            + " sinq4j with ./sinq4j or mvn exec:java, which add it",
                    MODULE);
        return new ScalarKernels(threads);
    }

    /** One a name, so that what was compiled for it is used again. */
    private static ClassLoader loader(String name, int bits, boolean converting) {
        return LOADERS.computeIfAbsent(name, any -> new SpeciesLoader(bits, converting));
    }

    private static boolean vectorApiIsThere() {
        return ModuleLayer.boot().findModule(MODULE).isPresent();
    }

    /** The fastest loops this JVM can run. */
    static MachineProbe.Loops probeLoops() {
        if (!vectorApiIsThere()) return new ScalarProbe();
        try {
            return Class.forName(VECTOR_PROBE)
                    .asSubclass(MachineProbe.Loops.class)
                    .getConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** By reflection, because these classes must load where the module is missing, and may be loaded once a width. */
    private static Kernels vector(ClassLoader loader, int threads) {
        if (!vectorApiIsThere())
            throw new UnavailableFailure("the vector kernels need a JVM started with --add-modules " + MODULE);
        try {
            return Class.forName(VECTOR, true, loader)
                    .asSubclass(Kernels.class)
                    .getConstructor(int.class)
                    .newInstance(threads);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
