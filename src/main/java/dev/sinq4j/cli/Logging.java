package dev.sinq4j.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** How much is said on standard error, and where else. {@code logback.xml} holds the rest. */
final class Logging {

    private static final String CONSOLE = "STDERR";
    private static final String OURS = "dev.sinq4j";

    /** What only the file of a run is told: what was said in other ways already, and stack traces. */
    static final org.slf4j.Logger FILE_ALONE = LoggerFactory.getLogger("run");

    private Logging() {}

    /**
     * Sets what passes to standard error: errors alone, warnings, what happens, or everything.
     *
     * @param verbose how often {@code -v} was given
     */
    static void verbosity(boolean quiet, int verbose) {
        Level level = quiet ? Level.ERROR : verbose == 0 ? Level.WARN : verbose == 1 ? Level.INFO : Level.DEBUG;
        Appender<ILoggingEvent> console =
                logger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender(CONSOLE);
        console.clearAllFilters();
        ThresholdFilter threshold = new ThresholdFilter();
        threshold.setLevel(level.toString());
        threshold.start();
        console.addFilter(threshold);
        if (console instanceof ConsoleAppender<ILoggingEvent> stream
                && stream.getEncoder() instanceof PatternLayoutEncoder encoder) {
            encoder.setPattern(Terminal.clearLine() + "%level: %msg%n");
            encoder.start();
        }
        logger(OURS).setLevel(level.isGreaterOrEqual(Level.INFO) ? Level.INFO : Level.DEBUG);
    }

    /** Also appends everything to a file, such as {@code results/<experiment>/log.txt}, until the process ends. */
    static void alsoTo(Path file) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setContext(context);
        encoder.setPattern("%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX,UTC} %-5level %logger{0}: %msg%n");
        encoder.start();
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setContext(context);
        appender.setFile(file.toString());
        appender.setEncoder(encoder);
        appender.start();
        logger(org.slf4j.Logger.ROOT_LOGGER_NAME).addAppender(appender);
        logger(FILE_ALONE.getName()).addAppender(appender);
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}
