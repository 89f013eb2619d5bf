package dev.sinq4j.kernel;

/** Reads the sizes of a benchmark's parameter, for example {@code 8192x2048}. */
final class Shapes {

    private Shapes() {}

    static int[] parse(String shape) {
        String[] parts = shape.split("x");
        int[] sizes = new int[parts.length];
        for (int i = 0; i < parts.length; i++) sizes[i] = Integer.parseInt(parts[i]);
        return sizes;
    }
}
