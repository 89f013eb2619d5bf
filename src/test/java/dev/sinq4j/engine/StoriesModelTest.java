package dev.sinq4j.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.model.ModelFiles;
import dev.sinq4j.model.ModelSource;
import dev.sinq4j.testing.Shared;
import dev.sinq4j.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A trained Llama of 260 thousand parameters in fp32, whose MLP width is no multiple of 64. */
class StoriesModelTest {

    @Test
    void logitsAreThoseOfTheDoublePrecisionRun() throws IOException {
        Path folder = Shared.path("data/models/stories260K");
        JsonNode golden =
                new ObjectMapper().readTree(folder.resolve("golden.json").toFile());
        int[] ids = new int[golden.get("input_ids").size()];
        for (int i = 0; i < ids.length; i++)
            ids[i] = golden.get("input_ids").get(i).intValue();
        ByteBuffer expected = doubles(folder.resolve("golden_logits_20tok.npy"));
        try (ModelSource source = ModelFiles.open(folder);
                Backend backend = CpuBackend.create(0);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend)) {
            int vocabulary = model.architecture().vocabulary();
            model.logits(ids, 0, (position, count, logits) -> {
                for (int i = 0; i < count * vocabulary; i++)
                    assertEquals(expected.getDouble(8 * (position * vocabulary + i)), logits[i], 1e-4);
            });
        }
    }

    @Test
    void theSampleTextHasItsMeanLoss() throws IOException {
        Path folder = Shared.path("data/models/stories260K");
        Tokenizer tokenizer = Tokenizer.openFile(folder.resolve("tokenizer.json"));
        String[] stories = Files.readString(folder.resolve("sample.txt")).split("<\\|endoftext\\|>");
        try (ModelSource source = ModelFiles.open(folder);
                Backend backend = CpuBackend.create(0);
                LanguageModel model = LanguageModel.load(source, LinearWeights.STORED, backend)) {
            double sum = 0;
            int scored = 0;
            for (String story : stories) {
                if (story.isBlank()) continue;
                double[] nll = model.nll(tokenizer.encode(story.strip()));
                sum += Arrays.stream(nll).sum();
                scored += nll.length;
            }
            assertEquals(1804, scored);
            assertEquals(1.2664, sum / scored, 5e-5);
        }
    }

    /** The numbers of a .npy file of little-endian doubles: after the magic, a version and a header of stated length. */
    private static ByteBuffer doubles(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        int header = 10 + Short.toUnsignedInt(bytes.getShort(8));
        return bytes.slice(header, bytes.capacity() - header).order(ByteOrder.LITTLE_ENDIAN);
    }
}
