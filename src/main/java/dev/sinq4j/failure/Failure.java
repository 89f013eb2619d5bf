package dev.sinq4j.failure;

/**
 * Something a user can mend. The message is complete: it names the file, field or tensor, says what was expected, what was
 * found and what to do; the command line prints it without a stack trace and exits with {@link #exitStatus}.
 */
public abstract sealed class Failure extends RuntimeException permits UsageFailure, UnavailableFailure {

    private static final long serialVersionUID = 1L;

    Failure(String message, Throwable cause) {
        super(message, cause);
    }

    /** The process's exit status: 2 or 3. */
    public abstract int exitStatus();
}
