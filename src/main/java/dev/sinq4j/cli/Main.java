package dev.sinq4j.cli;

import java.io.PrintWriter;
import java.util.List;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** The program. Every command is one class of this package; {@link #commandLine} lists those there are. */
@Command(
        name = "sinq4j",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true,
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Measures what weight-only quantization does to large language models: SINQ, A-SINQ and rivals,"
                + " from a YAML configuration to tables and figures.",
        footer = {
            "",
            "Exit status: 0 done; 1 a regression (compare) or a failed cell (run); 2 wrong usage or configuration;",
            "3 something needed is not there; 130, 143 interrupted.",
            "Start with: ./sinq4j run configs/quickstart.yaml"
        })
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    /** Runs one command and gives its exit status; reports mistakes in words. */
    static int execute(String... arguments) {
        CommandLine commandLine = commandLine();
        if (arguments.length == 0) {
            commandLine.usage(commandLine.getErr(), colours());
            return CommandLine.ExitCode.USAGE;
        }
        try {
            return commandLine.execute(arguments);
        } catch (OutOfMemoryError e) {
            return Mistakes.report(e, commandLine.getErr());
        }
    }

    static CommandLine commandLine() {
        Mistakes mistakes = new Mistakes();
        CommandLine commandLine = new CommandLine(new Main());
        commands().forEach(commandLine::addSubcommand);
        return commandLine
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setColorScheme(colours())
                .setErr(new PrintWriter(System.err, true, System.err.charset()))
                .setParameterExceptionHandler(mistakes)
                .setExecutionExceptionHandler(mistakes);
    }

    /** In the order of the help text. */
    private static List<Object> commands() {
        return List.of(
                new RunCommand(),
                new ValidateCommand(),
                new ReportCommand(),
                new QuantizeCommand(),
                new MergeCommand(),
                new CompareCommand(),
                new PerplexityCommand(),
                new GenerateCommand(),
                new BenchCommand(),
                new InspectCommand(),
                new FetchCommand(),
                new DoctorCommand(),
                new GenerateCompletion());
    }

    private static Help.ColorScheme colours() {
        return Help.defaultColorScheme(Terminal.colour() ? Ansi.ON : Ansi.OFF);
    }
}
