package dev.sinq4j.cli.inspect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sinq4j.cli.inspect.Inspection.Setting;
import dev.sinq4j.cli.inspect.Inspection.StoredFile;
import dev.sinq4j.cli.inspect.Inspection.StoredTensor;
import dev.sinq4j.failure.UnavailableFailure;
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
            2 tensors, 7 elements, 16 bytes
            (not hashed)  model.safetensors  135 bytes

            w  F16      2 x 3                            12 bytes
            s  F32      scalar                            4 bytes
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
