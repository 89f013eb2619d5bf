package dev.sinq4j.golden;

/** Prints how close a golden test came, where the system property {@code sinq4j.measured} asks for it. */
final class Measured {

    private Measured() {}

    static void say(String what, double farthest) {
        if (Boolean.getBoolean("sinq4j.measured"))
            System.out.printf("measured: %s: off by at most %.3g%n", what, farthest);
    }
}
