package dev.sinq4j.method;

/** The model as it came: what every other cell is compared with. Named {@code none}. */
public record Dense() implements Method {
    @Override
    public String name() {
        return "none";
    }

    @Override
    public int bits() {
        return 16;
    }

    @Override
    public int group() {
        return 0;
    }
}
