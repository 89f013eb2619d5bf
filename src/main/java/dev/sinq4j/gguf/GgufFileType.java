package dev.sinq4j.gguf;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a file's matrices are stored as, by the names of llama-quantize. */
public enum GgufFileType {
    F32(0, GgufType.F32),
    F16(1, GgufType.F16),
    Q4_0(2, GgufType.Q4_0),
    Q4_1(3, GgufType.Q4_1),
    Q8_0(7, GgufType.Q8_0),
    Q5_0(8, GgufType.Q5_0),
    Q3_K_S(11, GgufType.Q3_K),
    IQ4_NL(25, GgufType.IQ4_NL),
    BF16(32, GgufType.BF16);

    private final int id;
    private final GgufType matrices;

    GgufFileType(int id, GgufType matrices) {
        this.id = id;
        this.matrices = matrices;
    }

    /** {@code general.file_type}. */
    public int id() {
        return id;
    }

    /** The name on the command line: {@code q4_0}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type of a name, in capitals or not. */
    public static Optional<GgufFileType> named(String label) {
        return Arrays.stream(values())
                .filter(type -> type.label().equals(label.toLowerCase(Locale.ROOT)))
                .findFirst();
    }

    /** Every label. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(GgufFileType::label).toList();
    }

    /** Of a matrix that methods may touch; llama-quantize's fallback where rows do not divide into blocks: IQ4_NL for Q3_K, F16 else. */
    public GgufType ofMatrix(int columns) {
        if (columns % matrices.elementsPerBlock() == 0) return matrices;
        return matrices == GgufType.Q3_K && columns % GgufType.IQ4_NL.elementsPerBlock() == 0
                ? GgufType.IQ4_NL
                : GgufType.F16;
    }

    /** Of embedding and head, which methods leave alone. */
    public GgufType ofOther() {
        return matrices == GgufType.F32 || matrices == GgufType.BF16 ? matrices : GgufType.F16;
    }
}
