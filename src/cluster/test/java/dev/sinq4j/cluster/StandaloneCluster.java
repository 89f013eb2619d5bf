package dev.sinq4j.cluster;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Spark master and workers, processes of this machine, started from the tests' own class path. */
final class StandaloneCluster implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final long PATIENCE_SECONDS = 60;

    private final Path folder;
    private final int port;
    private final Process master;
    private final List<Process> workers = new ArrayList<>();

    StandaloneCluster(Path folder, int workerCount) throws IOException, InterruptedException {
        this.folder = folder;
        this.port = freePort();
        // an executor is started only where Spark's home has a folder for jars; ours come on the class path
        Files.createDirectories(folder.resolve("home/jars"));
        master = start(
                "master",
                "org.apache.spark.deploy.master.Master",
                "--host",
                HOST,
                "--port",
                "" + port,
                "--webui-port",
                "0");
        awaitMaster();
        for (int i = 0; i < workerCount; i++)
            workers.add(start(
                    "worker" + i,
                    "org.apache.spark.deploy.worker.Worker",
                    "--host",
                    HOST,
                    "--webui-port",
                    "0",
                    "--cores",
                    "1",
                    "--memory",
                    "2g",
                    "--work-dir",
                    folder.resolve("work" + i).toString(),
                    address()));
    }

    String address() {
        return "spark://" + HOST + ":" + port;
    }

    /** Kills a worker and its executor, as if the machine had lost power. */
    void kill(int worker) {
        List<ProcessHandle> executors = workers.get(worker).descendants().toList();
        workers.get(worker).destroyForcibly();
        executors.forEach(ProcessHandle::destroyForcibly);
    }

    /** Whether every executor ends in so many seconds. */
    boolean isIdleWithin(long seconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (hasExecutors() && System.nanoTime() < end) Thread.sleep(50);
        return !hasExecutors();
    }

    private boolean hasExecutors() {
        return workers.stream()
                .anyMatch(worker -> worker.descendants().findAny().isPresent());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void awaitMaster() throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (master.isAlive() && System.nanoTime() < end) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException notYet) {
                Thread.sleep(50);
            }
        }
        throw new AssertionError("the master does not answer; its output is in " + folder.resolve("master.log"));
    }

    private Process start(String name, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                absoluteClassPath(),
                main));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SPARK_HOME", folder.resolve("home").toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.13");
        builder.environment().put("SPARK_LOCAL_IP", HOST);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return builder.redirectOutput(folder.resolve(name + ".log").toFile()).start();
    }

    private static String absoluteClassPath() {
        return String.join(
                File.pathSeparator,
                List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }

    @Override
    public void close() {
        for (int i = 0; i < workers.size(); i++) kill(i);
        master.destroyForcibly();
        for (Process worker : workers) worker.onExit().join();
        master.onExit().join();
    }
}
