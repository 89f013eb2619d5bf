package dev.sinq4j.failure;

/** Something needed is not there or not usable: a backend, a model, a dataset, a damaged file, memory, disk. */
public final class UnavailableFailure extends Failure {

    private static final long serialVersionUID = 1L;

    public UnavailableFailure(String message) {
        super(message, null);
    }

    public UnavailableFailure(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitStatus() {
        return 3;
    }
}
