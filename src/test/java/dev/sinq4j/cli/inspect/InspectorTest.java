package dev.sinq4j.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.cli.inspect.Inspection.Setting;
import dev.sinq4j.cli.inspect.Inspection.StoredFile;
import dev.sinq4j.cli.inspect.Inspection.StoredTensor;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.gguf.GgufEntries;
import dev.sinq4j.gguf.GgufType;
import dev.sinq4j.gguf.GgufWriter;
import dev.sinq4j.hub.FileHashes;
import dev.sinq4j.progress.Progress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectorTest {

    @TempDir
    Path folder;

    @Test
    void showsTensorsTotalsHashesAndSettings() throws IOException {
        model();
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"apertus\"}");
        Files.writeString(folder.resolve("model.safetensors.index.json.meta.json"), """
            {"a": {"meta": {"nbits": 4, "group_size": 64, "packing": "4bit_u8", "method": "sinq_quantAux",
                            "compute_dtype": "torch.bfloat16"}},
             "b": {"meta": {"nbits": 4, "group_size": 64, "packing": "4bit_u8", "method": "sinq_quantAux",
                            "compute_dtype": "torch.bfloat16"}},
             "norm": {"meta": {}}}
            """);
        Inspection inspection =
                new Inspector(new FileHashes(folder.resolve("hashes")), Progress.SILENT).inspect(folder);
        assertEquals(
                new Inspection(
                        folder.toString(),
                        "safetensors",
                        "apertus",
                        7,
                        16,
                        null,
                        List.of(new Setting("sinq_quantAux", 4, 64, "4bit_u8", "torch.bfloat16", 2)),
                        List.of(new StoredFile(
                                "model.safetensors",
                                135,
                                "a1ff26e6a825cdfe9cec6eccf3d48c221593fac18b8bf7f8216d8e9b08330966")),
                        List.of(
                                new StoredTensor("w", "F16", List.of(2L, 3L), 12),
                                new StoredTensor("s", "F32", List.of(), 4))),
                inspection);
    }

    @Test
    void aFileAloneHasNoArchitecture() throws IOException {
        model();
        Inspection inspection = new Inspector(null, Progress.SILENT).inspect(folder.resolve("model.safetensors"));
        assertEquals("""
            model.safetensors: safetensors
            2 tensors, 7 elements, 16 bytes, 18.286 bits per element
            (not hashed)  model.safetensors  135 bytes

            w  F16      2 x 3                            12 bytes
            s  F32      scalar                            4 bytes
            """, InspectionText.of(inspection).replace(folder + "/", ""));
    }

    @Test
    void aGgufFileShowsItsMetadataAndTheTypesOfItsBlocks() throws IOException {
        Path file = folder.resolve("x.gguf");
        var tensor = new GgufWriter.Declaration("blk.0.ffn_up.weight", GgufType.Q4_0, List.of(2L, 32L));
        var entries = new GgufEntries()
                .text("general.architecture", "llama")
                .count("llama.block_count", 1)
                .text("tokenizer.chat_template", "a\nb")
                .ids("tokenizer.ggml.token_type", new int[65]);
        try (GgufWriter writer = GgufWriter.create(file, entries, List.of(tensor))) {
            writer.row("blk.0.ffn_up.weight", 0, new float[32]);
            writer.row("blk.0.ffn_up.weight", 1, new float[32]);
            writer.commit();
        }
        Inspection inspection = new Inspector(null, Progress.SILENT).inspect(file);
        assertEquals("""
            x.gguf: gguf, llama
            1 tensors, 64 elements, 36 bytes, 4.500 bits per element
            general.architecture = llama
            llama.block_count = 1
            tokenizer.chat_template = a\\nb
            tokenizer.ggml.token_type = a list of 65
            (not hashed)  x.gguf  608 bytes

            blk.0.ffn_up.weight  Q4_0     2 x 32                           36 bytes
            """, InspectionText.of(inspection).replace(folder + "/", ""));
    }

    @Test
    void whatIsNotThereIsSaidToBeMissing() {
        Path nowhere = folder.resolve("nowhere");
        UnavailableFailure failure =
                assertThrows(UnavailableFailure.class, () -> new Inspector(null, Progress.SILENT).inspect(nowhere));
        assertEquals(nowhere + ": no such file or folder", failure.getMessage());
    }

    private void model() throws IOException {
        byte[] header =
                "{\"w\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[0,12]},\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[12,16]}}"
                        .getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + header.length + 16).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(header.length).put(header);
        Files.write(folder.resolve("model.safetensors"), file.array());
    }
}
