package dev.sinq4j.cuda;

/**
 * A function that runs on the device.
 *
 * @param file name of the source in {@code src/main/cuda}, without {@code .cu}; a module is made of each
 * @param name of the function
 */
public record Kernel(String file, String name) {

    @Override
    public String toString() {
        return file + "." + name;
    }
}
