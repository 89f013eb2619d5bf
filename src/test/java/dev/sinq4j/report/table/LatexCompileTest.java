package dev.sinq4j.report.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sinq4j.report.ResultCells;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Difference;
import dev.sinq4j.report.cells.Labels;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.Metrics.Against;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatexCompileTest {

    @TempDir
    Path folder;

    @Test
    void everyTableCompilesAndFitsThePage() throws Exception {
        List<ReportTable> tables = new ArrayList<>(tables(ResultCells.quickstart()));
        tables.addAll(tables(List.of(
                ResultCells.ok("m", "none", 16, null, ResultCells.fidelity(0, 1, true, true)),
                ResultCells.ok(
                        "m", "rtn", 4, 64, ResultCells.fidelity(0.02, 0.9, new Against(1, 0, 1), true, false)))));
        compile(tables.stream().map(LatexText::of).toList());
    }

    @Test
    void everyTableOfTheCommittedResultsCompilesAndFitsThePage() throws Exception {
        List<String> tables = new ArrayList<>();
        try (Stream<Path> files = Files.walk(Path.of("results/baselines"), 3)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".tex"))
                    .sorted()
                    .toList()) tables.add(Files.readString(file));
        }
        assertFalse(tables.isEmpty());
        compile(tables);
    }

    private void compile(List<String> tables) throws Exception {
        List<String> latex = onThePath("pdflatex")
                .map(program -> List.of(program.toString(), "-interaction=nonstopmode", "-halt-on-error", "all.tex"))
                .or(() -> onThePath("tectonic").map(program -> List.of(program.toString(), "all.tex")))
                .orElse(List.of());
        Assumptions.assumeTrue(!latex.isEmpty(), "neither pdflatex nor tectonic is installed");
        StringBuilder document = new StringBuilder("\\documentclass{article}\\usepackage[a4paper,margin=2cm]{geometry}"
                + "\\usepackage[T1]{fontenc}\\usepackage{booktabs,graphicx,longtable}\\begin{document}\n");
        for (int i = 0; i < tables.size(); i++) {
            Files.writeString(folder.resolve("table" + i + ".tex"), tables.get(i));
            document.append("\\input{table").append(i).append("}\\clearpage\n");
        }
        Files.writeString(folder.resolve("all.tex"), document.append("\\end{document}\n"));
        String log = run(folder, latex);
        assertFalse(log.contains("Overfull \\hbox"), log);
    }

    private static List<ReportTable> tables(List<CellResult> results) {
        Cells cells = Cells.of(results);
        return Tables.of(cells, new Labels(cells), Difference.all(cells));
    }

    private static String run(Path folder, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .start();
        String log = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor(60, TimeUnit.SECONDS);
        assertEquals(0, process.exitValue(), log);
        return log;
    }

    private static Optional<Path> onThePath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
