package dev.sinq4j.cli;

import dev.sinq4j.experiment.ProgramVersion;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} says. */
final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"sinq4j " + ProgramVersion.text() + " (Java " + Runtime.version() + ")"};
    }
}
