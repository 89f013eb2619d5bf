package dev.sinq4j.experiment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The commit of the sources this program runs from, with {@code -dirty} behind it where they were changed. */
final class GitCommit {

    private static final long PATIENCE_SECONDS = 5;

    private GitCommit() {}

    /** Empty outside a checkout and where there is no git. */
    static Optional<String> of(Path folder) {
        if (!Files.exists(folder.resolve(".git"))) return Optional.empty();
        return git(folder, "rev-parse", "HEAD")
                .map(commit -> git(folder, "status", "--porcelain", "--untracked-files=no")
                        .filter(changes -> !changes.isEmpty())
                        .map(changes -> commit + "-dirty")
                        .orElse(commit));
    }

    private static Optional<String> git(Path folder, String... arguments) {
        try {
            Process git = new ProcessBuilder(command(arguments))
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            String output = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            boolean ended = git.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return ended && git.exitValue() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException notInstalled) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static String[] command(String... arguments) {
        String[] command = new String[arguments.length + 1];
        command[0] = "git";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        return command;
    }
}
