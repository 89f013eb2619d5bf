package dev.sinq4j.cli;

import java.util.List;
import java.util.Stack;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Takes one or several {@code key=value} behind an option, and leaves what is no assignment to others. */
final class Assignments implements IParameterConsumer {

    @Override
    @SuppressWarnings("JdkObsolete") // picocli's signature
    public void consumeParameters(Stack<String> arguments, ArgSpec option, CommandSpec command) {
        if (arguments.isEmpty() || !isAssignment(arguments.peek()))
            throw new ParameterException(
                    command.commandLine(),
                    "Expected " + option.paramLabel()
                            + (arguments.isEmpty() ? "" : " but found '" + arguments.peek() + "'"));
        List<String> values = option.getValue();
        while (!arguments.isEmpty() && isAssignment(arguments.peek())) values.add(arguments.pop());
    }

    private static boolean isAssignment(String argument) {
        return !argument.startsWith("-") && argument.indexOf('=') > 0;
    }
}
