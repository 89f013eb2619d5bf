package dev.sinq4j.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdkFinderTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "25.0.3, true",
        "25.0.10, true",
        "25.0.3.1, true",
        "25.1.4, true",
        "25, false",
        "25.0.1, false",
        "25.0.2, false",
        "25-ea, false",
        "24.0.9, false",
        "26, false",
        "17.0.15, false",
        "1.8.0_402, false",
    })
    void takesJdk25FromItsThirdUpdateOn(String version, boolean suitable) throws IOException {
        Path home = FakeJdk.create(folder.resolve("jdk"), version, "exit 0");
        assertEquals(
                suitable, finder(Map.of("JAVA_HOME", home.toString())).find().isPresent());
    }

    @Test
    void theEnvironmentComesBeforeFoldersAndTheOwnVariableFirst() throws IOException {
        Path first = FakeJdk.create(folder.resolve("first"), "25.0.4", "exit 0");
        Path second = FakeJdk.create(folder.resolve("second"), "25.0.4", "exit 0");
        Path installed = FakeJdk.create(folder.resolve("jvm/jdk-25"), "25.0.4", "exit 0");
        assertEquals(
                Optional.of(first),
                finder(Map.of("JAVA_HOME", second.toString(), "JAVA25_HOME", first.toString()))
                        .find());
        assertEquals(Optional.of(installed), finder(Map.of()).find());
    }

    @Test
    void anUnsuitableVariableIsPassedOver() throws IOException {
        Path old = FakeJdk.create(folder.resolve("old"), "17.0.15", "exit 0");
        Path installed = FakeJdk.create(folder.resolve("jvm/jdk-25/Contents/Home"), "25.0.4", "exit 0");
        assertEquals(
                Optional.of(installed),
                finder(Map.of("JAVA_HOME", old.toString(), "JAVA25_HOME", "")).find());
    }

    @Test
    void toolchainsAreRead() throws IOException {
        Path home = FakeJdk.create(folder.resolve("elsewhere"), "25.0.3", "exit 0");
        Files.createDirectories(folder.resolve(".m2"));
        Files.writeString(
                folder.resolve(".m2/toolchains.xml"),
                "<toolchains><toolchain><configuration>\n<jdkHome> " + home
                        + " </jdkHome>\n</configuration></toolchain></toolchains>");
        assertEquals(Optional.of(home), finder(Map.of()).find());
    }

    @Test
    void aJdkThatCorruptsArraysIsNamed() throws IOException {
        Path old = FakeJdk.create(folder.resolve("jvm/jdk-25.0.1"), "25.0.1", "exit 0");
        JdkFinder finder = finder(Map.of());
        assertEquals(Optional.empty(), finder.find());
        assertEquals(Optional.of(old), finder.tooOld());
        String advice = Launcher.advice(finder.tooOld());
        assertTrue(
                advice.contains(
                        old + " is too old: 25.0.0 to 25.0.2 can corrupt arrays that native code holds (JDK-8377811)."),
                advice);
        assertTrue(advice.contains("point JAVA25_HOME at one"), advice);
    }

    @Test
    void aFolderWithoutJavaIsNoJdk() throws IOException {
        Path home = FakeJdk.create(folder.resolve("jvm/jdk"), "25.0.4", "exit 0");
        Files.delete(home.resolve("bin/java"));
        assertFalse(finder(Map.of()).find().isPresent());
    }

    private JdkFinder finder(Map<String, String> environment) {
        return new JdkFinder(environment, folder.resolve("running"), folder, List.of(folder.resolve("jvm")));
    }
}
