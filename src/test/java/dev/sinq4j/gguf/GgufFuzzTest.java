package dev.sinq4j.gguf;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A small model, damaged at random: it opens and converts, or is refused with a message. {@code -Dsinq4j.fuzz.cases=1000000} looks
 * further than the suite does; {@code -Dsinq4j.fuzz.seed} starts elsewhere.
 */
class GgufFuzzTest {

    private static final int CASES = Integer.getInteger("sinq4j.fuzz.cases", 500);
    private static final long SEED = Long.getLong("sinq4j.fuzz.seed", 20261124);
    private static final long[] NUMBERS = {
        0, 1, 2, 31, 32, 255, 65536, 1L << 31, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE
    };

    @Test
    void aDamagedFileOpensOrIsRefusedWithAMessage(@TempDir Path folder) throws IOException {
        byte[][] valid = {valid(), withExperts()};
        Random random = new Random(SEED);
        Path path = folder.resolve("fuzz.gguf");
        int opened = 0;
        for (int i = 0; i < CASES; i++) {
            byte[] damaged = damaged(valid[i % valid.length], random);
            Files.write(path, damaged);
            try (GgufModel model = GgufModel.open(path);
                    Arena arena = Arena.ofConfined()) {
                for (String name : model.names()) model.tensor(name, arena);
                model.files();
                opened++;
            } catch (UnavailableFailure e) {
                assertTrue(e.getMessage().contains("fuzz.gguf"), e.getMessage());
            } catch (RuntimeException | Error e) {
                fail("seed " + SEED + ": " + HexFormat.of().formatHex(damaged), e);
            }
        }
        assertTrue(opened > 0 && opened < CASES, "opened " + opened + " of " + CASES);
    }

    private static byte[] damaged(byte[] valid, Random random) {
        byte[] bytes = valid.clone();
        for (int i = random.nextInt(3); i >= 0; i--) {
            // most damage to the header, which is where a reader can go wrong
            int at = random.nextInt(random.nextInt(8) == 0 ? bytes.length : Math.min(bytes.length, 1100));
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> {
                    byte[] number = GgufBytes.int64(NUMBERS[random.nextInt(NUMBERS.length)]);
                    System.arraycopy(number, 0, bytes, at, Math.min(8, bytes.length - at));
                }
                case 2 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                default -> {
                    if (random.nextInt(4) == 0) bytes = Arrays.copyOf(bytes, Math.max(1, at));
                }
            }
        }
        return bytes;
    }

    /** Stacked experts and a SentencePiece tokenizer. */
    private static byte[] withExperts() {
        return new GgufBytes()
                .text("general.architecture", "qwen3moe")
                .uint32("qwen3moe.embedding_length", 8)
                .uint32("qwen3moe.feed_forward_length", 16)
                .uint32("qwen3moe.block_count", 1)
                .uint32("qwen3moe.context_length", 64)
                .uint32("qwen3moe.attention.head_count", 2)
                .uint32("qwen3moe.expert_count", 2)
                .uint32("qwen3moe.expert_used_count", 1)
                .uint32("qwen3moe.expert_feed_forward_length", 4)
                .float32("qwen3moe.attention.layer_norm_rms_epsilon", 1e-5f)
                .text("tokenizer.ggml.model", "llama")
                .texts("tokenizer.ggml.tokens", "<unk>", "a", "b", "ab")
                .float32s("tokenizer.ggml.scores", 0, -1, -2, -3)
                .int32s("tokenizer.ggml.token_type", 2, 1, 1, 1)
                .uint32("tokenizer.ggml.unknown_token_id", 0)
                .floats("token_embd.weight", new float[32], 8, 4)
                .floats("blk.0.ffn_up_exps.weight", new float[64], 8, 4, 2)
                .floats("output_norm.weight", new float[8], 8)
                .bytes();
    }

    private static byte[] valid() {
        return new GgufBytes()
                .text("general.architecture", "llama")
                .uint32("llama.embedding_length", 8)
                .uint32("llama.feed_forward_length", 16)
                .uint32("llama.block_count", 1)
                .uint32("llama.context_length", 64)
                .uint32("llama.attention.head_count", 2)
                .float32("llama.attention.layer_norm_rms_epsilon", 1e-5f)
                .text("tokenizer.ggml.model", "gpt2")
                .text("tokenizer.ggml.pre", "qwen2")
                .texts("tokenizer.ggml.tokens", "a", "b", "ab", "<end>")
                .int32s("tokenizer.ggml.token_type", 1, 1, 1, 3)
                .texts("tokenizer.ggml.merges", "a b")
                .uint32("tokenizer.ggml.eos_token_id", 3)
                .floats("token_embd.weight", new float[32], 8, 4)
                .floats("blk.0.attn_q.weight", new float[64], 8, 8)
                .floats("output_norm.weight", new float[8], 8)
                .bytes();
    }
}
