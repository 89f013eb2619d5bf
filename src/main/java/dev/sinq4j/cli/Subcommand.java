package dev.sinq4j.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A command below {@code sinq4j}: the common options, and a body to call. */
@Command(mixinStandardHelpOptions = true, usageHelpAutoWidth = true, sortOptions = false)
abstract class Subcommand implements Callable<Integer> {

    static final String MODEL =
            "Directory in Hugging Face layout (dense or a SINQ checkpoint), .gguf file, hub id org/name[@revision],"
                    + " or synthetic:CONFIG.json[@seed] (speed and memory only).";

    @Mixin
    final CommonOptions common = new CommonOptions();

    /** @return the exit status */
    abstract int execute(Console console) throws Exception;

    @Override
    public final Integer call() throws Exception {
        Logging.verbosity(common.quiet, common.verbose.length);
        return execute(common.console());
    }
}
