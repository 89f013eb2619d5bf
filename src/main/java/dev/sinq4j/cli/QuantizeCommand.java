package dev.sinq4j.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(name = "quantize", description = "Quantizes a model and writes a checkpoint.")
final class QuantizeCommand extends Subcommand {

    /** What is written. */
    enum Format {
        SINQ,
        DENSE,
        GGUF
    }

    @Option(names = "--model", required = true, paramLabel = "M", description = MODEL)
    String model = "";

    @Option(
            names = "--method",
            required = true,
            paramLabel = "NAME",
            description = "none, rtn, hqq, sinq, asinq ...; a wrong name gets the list.")
    String method = "";

    @Option(names = "--bits", paramLabel = "B", description = "Bits of a code; the method's default if absent.")
    @Nullable
    Integer bits;

    @Option(names = "--group", paramLabel = "G", description = "Columns that share a scale; 64 by default.")
    @Nullable
    Integer group;

    @Option(names = "--tiling", paramLabel = "1d|2d", description = "Shape of a Sinkhorn tile; 1d by default.")
    @Nullable
    String tiling;

    @Option(names = "--aux", paramLabel = "int8|fp16|fp32", description = "How scales and zeros are stored.")
    @Nullable
    String aux;

    @Option(
            names = "--calibration",
            paramLabel = "TEXT",
            description = "A file, or a known text (bundled, reference-prompts), whose activations asinq sees.")
    @Nullable
    String calibration;

    @Option(
            names = "--reference-exact",
            description = "Reproduce the reference implementation's defects instead of mending them.")
    boolean referenceExact;

    @Option(
            names = "--format",
            paramLabel = "sinq|dense|gguf",
            defaultValue = "sinq",
            description =
                    "sinq: the reference's checkpoint; dense: plain safetensors with the dequantized weights; gguf."
                            + " Default: ${DEFAULT-VALUE}.")
    Format format = Format.SINQ;

    @Option(
            names = "--out",
            required = true,
            paramLabel = "DIR",
            description = "Folder to write; must not hold a model yet.")
    Path out = Path.of("");

    private final Body<QuantizeCommand> body;

    QuantizeCommand(Body<QuantizeCommand> body) {
        this.body = body;
    }

    @Override
    int execute(Console console) throws Exception {
        return body.execute(this, console);
    }
}
