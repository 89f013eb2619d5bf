package dev.sinq4j.experiment;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.experiment.Plan.PlannedCell;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.method.Method;
import dev.sinq4j.metric.HostMemory;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.model.architecture.Architecture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Refuses what cannot fit in memory before anything is loaded. */
public final class MemoryCheck {

    private static final String WHAT_TO_DO =
            "; take shorter windows (metrics.perplexity.window), leave them out (--only), use a machine with more"
                    + " memory, or say how much may be used with SINQ4J_MEMORY=16g";

    private static final String FIT_THE_DEVICE =
            "; take fewer bits, shorter windows, a model that fits, or --backend cpu";

    private MemoryCheck() {}

    /** The cells of a plan that cannot fit, in its order. */
    public static List<Cell> tooLarge(Plan plan, List<Cell> cells) {
        List<Cell> tooLarge = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) if (isTooLarge(plan.cells().get(i), plan)) tooLarge.add(cells.get(i));
        return tooLarge;
    }

    /**
     * Holds a plan against the memory there is.
     *
     * @param cells    of the plan, in its order
     * @param finished cells that are not computed again
     * @throws UnavailableFailure naming every other cell that does not fit, what it needs and what there is
     */
    public static void require(Plan plan, List<Cell> cells, Set<Cell> finished) {
        requireOnDevice(plan, cells, finished);
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            PlannedCell planned = plan.cells().get(i);
            if (isTooLarge(planned, plan.usableBytes()) && !finished.contains(cells.get(i)))
                refused.add(cells.get(i).label() + " needs " + gigabytes(planned.hostBytes()));
        }
        if (refused.isEmpty()) return;
        throw new UnavailableFailure("memory: " + gigabytes(plan.usableBytes()) + " may be used, but "
                + String.join(", ", refused) + WHAT_TO_DO);
    }

    private static void requireOnDevice(Plan plan, List<Cell> cells, Set<Cell> finished) {
        List<String> refused = new ArrayList<>();
        for (int i = 0; i < cells.size(); i++) {
            PlannedCell planned = plan.cells().get(i);
            if (isTooLargeForDevice(planned, plan.usableDeviceBytes()) && !finished.contains(cells.get(i)))
                refused.add(cells.get(i).label() + " needs " + gigabytes(planned.deviceBytes()));
        }
        if (!refused.isEmpty())
            throw outOfDeviceMemory(
                    String.join(", ", refused), Objects.requireNonNull(plan.usableDeviceBytes()), FIT_THE_DEVICE);
    }

    private static UnavailableFailure outOfDeviceMemory(String needs, long free, String whatToDo) {
        return new UnavailableFailure("cuda: out of memory: " + needs + ", free " + gigabytes(free) + whatToDo);
    }

    /**
     * Holds what quantizing a model takes of a device against its memory.
     *
     * @param what        needs it, such as "quantizing" and the model's name
     * @param calibration of the text that the method looks at
     * @param free        asked only if the device would have something to do: its bytes; empty where the CPU does it
     * @throws UnavailableFailure if it does not fit
     */
    public static void requireToQuantize(
            String what,
            Architecture architecture,
            Method method,
            CalibrationNeeds calibration,
            Supplier<OptionalLong> free) {
        if (!new DeviceQuantizing(method, calibration).isNeeded()) return;
        OptionalLong bytes = free.get();
        if (bytes.isEmpty()) return;
        DeviceNeeds needs = DevicePlan.toQuantize(architecture, method, calibration);
        if (needs.bytes() > bytes.getAsLong())
            throw outOfDeviceMemory(
                    what + " needs " + gigabytes(needs.bytes()),
                    bytes.getAsLong(),
                    "; free memory of the GPU, or quantize with --backend cpu");
    }

    /**
     * Holds a command's needs against the memory of the device its backend computes on, or of the host.
     *
     * @param what that needs it, such as the model's name
     * @throws UnavailableFailure if it does not fit
     */
    public static void require(String what, CellNeeds needs, Backend backend) {
        DeviceNeeds device = needs.device();
        if (device == null) require(what, needs.host());
        else requireOnDevice(what, device, backend.freeDeviceBytes().orElseThrow());
    }

    /**
     * Whether a model fits as it is stored in the memory of the device its backend computes on, or of the host.
     *
     * @param usableBytes of the host
     */
    public static boolean fits(HostPlan plan, ModelSource source, Backend backend, long usableBytes) {
        OptionalLong free = backend.freeDeviceBytes();
        return free.isEmpty()
                ? plan.stored(source).bytes() <= usableBytes
                : new DevicePlan(plan).stored(source).bytes() <= free.getAsLong();
    }

    /**
     * Holds what a model needs that is read layer by layer against the memory there is.
     *
     * @throws UnavailableFailure if it does not fit
     */
    public static void requireLayerByLayer(
            String model, HostPlan plan, Architecture architecture, Backend backend, long usableBytes) {
        String what = model + ", even layer by layer,";
        OptionalLong free = backend.freeDeviceBytes();
        if (free.isPresent()) requireOnDevice(what, new DevicePlan(plan).layerByLayer(architecture), free.getAsLong());
        else require(what, plan.layerByLayer(architecture, 1), usableBytes);
    }

    /**
     * Holds needs against a device's memory.
     *
     * @param what that needs it, such as the model's name
     * @throws UnavailableFailure if it does not fit
     */
    static void requireOnDevice(String what, DeviceNeeds needs, long free) {
        if (needs.bytes() > free)
            throw outOfDeviceMemory(what + " needs " + gigabytes(needs.bytes()), free, FIT_THE_DEVICE);
    }

    /**
     * Holds a command's needs against the memory there is now.
     *
     * @param what that needs it, such as the model's name
     * @throws UnavailableFailure if it does not fit
     */
    public static void require(String what, HostNeeds needs) {
        require(what, needs, HostMemory.usableBytes().orElse(Long.MAX_VALUE));
    }

    /**
     * Holds a command's needs against the memory there is.
     *
     * @param what that needs it, such as the model's name
     * @throws UnavailableFailure if it does not fit
     */
    public static void require(String what, HostNeeds needs, long usableBytes) {
        if (needs.bytes() > usableBytes)
            throw new UnavailableFailure("memory: " + gigabytes(usableBytes) + " may be used, but " + what + " needs "
                    + gigabytes(needs.bytes())
                    + "; take fewer tokens, a model of fewer bits or a machine with more memory, or say how much may be"
                    + " used with SINQ4J_MEMORY=16g");
    }

    /** Whether a cell fits neither the host nor, where it is computed there, the device. */
    private static boolean isTooLarge(PlannedCell planned, Plan plan) {
        return isTooLarge(planned, plan.usableBytes()) || isTooLargeForDevice(planned, plan.usableDeviceBytes());
    }

    /**
     * Whether a cell cannot fit on a device.
     *
     * @param free bytes; null where there is no device
     */
    public static boolean isTooLargeForDevice(PlannedCell planned, @Nullable Long free) {
        return free != null && planned.deviceBytes() != null && planned.deviceBytes() > free;
    }

    /** Whether a cell cannot fit. */
    public static boolean isTooLarge(PlannedCell planned, long usableBytes) {
        return planned.hostBytes() != null && planned.hostBytes() > usableBytes;
    }

    private static String gigabytes(@Nullable Long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", Objects.requireNonNullElse(bytes, 0L) / 1e9);
    }
}
