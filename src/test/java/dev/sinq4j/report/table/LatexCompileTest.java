package dev.sinq4j.report.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sinq4j.report.ResultCells;
import dev.sinq4j.report.cells.Cells;
import dev.sinq4j.report.cells.Difference;
import dev.sinq4j.report.cells.Labels;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LatexCompileTest {

    @Test
    void everyTableCompilesAndFitsThePage(@TempDir Path folder) throws Exception {
        Optional<Path> latex = onThePath("pdflatex");
        Assumptions.assumeTrue(latex.isPresent(), "pdflatex is not installed");
        Cells cells = Cells.of(ResultCells.quickstart());
        StringBuilder document = new StringBuilder("\\documentclass{article}\\usepackage[a4paper,margin=2cm]{geometry}"
                + "\\usepackage[T1]{fontenc}\\usepackage{booktabs,longtable}\\begin{document}\n");
        for (ReportTable table : Tables.of(cells, new Labels(cells), Difference.all(cells))) {
            Files.writeString(folder.resolve(table.name() + ".tex"), LatexText.of(table));
            document.append("\\input{").append(table.name()).append("}\n");
        }
        Files.writeString(folder.resolve("all.tex"), document.append("\\end{document}\n"));
        String log =
                run(folder, List.of(latex.get().toString(), "-interaction=nonstopmode", "-halt-on-error", "all.tex"));
        assertFalse(log.contains("Overfull \\hbox"), log);
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
