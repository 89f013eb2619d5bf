package dev.sinq4j.cli;

import dev.sinq4j.cli.inspect.Inspection;
import dev.sinq4j.cli.inspect.InspectionText;
import dev.sinq4j.cli.inspect.Inspector;
import dev.sinq4j.hub.FileHashes;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "inspect", description = "Tensors, dtypes, shapes, bytes, quantization settings and hashes of a model.")
final class InspectCommand extends Subcommand {

    @Parameters(paramLabel = "PATH", description = "Model folder, or a .safetensors or .gguf file.")
    Path path = Path.of("");

    @Option(names = "--no-hashes", description = "Do not read the weights to hash them.")
    boolean noHashes;

    @Override
    int execute(Console console) throws IOException {
        Inspection inspection =
                new Inspector(noHashes ? null : FileHashes.ofProgram(), console.progress()).inspect(path);
        console.result(InspectionText.of(inspection), inspection);
        return 0;
    }
}
