package dev.sinq4j.cuda;

import dev.sinq4j.cuda.Device.Absent;
import dev.sinq4j.cuda.Device.Present;
import java.nio.charset.StandardCharsets;
import jcuda.CudaException;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.JCudaDriver;

/**
 * Looks for a GPU, once a process: after a first failure JCuda only says that its class cannot be initialized, so that the
 * first reason is kept.
 */
public final class DeviceProbe {

    /** The kernels are compiled by CUDA 13, whose code older drivers do not load. */
    static final int NEEDED_DRIVER = 13_000;

    /** The oldest architecture that the kernels are compiled for: Ampere. */
    static final int NEEDED_MAJOR = 8;

    /** System property: which of the devices that the driver shows; the first by default. */
    private static final String WHICH = "sinq4j.cuda.device";

    private static final String INSTALL =
            "install the NVIDIA driver, 580 or newer; without it --backend cpu does the work";
    private static final int NAME_BYTES = 256;

    private DeviceProbe() {}

    /** The device to compute on, the first one by default, or why there is none. */
    public static Device probe() {
        return Once.DEVICE;
    }

    /** Which of the driver's devices that is. */
    static int number() {
        return Integer.getInteger(WHICH, 0);
    }

    /** Probes when it is first asked. */
    private static final class Once {
        static final Device DEVICE = firstDevice();
    }

    private static Device firstDevice() {
        try {
            JCudaNatives.load();
            return query();
        } catch (LinkageError e) {
            return absent(e);
        } catch (CudaException e) {
            return new Absent("the NVIDIA driver answers " + e.getMessage(), "look at nvidia-smi; " + INSTALL);
        }
    }

    private static Device query() {
        JCudaDriver.setExceptionsEnabled(true);
        JCudaDriver.cuInit(0);
        int[] answer = new int[1];
        JCudaDriver.cuDriverGetVersion(answer);
        int driver = answer[0];
        JCudaDriver.cuDeviceGetCount(answer);
        if (answer[0] == 0)
            return new Absent("the NVIDIA driver shows no device", "look at nvidia-smi and at CUDA_VISIBLE_DEVICES");
        int which = number();
        if (which < 0 || which >= answer[0])
            return new Absent(
                    "the NVIDIA driver shows " + answer[0] + " devices and none with the number " + which,
                    "set -D" + WHICH + " to a number from 0 to " + (answer[0] - 1) + ", or leave it out");
        CUdevice device = new CUdevice();
        JCudaDriver.cuDeviceGet(device, which);
        byte[] name = new byte[NAME_BYTES];
        JCudaDriver.cuDeviceGetName(name, name.length, device);
        long[] bytes = new long[1];
        JCudaDriver.cuDeviceTotalMem(bytes, device);
        return judge(new Found(
                text(name),
                bytes[0],
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(device, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                driver));
    }

    /** What the driver says of a device; {@code driver} is 1000 times its CUDA version plus 10 times the minor one. */
    record Found(String name, long memoryBytes, int major, int minor, int driver) {}

    /** Whether the kernels run there. */
    static Device judge(Found found) {
        String driver = found.driver / 1000 + "." + found.driver % 1000 / 10;
        if (found.driver < NEEDED_DRIVER)
            return new Absent(
                    found.name + ": the driver knows CUDA " + driver + ", too old for these kernels",
                    "update the NVIDIA driver to 580 or newer");
        if (found.major < NEEDED_MAJOR)
            return new Absent(
                    found.name + ": compute capability " + found.major + "." + found.minor
                            + " is too old for these kernels",
                    "use a GPU of compute capability 8.0 (Ampere) or newer, or --backend cpu");
        return new Present(found.name, found.memoryBytes, found.major, found.minor, driver);
    }

    /** Why JCuda's library could not be loaded. */
    static Absent absent(LinkageError e) {
        String message = String.valueOf(e.getMessage());
        if (message.contains("libcuda.so") || message.contains("nvcuda"))
            return new Absent("no NVIDIA driver (libcuda.so.1 is not there)", INSTALL);
        String first = message.lines().findFirst().orElse("");
        return new Absent(
                "JCuda has no library for " + System.getProperty("os.name") + " " + System.getProperty("os.arch") + " ("
                        + first + ")",
                "use Linux on x86-64, or --backend cpu");
    }

    private static int attribute(CUdevice device, int attribute) {
        int[] answer = new int[1];
        JCudaDriver.cuDeviceGetAttribute(answer, attribute, device);
        return answer[0];
    }

    private static String text(byte[] zeroTerminated) {
        String text = new String(zeroTerminated, StandardCharsets.UTF_8);
        int end = text.indexOf('\0');
        return end < 0 ? text : text.substring(0, end);
    }
}
