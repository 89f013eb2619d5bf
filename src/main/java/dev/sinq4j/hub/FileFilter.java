package dev.sinq4j.hub;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Which files of a repository are wanted. */
@FunctionalInterface
public interface FileFilter {

    /** All files. */
    FileFilter ALL = path -> true;

    /** @param path inside the repository, with forward slashes */
    boolean accepts(String path);

    /**
     * What running a model takes: weights as safetensors, configuration, tokenizer, chat template. Other folders, and files called
     * {@code consolidated}, hold the same weights in other layouts.
     */
    static FileFilter model() {
        List<String> endings = List.of(".safetensors", ".json", ".jinja", ".txt", ".model");
        return path -> !path.contains("/")
                && !path.startsWith("consolidated")
                && endings.stream().anyMatch(path::endsWith);
    }

    /** Patterns as shells have them: {@code *} stands for any characters, {@code ?} for one. */
    static FileFilter patterns(List<String> patterns) {
        List<Pattern> compiled = patterns.stream().map(FileFilter::compile).toList();
        return path ->
                compiled.stream().anyMatch(pattern -> pattern.matcher(path).matches());
    }

    private static Pattern compile(String pattern) {
        StringBuilder regex = new StringBuilder();
        Arrays.stream(pattern.split("(?=[*?])|(?<=[*?])"))
                .map(part -> part.equals("*") ? ".*" : part.equals("?") ? "." : Pattern.quote(part))
                .forEach(regex::append);
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }
}
