package dev.sinq4j.experiment;

import dev.sinq4j.engine.Backend;
import dev.sinq4j.method.Dense;
import dev.sinq4j.method.Method;
import dev.sinq4j.model.ModelSource;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a cell takes where it is computed.
 *
 * @param host   of the host's memory
 * @param device of a GPU's; null on the CPU
 */
public record CellNeeds(HostNeeds host, @Nullable DeviceNeeds device) {

    /**
     * Of a model that is open, in the memory that is free now.
     *
     * @param usable bytes of the host; {@link Long#MAX_VALUE} if unknown
     */
    static CellNeeds of(
            HostPlan plan,
            ModelSource source,
            Method method,
            CalibrationNeeds calibration,
            Backend backend,
            long usable) {
        OptionalLong free = backend.freeDeviceBytes();
        if (free.isEmpty()) return new CellNeeds(plan.chosen(source, method, calibration, usable), null);
        DeviceNeeds device = new DevicePlan(plan).chosen(source, method, calibration, free.getAsLong());
        return new CellNeeds(
                plan.besideDevice(source.architecture(), method, calibration, device.layerByLayer()), device);
    }

    /** Of a model that is used as it is stored, all of it at once. */
    public static CellNeeds stored(HostPlan plan, ModelSource source, Backend backend) {
        if (backend.freeDeviceBytes().isEmpty()) return new CellNeeds(plan.stored(source), null);
        return new CellNeeds(
                plan.besideDevice(source.architecture(), new Dense(), CalibrationNeeds.NONE, false),
                new DevicePlan(plan).stored(source));
    }

    /** Whether it does not fit, and is read layer by layer. */
    boolean layerByLayer() {
        return host.layerByLayer();
    }

    /** The same with what it takes of the host if that is more. */
    CellNeeds atLeast(HostNeeds other) {
        return other.bytes() > host.bytes() ? new CellNeeds(other, device) : this;
    }

    /** Bytes of a GPU's memory; null on the CPU. */
    public @Nullable Long deviceBytes() {
        return device == null ? null : device.bytes();
    }
}
