package dev.sinq4j.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.gguf.GgufFile;
import dev.sinq4j.gguf.GgufFileType;
import dev.sinq4j.gguf.GgufTensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The Python package gguf, which llama.cpp's own tools read files with, reads ours: names, types and shapes, and every number as we
 * read it. Looks for a Python that can import gguf and numpy: {@code -Dsinq4j.python=.../python3}, else {@code python3}.
 */
class PythonGgufTest {

    private static final Path MODEL = Path.of("experiments/quickstart/model");

    /** A line a tensor: name, type, sizes innermost first, SHA-256 of the fp32 numbers. */
    private static final String SCRIPT = """
        import hashlib, sys
        from gguf import GGUFReader, dequantize
        reader = GGUFReader(sys.argv[1])
        for key in ("general.architecture", "tokenizer.ggml.model", "tokenizer.ggml.pre"):
            print("field", key, reader.get_field(key).contents())
        print("tokens", len(reader.get_field("tokenizer.ggml.tokens").contents()))
        for tensor in reader.tensors:
            numbers = dequantize(tensor.data, tensor.tensor_type).astype("<f4")
            shape = "x".join(str(size) for size in tensor.shape)
            print("tensor", tensor.name, tensor.tensor_type.name, shape, hashlib.sha256(numbers.tobytes()).hexdigest())
        """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(GgufFileType.class)
    void thePythonPackageReadsTheSame(GgufFileType type) throws Exception {
        Assumptions.assumeTrue(
                run("-c", "import gguf, numpy").status() == 0,
                () -> python() + " cannot import gguf: set -Dsinq4j.python=FILE to run this test");
        Path file = folder.resolve("x.gguf");
        GgufExportTest.export(MODEL, file, type, false);
        Answer answer = run("-c", SCRIPT, file.toString());
        assertEquals(0, answer.status(), answer.text());
        Map<String, String> tensors = new TreeMap<>();
        answer.text()
                .lines()
                .filter(line -> line.startsWith("tensor "))
                .forEach(line -> tensors.put(line.split(" ")[1], line));
        try (GgufFile read = GgufFile.open(file)) {
            Map<String, String> ours = new TreeMap<>();
            read.tensors().values().forEach(tensor -> ours.put(tensor.name(), line(tensor)));
            assertEquals(ours, tensors);
            assertEquals(
                    "field general.architecture " + read.metadata().get("general.architecture"),
                    answer.text().lines().findFirst().orElse(""));
        }
    }

    private static String line(GgufTensor tensor) {
        float[] numbers = new float[Math.toIntExact(tensor.elements())];
        tensor.read(0, numbers.length, numbers, 0);
        ByteBuffer bytes = ByteBuffer.allocate(numbers.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float number : numbers) bytes.putFloat(number);
        StringBuilder sizes = new StringBuilder();
        for (long size : tensor.shape().reversed())
            sizes.append(sizes.isEmpty() ? "" : "x").append(size);
        return "tensor " + tensor.name() + " " + tensor.type() + " " + sizes + " " + sha256(bytes.array());
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Answer(int status, String text) {}

    private static String python() {
        return System.getProperty("sinq4j.python", "python3");
    }

    private static Answer run(String... arguments) throws InterruptedException {
        String[] command = new String[arguments.length + 1];
        command[0] = python();
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Answer(process.waitFor(), text);
        } catch (IOException e) {
            return new Answer(-1, "no Python: " + e.getMessage());
        }
    }
}
