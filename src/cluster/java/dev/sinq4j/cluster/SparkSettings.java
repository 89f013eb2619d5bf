package dev.sinq4j.cluster;

import dev.sinq4j.experiment.Cluster.Work;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/**
 * How Spark is set up for cells: one at a time on an executor, three more attempts where an executor is lost, never the same
 * cell twice at once. What a user sets ({@code spark.*} system properties or spark-submit's options) stays.
 */
final class SparkSettings {

    /** The first attempt and three more. */
    static final int ATTEMPTS = 4;

    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\d+|\\*)(?:,\\d+)?])?");
    private static final String GPU_SETTINGS = "resource.gpu.";

    /** Environment that executors share with the run; never the token, which Spark would show on its pages. */
    private static final List<String> SHARED_ENVIRONMENT =
            List.of("HF_HOME", "HF_HUB_CACHE", "HF_ENDPOINT", "HF_HUB_OFFLINE", "DJL_CACHE_DIR");

    private SparkSettings() {}

    /** The settings for some work: what is set already, completed. */
    static SparkConf of(Work work) {
        SparkConf conf = new SparkConf();
        conf.setAppName("sinq4j " + work.name());
        conf.setIfMissing("spark.ui.enabled", "false");
        conf.set("spark.speculation", "false");
        conf.setIfMissing("spark.task.maxFailures", String.valueOf(ATTEMPTS));
        Matcher local = LOCAL.matcher(work.master());
        return local.matches() ? local(conf, local.group(1)) : remote(conf, work);
    }

    /** One process: it computes one cell at a time on all the cores it was given, and asks for no GPU. */
    private static SparkConf local(SparkConf conf, String cores) {
        int threads = cores == null
                ? 1
                : cores.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(cores);
        conf.setMaster("local[" + threads + "," + ATTEMPTS + "]");
        conf.set("spark.task.cpus", String.valueOf(threads));
        Stream.of(conf.getAll())
                .map(setting -> setting._1())
                .filter(key -> key.contains(GPU_SETTINGS))
                .forEach(conf::remove);
        return conf;
    }

    private static SparkConf remote(SparkConf conf, Work work) {
        conf.setMaster(work.master());
        String threads = String.valueOf(work.order().threads());
        conf.setIfMissing("spark.executor.cores", threads);
        conf.setIfMissing("spark.task.cpus", conf.get("spark.executor.cores"));
        conf.setIfMissing("spark.executor.memory", "4g");
        conf.set("spark.executor.extraJavaOptions", javaOptions(conf.get("spark.executor.extraJavaOptions", "")));
        // not submitted with its jars: the machines find the program where it is here
        if (!conf.contains("spark.jars") && !conf.contains("spark.submit.deployMode"))
            conf.setIfMissing("spark.executor.extraClassPath", classPath());
        Map<String, String> environment = System.getenv();
        for (String name : SHARED_ENVIRONMENT)
            if (environment.containsKey(name)) conf.setIfMissing("spark.executorEnv." + name, environment.get(name));
        return conf;
    }

    private static String classPath() {
        return Stream.of(System.getProperty("java.class.path").split(Pattern.quote(java.io.File.pathSeparator)))
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(java.io.File.pathSeparator));
    }

    /** The program's own options, without the size of the heap, which is Spark's to set, and then the user's. */
    private static String javaOptions(String users) {
        try (InputStream file =
                Objects.requireNonNull(SparkSettings.class.getResourceAsStream("/dev/sinq4j/launch/jvm.options"))) {
            String ours = new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith("-") && !line.startsWith("-XX:MaxRAM"))
                    .collect(Collectors.joining(" "));
            return (ours + " " + users).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
