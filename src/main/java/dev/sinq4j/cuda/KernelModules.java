package dev.sinq4j.cuda;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import jcuda.CudaException;
import jcuda.driver.CUfunction;
import jcuda.driver.CUfunction_attribute;
import jcuda.driver.CUmodule;
import jcuda.driver.JCudaDriver;

/** The fat binaries among the resources, loaded into the current context when first needed, and their functions. */
final class KernelModules implements AutoCloseable {

    /** Dynamic shared memory that a block gets without asking. */
    private static final int FREE_SHARED_BYTES = 48 << 10;

    /** A function, and the most dynamic shared memory that was asked for. */
    private static final class Loaded {
        final CUfunction function = new CUfunction();
        int sharedBytes = FREE_SHARED_BYTES;
    }

    private final String device;
    private final Map<String, CUmodule> modules = new HashMap<>();
    private final Map<Kernel, Loaded> functions = new HashMap<>();

    /** @param device its name, for errors */
    KernelModules(String device) {
        this.device = device;
    }

    CUfunction function(Kernel kernel) {
        return function(kernel, 0);
    }

    /**
     * @param sharedBytes dynamic shared memory that a block will have
     * @throws UnavailableFailure if there is no binary, or none for this device
     */
    CUfunction function(Kernel kernel, int sharedBytes) {
        Loaded loaded = functions.get(kernel);
        if (loaded == null) {
            loaded = load(kernel);
            functions.put(kernel, loaded);
        }
        if (sharedBytes > loaded.sharedBytes) {
            JCudaDriver.cuFuncSetAttribute(
                    loaded.function, CUfunction_attribute.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, sharedBytes);
            loaded.sharedBytes = sharedBytes;
        }
        return loaded.function;
    }

    private Loaded load(Kernel kernel) {
        Loaded loaded = new Loaded();
        JCudaDriver.cuModuleGetFunction(
                loaded.function, modules.computeIfAbsent(kernel.file(), this::module), kernel.name());
        return loaded;
    }

    private CUmodule module(String file) {
        CUmodule module = new CUmodule();
        try {
            JCudaDriver.cuModuleLoadData(module, binary(file));
            return module;
        } catch (CudaException e) {
            throw new UnavailableFailure(device + ": the driver does not load the kernels of " + file + ".cu: "
                    + e.getMessage() + "; update the NVIDIA driver, or run with --backend cpu");
        }
    }

    private static byte[] binary(String file) {
        String name = file + ".fatbin";
        try (InputStream stream = KernelModules.class.getResourceAsStream(name)) {
            if (stream == null)
                throw new UnavailableFailure("this build has no GPU kernels (" + name
                        + " is missing): build it with mvn -Pcuda generate-resources, or run with --backend cpu");
            return stream.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        modules.values().forEach(JCudaDriver::cuModuleUnload);
        modules.clear();
        functions.clear();
    }
}
