package dev.sinq4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import dev.sinq4j.progress.BarProgress;
import dev.sinq4j.progress.LineProgress;
import dev.sinq4j.progress.Progress;
import java.io.PrintStream;
import java.nio.file.Path;

/**
 * Where a command speaks: results to standard output, everything else to standard error.
 *
 * @param out      for results
 * @param json     whether results are one JSON object instead of text
 * @param quiet    whether only results and failures are said
 * @param progress for long work
 */
record Console(PrintStream out, boolean json, boolean quiet, Progress progress) {

    /** Paths as they were given; by itself it would write them as URIs. */
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new SimpleModule().addSerializer(Path.class, ToStringSerializer.instance))
            .build();

    static Console of(boolean json, boolean quiet) {
        return new Console(System.out, json, quiet, quiet ? Progress.SILENT : barOrLines());
    }

    private static Progress barOrLines() {
        return Terminal.draws() ? new BarProgress(System.err) : new LineProgress(System.err);
    }

    /** Something worth knowing on the way, on standard error; nothing with {@code -q}. */
    void say(String text) {
        Logging.FILE_ALONE.info("{}", text.stripTrailing());
        if (!quiet) System.err.println(Terminal.clearLine() + text.stripTrailing());
    }

    /** The result, as text or as JSON, whichever was asked for. */
    void result(String text, Object object) {
        if (!json) {
            out.println(text.stripTrailing());
            return;
        }
        try {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(object));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a result that is no JSON: " + object.getClass(), e);
        }
    }
}
