package dev.sinq4j.cli;

import dev.sinq4j.failure.Failure;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** What went wrong, in words on standard error and as an exit status; never a stack trace. */
final class Mistakes implements IExecutionExceptionHandler, IParameterExceptionHandler {

    private static final Logger LOG = LoggerFactory.getLogger(Mistakes.class);
    private static final int UNEXPECTED = 1;
    private static final int USAGE = 2;
    private static final int UNAVAILABLE = 3;

    @Override
    public int handleParseException(ParameterException e, String[] arguments) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        String message = String.valueOf(e.getMessage());
        err.println(command.getCommandSpec().qualifiedName() + ": " + message + suggestion(e));
        err.println("See " + command.getCommandSpec().qualifiedName() + " --help");
        return USAGE;
    }

    private static String suggestion(ParameterException e) {
        if (!(e instanceof UnmatchedArgumentException unmatched)) return "";
        List<String> near = unmatched.getSuggestions();
        return near.isEmpty() ? "" : "; did you mean '" + near.get(0) + "'?";
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        return report(e, command.getErr());
    }

    /** Says it and names the exit status. */
    static int report(Throwable e, PrintWriter err) {
        Logging.FILE_ALONE.error("failed", e);
        return switch (e) {
            case Failure failure -> say(err, failure.getMessage(), failure.exitStatus());
            case UncheckedIOException io -> say(err, words(io.getCause()), UNAVAILABLE);
            case IOException io -> say(err, words(io), UNAVAILABLE);
            case OutOfMemoryError memory -> say(err, words(memory), UNAVAILABLE);
            default -> unexpected(e, err);
        };
    }

    private static int say(PrintWriter err, String message, int status) {
        err.println(message);
        return status;
    }

    private static String words(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            default -> String.valueOf(e.getMessage() == null ? e : e.getMessage());
        };
    }

    private static String words(OutOfMemoryError e) {
        double heap = Runtime.getRuntime().maxMemory() / 1e9;
        return String.format(
                Locale.ROOT,
                "out of memory (%s): the heap is %.1f GB; give it more with SINQ4J_JAVA_OPTS=-Xmx..., or use fewer"
                        + " threads or shorter windows",
                e.getMessage(),
                heap);
    }

    /** A defect of the program: one line here, the stack trace in a file to send along. */
    private static int unexpected(Throwable e, PrintWriter err) {
        String where = "";
        try {
            Path trace = Files.createTempFile("sinq4j-", ".txt");
            try (PrintWriter file = new PrintWriter(Files.newBufferedWriter(trace))) {
                e.printStackTrace(file);
            }
            where = "; the stack trace is in " + trace;
        } catch (IOException unwritable) {
            LOG.debug("no stack trace written", unwritable);
        }
        return say(err, "unexpected " + e + where, UNEXPECTED);
    }
}
