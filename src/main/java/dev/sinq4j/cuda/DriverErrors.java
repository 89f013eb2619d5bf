package dev.sinq4j.cuda;

import dev.sinq4j.failure.UnavailableFailure;
import java.util.Locale;
import jcuda.CudaException;

/**
 * What the driver refused, as what a user reads.
 *
 * @param device its name
 */
record DriverErrors(String device) {

    /** Behind what has to do with recording. */
    private static final String WITHOUT = "; -D" + RecordedStep.WANTED + "=off does without recording";

    /** @param during what the device was asked for */
    UnavailableFailure refused(String during, CudaException e) {
        return new UnavailableFailure(device + ": the NVIDIA driver answers " + e.getMessage() + " to " + during
                + "; look at nvidia-smi and dmesg, or run with --backend cpu");
    }

    /** @param during what of a recording the device was asked for */
    UnavailableFailure refusedRecording(String during, CudaException e) {
        return refused(during + WITHOUT, e);
    }

    /**
     * @param bytes asked for
     * @param free  bytes of the device
     * @param held  bytes by this program
     */
    UnavailableFailure outOfMemory(long bytes, Purpose purpose, long free, long held) {
        return new UnavailableFailure(device + ": out of memory for "
                + purpose.name().toLowerCase(Locale.ROOT)
                + ": needs " + bytes + " bytes, free " + free + ", held by this program " + held
                + "; take a smaller model or window, fewer bits, or --backend cpu");
    }
}
