package dev.sinq4j.cuda;

/** Whether there is a GPU this program can use. */
public sealed interface Device {

    /**
     * There is.
     *
     * @param name        as the driver names it
     * @param memoryBytes of the device
     * @param major       compute capability
     * @param minor       compute capability
     * @param driver      newest CUDA version that the driver understands, such as {@code 13.0}
     */
    record Present(String name, long memoryBytes, int major, int minor, String driver) implements Device {}

    /**
     * There is not.
     *
     * @param reason such as {@code no NVIDIA driver}
     * @param remedy what to do about it
     */
    record Absent(String reason, String remedy) implements Device {}
}
