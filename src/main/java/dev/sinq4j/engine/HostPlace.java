package dev.sinq4j.engine;

/** A place for backends that compute on the host. */
final class HostPlace implements Place {

    private int position;

    @Override
    public int position() {
        return position;
    }

    @Override
    public void moveTo(int position) {
        this.position = position;
    }

    @Override
    public void close() {}
}
