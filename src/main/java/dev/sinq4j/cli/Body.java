package dev.sinq4j.cli;

/**
 * What a command does once its options are read.
 *
 * @param <C> the command, whose fields are the options
 */
@FunctionalInterface
interface Body<C> {

    /** @return the exit status */
    int execute(C command, Console console) throws Exception;
}
