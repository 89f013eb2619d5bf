package dev.sinq4j.cli;

import dev.sinq4j.cli.doctor.DecoderCheck;
import dev.sinq4j.cli.doctor.Examination;
import dev.sinq4j.cli.doctor.Finding;
import dev.sinq4j.cuda.CudaBackend;
import dev.sinq4j.cuda.SelfTest;
import dev.sinq4j.engine.Backend;
import dev.sinq4j.engine.CpuBackend;
import dev.sinq4j.experiment.ProgramVersion;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "doctor",
        description = "What works here, what does not and how to mend it: Java, kernels, memory, GPU, caches, fonts.")
final class DoctorCommand extends Subcommand {

    @Option(
            names = "--cuda-selftest",
            description =
                    "Holds the GPU's operations, quantizers and a whole decoder against the CPU's on random input and"
                            + " times them; exit status 1 if one differs, 3 without a GPU.")
    boolean cudaSelftest;

    @Override
    int execute(Console console) {
        if (cudaSelftest) return selfTest(console);
        List<Finding> findings =
                Examination.run(common.threads == null ? Runtime.getRuntime().availableProcessors() : common.threads);
        console.result(text(findings), new Examined(ProgramVersion.text(), findings));
        return findings.stream().anyMatch(finding -> finding.state() == Finding.State.MISSING) ? 3 : 0;
    }

    private static int selfTest(Console console) {
        try (CudaBackend gpu = CudaBackend.open();
                Backend cpu = CpuBackend.create(0)) {
            SelfTest.Report operations = SelfTest.run(gpu, cpu, System.nanoTime());
            SelfTest.Report report = operations.and(DecoderCheck.results(gpu, cpu, operations.rates()));
            console.result(text(report), report);
            return report.passed() ? 0 : 1;
        }
    }

    private static String text(SelfTest.Report report) {
        StringBuilder text = new StringBuilder(report.device() + ", seed " + report.seed());
        if (report.rates() != null)
            text.append(String.format(
                    Locale.ROOT,
                    ", copies at %.1f GB/s, bf16 products at %.1f Tflop/s",
                    report.rates().copyBytesPerSecond() / 1e9,
                    report.rates().matrixOperationsPerSecond() / 1e12));
        text.append('\n');
        for (SelfTest.Result result : report.results())
            text.append(String.format(
                    Locale.ROOT,
                    "%-60s %s  difference %.1e of %.1e  %8.1f us  %5.1f %% of copying  %5.1f %% of products%n",
                    result.name(),
                    result.passed() ? "ok     " : "differs",
                    result.difference(),
                    result.tolerance(),
                    result.seconds() * 1e6,
                    result.shareOfCopying() * 100,
                    result.shareOfMatrixRate() * 100));
        return text.toString();
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
