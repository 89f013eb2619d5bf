package dev.sinq4j.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code sinq4j} in a project of its own, with a JDK and a Maven that only tell how they were called. */
@DisabledOnOs(OS.WINDOWS)
class ScriptTest {

    private static final String TELL =
            "for argument in \"$@\"; do echo \"[$argument]\"; done; echo \"in $(pwd)\"; exit 7";
    private static final FileTime EARLIER = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    private static final FileTime LATER = FileTime.from(Instant.parse("2026-01-02T00:00:00Z"));

    @TempDir
    Path folder;

    private Path project;

    /** What a run left. */
    private record Outcome(int status, String out, String err) {}

    @BeforeEach
    void aProjectThatIsBuilt() throws IOException {
        folder = folder.toRealPath();
        project = Files.createDirectories(folder.resolve("project of mine"));
        Files.copy(Path.of("sinq4j"), project.resolve("sinq4j"));
        Path sources = Files.createDirectories(project.resolve("src/main/resources/dev/sinq4j/launch"));
        Files.createFile(project.resolve("pom.xml"));
        Files.createFile(sources.resolve("jvm.options"));
        Files.createDirectories(project.resolve("target"));
        Files.writeString(project.resolve("target/sinq4j.classpath"), "/lib/a.jar:/lib/b.jar\n");
        try (var all = Files.walk(project)) {
            for (Path file : all.toList()) Files.setLastModifiedTime(file, EARLIER);
        }
        Files.setLastModifiedTime(project.resolve("target/sinq4j.classpath"), LATER);
        FakeJdk.create(folder.resolve("jdk"), "25.0.4", TELL);
        FakeJdk.executable(
                folder.resolve("bin/mvn"),
                "echo \"mvn $*\" >> '" + folder + "/mvn.log'; touch target/sinq4j.classpath");
    }

    @Test
    void startsTheProgramFromAnyFolderWithItsArgumentsAsTheyAre() throws Exception {
        Outcome outcome = run(folder, project + "/sinq4j", "run", "a b.yaml", "--set", "x=[1, *]");
        assertEquals("""
            [@%1$s/src/main/resources/dev/sinq4j/launch/jvm.options]
            [-cp]
            [%1$s/target/classes:/lib/a.jar:/lib/b.jar]
            [dev.sinq4j.cli.Main]
            [run]
            [a b.yaml]
            [--set]
            [x=[1, *]]
            in %2$s
            """.formatted(project, folder), outcome.out());
        assertEquals(7, outcome.status());
        assertEquals("", outcome.err());
        assertFalse(Files.exists(folder.resolve("mvn.log")), "nothing was to build");
    }

    @Test
    void isFoundThroughLinks() throws Exception {
        Files.createSymbolicLink(folder.resolve("direct"), project.resolve("sinq4j"));
        Files.createSymbolicLink(folder.resolve("bin/sinq4j"), Path.of("../direct"));
        Outcome outcome = run(folder, folder + "/bin/sinq4j", "doctor");
        assertTrue(outcome.out().contains("[" + project + "/target/classes:/lib/a.jar:/lib/b.jar]"), outcome.out());
    }

    @Test
    void buildsWhereASourceIsNewerThanTheBuild() throws Exception {
        Files.setLastModifiedTime(project.resolve("pom.xml"), FileTime.from(Instant.parse("2026-01-03T00:00:00Z")));
        Outcome outcome = run(folder, project + "/sinq4j", "doctor");
        assertEquals("mvn -q -B -ntp compile exec:java@class-path\n", Files.readString(folder.resolve("mvn.log")));
        assertEquals(7, outcome.status());
        assertEquals("", outcome.err());
    }

    @Test
    void aBuildThatFailsIsShown() throws Exception {
        Files.delete(project.resolve("target/sinq4j.classpath"));
        FakeJdk.executable(folder.resolve("bin/mvn"), "echo 'X.java: cannot find symbol'; exit 1");
        Outcome outcome = run(folder, project + "/sinq4j", "doctor");
        assertEquals(3, outcome.status());
        assertEquals("", outcome.out());
        assertEquals(
                "X.java: cannot find symbol\nsinq4j could not be built; the messages above are also in " + project
                        + "/target/sinq4j.build.log\n",
                outcome.err());
    }

    @Test
    void passesOptionsOfTheJvmOn() throws Exception {
        Outcome outcome = run(
                folder,
                Map.of("JAVA25_HOME", folder + "/jdk", "SINQ4J_JAVA_OPTS", "-Xmx2g -Dx=y"),
                project + "/sinq4j",
                "doctor");
        assertTrue(outcome.out().contains("[-Xmx2g]\n[-Dx=y]\n[-cp]\n"), outcome.out());
    }

    @Test
    void addsTheJarsOfExtensionsToTheClassPath() throws Exception {
        Outcome outcome = run(
                folder,
                Map.of("JAVA25_HOME", folder + "/jdk", "SINQ4J_CLASSPATH", "/mine/a.jar:/mine/b.jar"),
                project + "/sinq4j",
                "doctor");
        assertTrue(outcome.out().contains(":/lib/b.jar:/mine/a.jar:/mine/b.jar]\n"), outcome.out());
    }

    @Test
    void anOldJdkIsPassedOver() throws Exception {
        FakeJdk.create(folder.resolve("old"), "25.0.2", "echo old");
        Outcome outcome = run(
                folder,
                Map.of("JAVA25_HOME", folder + "/old", "JAVA_HOME", folder + "/jdk"),
                project + "/sinq4j",
                "doctor");
        assertTrue(outcome.out().startsWith("[@"), outcome.out());
    }

    private Outcome run(Path where, String... command) throws Exception {
        return run(where, Map.of("JAVA25_HOME", folder + "/jdk"), command);
    }

    private Outcome run(Path where, Map<String, String> environment, String... command) throws Exception {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(List.of(command))
                .directory(where.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeAll(
                        List.of("JAVA_HOME", "JAVA_HOME_25_X64", "JDK_HOME", "SINQ4J_JAVA_OPTS", "SINQ4J_CLASSPATH"));
        builder.environment().put("PATH", folder + "/bin:/usr/bin:/bin");
        builder.environment().put("HOME", folder.toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(30, TimeUnit.SECONDS), "the script hangs");
        return new Outcome(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
