package dev.sinq4j.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.report.ReportSettings.FigureFormat;
import dev.sinq4j.report.ReportSettings.TableFormat;
import dev.sinq4j.results.CellResult;
import dev.sinq4j.results.ResultsStore;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class ReportTest {

    @TempDir
    static Path once;

    @TempDir
    Path folder;

    private static ReportFiles files;

    @BeforeAll
    static void writeEverything() {
        files = Report.write(List.of(ResultCells.quickstartFolder()), once, ReportSettings.ALL);
    }

    @Test
    void everythingIsWrittenInEveryFormat() {
        assertEquals(List.of(), files.warnings());
        List<String> names = files.paths().stream()
                .map(path -> once.relativize(path).toString())
                .toList();
        for (String table : List.of("main", "differences", "cost", "weight-error", "layers")) {
            assertTrue(names.containsAll(
                    List.of("tables/" + table + ".md", "tables/" + table + ".csv", "tables/" + table + ".tex")));
        }
        for (String figure : List.of(
                "pareto", "quantization-time", "speed", "windows", "weight-error", "layers-4-bit", "layers-2-bit")) {
            assertTrue(names.containsAll(
                    List.of("figures/" + figure + ".svg", "figures/" + figure + ".png", "figures/" + figure + ".pdf")));
        }
        assertTrue(names.contains("report.html"));
        assertTrue(files.paths().stream().allMatch(Files::isRegularFile));
    }

    @Test
    void aSecondReportHasTheSameBytesInAnyLocaleAndTimeZone() throws IOException {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
            ReportFiles again = Report.write(List.of(ResultCells.quickstartFolder()), folder, ReportSettings.ALL);
            assertEquals(files.paths().size(), again.paths().size());
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
        for (Path path : files.paths()) {
            Path name = once.relativize(path);
            assertArrayEquals(
                    Files.readAllBytes(path), Files.readAllBytes(folder.resolve(name)), () -> name + " differs");
        }
    }

    @Test
    void thePageIsWellFormed() throws Exception {
        Document page = xml(page(once).replaceFirst("<!DOCTYPE html>", "").replaceAll("(?s)<script>.*?</script>", ""));
        assertEquals("html", page.getDocumentElement().getNodeName());
        assertEquals(8, page.getElementsByTagName("svg").getLength(), "every figure stands in the page");
    }

    @Test
    void thePageLoadsNothing() throws IOException {
        String page = page(once).replaceAll("xmlns(:xlink)?=\"[^\"]*\"", "");
        assertFalse(page.contains("http:") || page.contains("https:"), "an address in the page");
        assertFalse(Pattern.compile("<(link|img|iframe|object|embed|base)\\b|\\bsrc=|@import")
                .matcher(page)
                .find());
        assertTrue(page.contains("default-src 'none'"), "and the browser is told to refuse");
        Matcher references = Pattern.compile("(?:href=\"|url\\()([^\")]*)").matcher(page);
        while (references.find()) assertTrue(references.group(1).startsWith("#"), references.group());
    }

    @Test
    void identifiersAreUniqueAndReferencesFindThem() throws IOException {
        String page = page(once);
        Set<String> ids = new HashSet<>();
        Matcher id = Pattern.compile("\\bid=\"([^\"]*)\"").matcher(page);
        while (id.find()) {
            if (!id.group(1).equals("genericDefs")) assertTrue(ids.add(id.group(1)), "twice: " + id.group(1));
        }
        Matcher references = Pattern.compile("(?:href=\"#|url\\(#)([^\")]*)").matcher(page);
        while (references.find()) assertTrue(ids.contains(references.group(1)), references.group());
    }

    @Test
    void thePageTellsHowToReproduceItsFigures() throws IOException {
        String page = page(once);
        for (String fact : List.of(
                "./sinq4j run configs/quickstart.yaml",
                "0123456789abcdef0123456789abcdef01234567",
                "bbbc6571e625ae6837813734abc94e776923d82f",
                "stories e5eaaf184c5aca304faa60213335d4e90488e81fb973691d86c7cc8b9db89f1e",
                "0.1.0-SNAPSHOT",
                "25.0.3")) {
            assertTrue(page.contains("<code>" + fact + "</code>"), fact);
        }
        assertTrue(page.contains("stories, 3 bits: hqq is better than rtn by 0.020 [0.018, 0.023] nats per token."));
    }

    @Test
    void figuresOpenInTheirFormats() throws Exception {
        for (Path path : files.paths()) {
            String name = path.getFileName().toString();
            if (name.endsWith(".svg")) {
                Document svg = xml(Files.readString(path));
                assertEquals("img", svg.getDocumentElement().getAttribute("role"));
                assertTrue(svg.getDocumentElement().getAttribute("aria-label").length() > 40, name);
            } else if (name.endsWith(".png")) {
                BufferedImage image = ImageIO.read(path.toFile());
                assertTrue(image.getWidth() >= 1400 && colours(image) > 4, name);
            } else if (name.endsWith(".pdf")) {
                try (PDDocument document = Loader.loadPDF(path.toFile())) {
                    assertEquals(1, document.getNumberOfPages());
                    assertNotNull(document.getDocumentInformation().getTitle());
                }
            }
        }
    }

    private static int colours(BufferedImage image) {
        Set<Integer> colours = new HashSet<>();
        for (int y = 0; y < image.getHeight(); y += 3) {
            for (int x = 0; x < image.getWidth(); x += 3) colours.add(image.getRGB(x, y));
        }
        return colours.size();
    }

    @Test
    void onlyWhatIsAskedForIsWritten() {
        ReportFiles written = Report.write(
                List.of(ResultCells.quickstartFolder()),
                folder,
                new ReportSettings(List.of(TableFormat.CSV), List.of(), false));
        assertTrue(written.paths().stream().allMatch(path -> path.toString().endsWith(".csv")));
        assertFalse(Files.exists(folder.resolve("figures")));
    }

    @Test
    void thePageShowsFiguresThatAreNotWrittenAsFiles() throws IOException {
        store(ResultCells.ok("m", "none", 16, null, ResultCells.speed(8, 1.0, 2.0)));
        Report.write(folder, new ReportSettings(List.of(), List.of(FigureFormat.PNG), true));
        assertTrue(page(folder).contains("<figure id=\"figure-speed\">"));
        assertFalse(Files.exists(folder.resolve("figures/speed.svg")));
    }

    @Test
    void failedCellsAreListedWithTheirMessage() throws IOException {
        store(
                ResultCells.ok("m", "none", 16, null, ResultCells.speed(8, 1.0, 2.0)),
                ResultCells.failed("m", "sinq", 3, "<b>5 GB</b> needed & 4 GB there"));
        Report.write(folder, new ReportSettings(List.of(), List.of(), true));
        String page = page(folder);
        assertTrue(page.contains("1 cell measured, 1 failed"));
        assertTrue(page.contains("sinq 3-bit"));
        assertTrue(page.contains("&lt;b>5 GB&lt;/b> needed &amp; 4 GB there")
                || page.contains("&lt;b&gt;5 GB&lt;/b&gt; needed &amp; 4 GB there"));
    }

    @Test
    void cellsThatAllFailedStillMakeAPage() throws IOException {
        store(ResultCells.failed("m", "sinq", 3, "no memory"));
        ReportFiles written = Report.write(folder, ReportSettings.ALL);
        assertEquals(List.of(folder.resolve("report.html")), written.paths());
        assertTrue(page(folder).contains("no memory"));
    }

    @Test
    void severalFoldersMakeOneReport() throws IOException {
        store(ResultCells.ok("other-model", "none", 16, null, ResultCells.perplexity(512, 1.0, 2.0)));
        Path out = folder.resolve("both");
        Report.write(
                List.of(ResultCells.quickstartFolder(), folder),
                out,
                new ReportSettings(List.of(TableFormat.MD), List.of(), false));
        String main = Files.readString(out.resolve("tables/main.md"));
        assertTrue(
                main.contains("| experiments/quickstart/model | none |") && main.contains("| other-model | none |"),
                main);
    }

    @Test
    void theConfigurationIsShownWhereItIsThere() throws IOException {
        store(ResultCells.ok("m", "none", 16, null, ResultCells.speed(8, 1.0)));
        Files.writeString(folder.resolve("experiment.yaml"), "experiment: <made-up>\n");
        Report.write(folder, new ReportSettings(List.of(), List.of(), true));
        assertTrue(page(folder).contains("experiment: &lt;made-up"));
    }

    @Test
    void aPapersNumbersStandBesideOurs() throws IOException {
        store(
                ResultCells.ok("org/m", "rtn", 3, 64, ResultCells.perplexity(512, 2.0, 2.1)),
                ResultCells.ok("org/m", "sinq", 3, 64, ResultCells.perplexity(512, 1.0, 1.1)));
        Files.writeString(folder.resolve("paper.yaml"), """
            source: {arxiv: "2509.22944", version: v4, place: Table 1}
            title: Made up
            models: [org/m]
            columns: [perplexity/wiki]
            rows:
              - {method: rtn, name: RTN, bits: 3, values: "7.77"}
              - {method: sinq, name: SINQ, bits: 3, values: "2.00"}
            """);
        Report.write(folder, new ReportSettings(List.of(TableFormat.MD), List.of(), true));
        String numbers = Files.readString(folder.resolve("tables/paper.md"));
        assertTrue(numbers.contains("| RTN | 3 | 7.77 | 7.768"), numbers);
        assertTrue(numbers.contains("| reproduced within 0.1 % |"), numbers);
        assertTrue(numbers.contains("2 numbers: 1 reproduced, 1 not reproduced"), numbers);
        String order = Files.readString(folder.resolve("tables/paper-order.md"));
        assertTrue(order.contains("| RTN | SINQ | 0 of 1 | +171.83"), order);
        assertTrue(page(folder).contains("Paper and ours: Table 1"));
    }

    @Test
    void aTornLineIsMentioned() throws IOException {
        store(ResultCells.ok("m", "none", 16, null, ResultCells.speed(8, 1.0)));
        Path results = folder.resolve("results.jsonl");
        Files.writeString(results, Files.readString(results) + "{\"schema\":");
        ReportFiles written = Report.write(folder, new ReportSettings(List.of(), List.of(), true));
        assertEquals(1, written.warnings().size());
        assertTrue(page(folder).contains("the last line is cut off"));
    }

    @Test
    void aFolderWithoutResultsIsNamed() {
        var error = assertThrows(UnavailableFailure.class, () -> Report.write(folder, ReportSettings.ALL));
        assertTrue(error.getMessage().startsWith(folder + ": there is no results.jsonl here"));
    }

    @Test
    void missingFontsCostTheFiguresAndNothingElse() {
        DrawnFigures drawn = DrawnFigures.of(
                () -> {
                    throw new InternalError(new RuntimeException("Fontconfig head is null"));
                },
                List.of(FigureFormat.PNG));
        assertEquals(List.of(), drawn.drawings());
        assertEquals(
                List.of("no figures were drawn (java.lang.RuntimeException: Fontconfig head is null); on Debian or"
                        + " Ubuntu install the font libraries with 'apt-get install libfontconfig1 libfreetype6',"
                        + " then run the report again"),
                drawn.warnings());
    }

    private void store(CellResult... results) {
        try (ResultsStore store = ResultsStore.open(folder)) {
            for (CellResult result : results) store.append(result);
        }
    }

    private static String page(Path folder) throws IOException {
        return Files.readString(folder.resolve("report.html"));
    }

    private static Document xml(String text) throws Exception {
        return DocumentBuilderFactory.newDefaultInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }
}
