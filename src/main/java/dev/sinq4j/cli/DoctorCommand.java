package dev.sinq4j.cli;

import dev.sinq4j.cli.doctor.Examination;
import dev.sinq4j.cli.doctor.Finding;
import dev.sinq4j.experiment.ProgramVersion;
import java.util.List;
import picocli.CommandLine.Command;

@Command(
        name = "doctor",
        description = "What works here, what does not and how to mend it: Java, kernels, memory, GPU, caches, fonts.")
final class DoctorCommand extends Subcommand {

    @Override
    int execute(Console console) {
        List<Finding> findings =
                Examination.run(common.threads == null ? Runtime.getRuntime().availableProcessors() : common.threads);
        console.result(text(findings), new Examined(ProgramVersion.text(), findings));
        return findings.stream().anyMatch(finding -> finding.state() == Finding.State.MISSING) ? 3 : 0;
    }

    /** What {@code --json} shows. */
    private record Examined(String version, List<Finding> findings) {}

    private static String text(List<Finding> findings) {
        StringBuilder text = new StringBuilder();
        for (Finding finding : findings) {
            String mark = switch (finding.state()) {
                case OK -> "ok     ";
                case LIMITED -> "limited";
                case MISSING -> "missing";
            };
            text.append(String.format("%-8s %s  %s%n", finding.name(), mark, finding.text()));
            if (finding.remedy() != null)
                text.append(" ".repeat(18)).append(finding.remedy()).append('\n');
        }
        return text.toString();
    }
}
