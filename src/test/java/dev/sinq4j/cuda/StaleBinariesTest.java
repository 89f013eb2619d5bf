package dev.sinq4j.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The committed binaries are those of the committed sources, by hashes: no compiler is needed to see it. */
class StaleBinariesTest {

    private static final KernelManifest COMMITTED =
            new KernelManifest(Path.of("src/main/cuda"), Path.of("src/main/resources/dev/sinq4j/cuda"));

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> everyBinaryIsThatOfItsSources() throws IOException {
        return COMMITTED.modules().stream()
                .map(module -> dynamicTest(module, () -> assertEquals(List.of(), COMMITTED.problems(module))));
    }

    @Test
    void noBinaryIsLeftOfASourceThatWentAway() throws IOException {
        assertEquals(List.of(), COMMITTED.orphans());
    }

    @Test
    void noticesAHeaderThatChangedWithoutARebuild() throws IOException {
        KernelManifest copy = copy();
        String module = copy.modules().getFirst();
        Files.writeString(folder.resolve("device.cuh"), Files.readString(folder.resolve("device.cuh")) + "\n");
        assertEquals(
                List.of("device.cuh has changed since " + module + ".fatbin was compiled; run src/main/cuda/build.sh"
                        + " (nvcc 13.0) and commit what it writes"),
                copy.problems(module));
    }

    @Test
    void noticesABinaryOfAnotherBuild() throws IOException {
        KernelManifest copy = copy();
        String module = copy.modules().getFirst();
        Files.write(folder.resolve(module + ".fatbin"), new byte[] {1, 2, 3});
        assertEquals(
                List.of(module + ".fatbin is not the one that the manifest names; run src/main/cuda/build.sh"
                        + " (nvcc 13.0) and commit what it writes"),
                copy.problems(module));
    }

    @Test
    void noticesASourceWithoutABinary() throws IOException {
        KernelManifest copy = copy();
        Files.writeString(folder.resolve("further.cu"), "#include \"device.cuh\"\n");
        assertEquals(
                List.of("further.cu has no binary; run src/main/cuda/build.sh (nvcc 13.0) and commit what it writes"),
                copy.problems("further"));
    }

    /** Sources and binaries in one folder of the test's own. */
    private KernelManifest copy() throws IOException {
        for (Path from : List.of(COMMITTED.sources(), COMMITTED.binaries())) {
            try (Stream<Path> files = Files.list(from)) {
                for (Path file : files.filter(Files::isRegularFile).toList())
                    Files.copy(file, folder.resolve(file.getFileName()));
            }
        }
        return new KernelManifest(folder, folder);
    }
}
