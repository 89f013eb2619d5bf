package dev.sinq4j.failure;

/** Wrong usage or configuration; nothing was started. */
public final class UsageFailure extends Failure {

    private static final long serialVersionUID = 1L;

    public UsageFailure(String message) {
        super(message, null);
    }

    public UsageFailure(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public int exitStatus() {
        return 2;
    }
}
