package dev.sinq4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.config.MetricsConfig.PerplexityConfig;
import dev.sinq4j.config.ReportConfig.FigureFormat;
import dev.sinq4j.config.ReportConfig.TableFormat;
import dev.sinq4j.failure.UsageFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigLoaderTest {

    private static final String SMALLEST = "experiment: e\nmodels: [{id: org/name}]\nmethods: [{method: none}]\n";

    @TempDir
    Path folder;

    @Test
    void everyDefaultIsFilledIn() throws IOException {
        ExperimentConfig config = load(SMALLEST);
        assertEquals("", config.description());
        assertEquals("huawei-csl/SINQ", config.reference().repository());
        assertEquals(
                "bbbc6571e625ae6837813734abc94e776923d82f", config.reference().commit());
        assertEquals(42, config.seed());
        assertEquals(Backend.AUTO, config.backend());
        assertNull(config.threads());
        assertEquals(new MetricsConfig(null, null, null, true, null), config.metrics());
        assertEquals(
                new ReportConfig(
                        List.of(TableFormat.MD, TableFormat.CSV, TableFormat.TEX),
                        List.of(FigureFormat.SVG, FigureFormat.PNG, FigureFormat.PDF),
                        true,
                        null),
                config.report());
    }

    @Test
    void theContractsExampleIsUnderstood() throws IOException {
        ExperimentConfig config = load(
                """
                experiment: apertus-int4
                description: Table row for Apertus-8B, INT4, group 64
                reference: {repository: huawei-csl/SINQ, commit: bbbc6571e625ae6837813734abc94e776923d82f}
                seed: 42
                backend: auto
                models:
                  - {id: swiss-ai/Apertus-8B-2509, revision: 0123456789012345678901234567890123456789}
                methods:
                  - {method: none}
                  - {method: rtn,   bits: [3, 4], group: 64}
                  - {method: asinq, bits: [3, 4], group: 64, aux: int8, calibration: {text: reference-prompts, tokens: 128}}
                metrics:
                  perplexity: {datasets: [wikitext2, c4], window: 2048}
                  divergence: {dataset: wikitext2, windows: 16}
                  tasks: {names: [piqa, hellaswag, mmlu], limit: 1000}
                  memory: true
                  throughput: {prompt-tokens: 512, generate-tokens: 128, repetitions: 5, batch: [1, 4]}
                report: {tables: [md, csv, tex], figures: [svg, png, pdf], page: true, paper: table-1}
                """.replace("0123456789012345678901234567890123456789", "a123456789012345678901234567890123456789"));
        assertEquals(
                new PerplexityConfig(List.of(named("wikitext2"), named("c4")), 2048, 2048, null, Bos.AUTO),
                config.metrics().perplexity());
        assertEquals(
                new MetricsConfig.DivergenceConfig(named("wikitext2"), 2048, 16),
                config.metrics().divergence());
        assertEquals(
                new MetricsConfig.TasksConfig(List.of(task("piqa"), task("hellaswag"), task("mmlu")), 1000, 0, false),
                config.metrics().tasks());
        assertEquals(
                new MetricsConfig.ThroughputConfig(512, 128, 5, List.of(1, 4)),
                config.metrics().throughput());
        assertEquals("experiments/table-1/paper.yaml", config.report().paper());
        assertEquals(
                "swiss-ai/Apertus-8B-2509@a123456789012345678901234567890123456789",
                config.models().get(0).source());
    }

    @Test
    void listsOfAMethodMultiplyTheLastFastest() throws IOException {
        ExperimentConfig config =
                load(SMALLEST.replace("{method: none}", "{method: sinq, bits: [3, 4], aux: [int8, fp16]}"));
        assertEquals(
                List.of(
                        "sinq 3 bits, group 64, 1d, int8",
                        "sinq 3 bits, group 64, 1d, fp16",
                        "sinq 4 bits, group 64, 1d, int8",
                        "sinq 4 bits, group 64, 1d, fp16"),
                config.methods().get(0).cells().stream()
                        .map(MethodSettings::label)
                        .toList());
    }

    @Test
    void methodsGetTheirOwnDefaults() throws IOException {
        ExperimentConfig config = load(SMALLEST.replace(
                "{method: none}", "{method: none}, {method: hqq}, {method: asinq, reference-exact: true}"));
        assertEquals(
                List.of(
                        new MethodConfig("none", null, null, null, null, null, null, null, Map.of()),
                        new MethodConfig(
                                "hqq", List.of(4), List.of(64), null, List.of("fp16"), null, null, null, Map.of()),
                        new MethodConfig(
                                "asinq",
                                List.of(4),
                                List.of(64),
                                List.of("1d"),
                                List.of("int8"),
                                new CalibrationConfig("bundled", 128, null),
                                null,
                                null,
                                Map.of("reference-exact", true))),
                config.methods());
    }

    @Test
    void theHeadMayHaveBitsOfItsOwn() throws IOException {
        ExperimentConfig config =
                load(SMALLEST.replace("{method: none}", "{method: none}, {method: sinq, bits: [3, 4], head-bits: 8}"));
        assertEquals(
                List.of("sinq 3 bits, group 64, 1d, int8, head-bits 8", "sinq 4 bits, group 64, 1d, int8, head-bits 8"),
                config.methods().getLast().cells().stream()
                        .map(MethodSettings::label)
                        .toList());
    }

    @Test
    void preSinqHasDefaultsOfItsOwn() throws IOException {
        ExperimentConfig config = load(SMALLEST.replace(
                "{method: none}",
                "{method: none, presinq: {}}, {method: rtn, bits: 3, presinq: {tile: 32, absorb: [out, qkv]}}"));
        assertEquals(
                List.of("none, presinq 64x16x1", "rtn 3 bits, group 64, 1d, fp16, presinq 32x16x1:qkv+out"),
                config.methods().stream()
                        .map(method -> method.cells().get(0).label())
                        .toList());
    }

    @Test
    void relativePathsCountFromTheWorkingDirectoryThenFromTheConfiguration() throws IOException {
        Files.createDirectory(folder.resolve("model"));
        Files.writeString(folder.resolve("own.txt"), "text");
        Files.writeString(folder.resolve("shape.json"), "{}");
        ExperimentConfig config = load("""
            experiment: e
            models: [{id: model}, {id: pom.xml}, {id: "synthetic:shape.json@7"}]
            methods: [{method: asinq, calibration: {text: own.txt}}]
            """);
        assertEquals(
                List.of(
                        folder.resolve("model").toString(),
                        "pom.xml",
                        "synthetic:" + folder.resolve("shape.json") + "@7"),
                config.models().stream().map(ModelConfig::source).toList());
        assertEquals(
                folder.resolve("own.txt").toString(),
                Objects.requireNonNull(config.methods().get(0).calibration()).text());
        assertTrue(config.models().get(2).isSynthetic());
    }

    @Test
    void aDatasetOfOnesOwnHasAColumnOnlyWhereFilesHaveColumns() throws IOException {
        Files.writeString(folder.resolve("own.txt"), "text");
        ExperimentConfig config = load(SMALLEST
                + "metrics: {perplexity: {datasets: [{name: a, text: own.txt}, {name: b, jsonl: own.txt}]}}\n");
        String file = folder.resolve("own.txt").toString();
        assertEquals(
                List.of(
                        new DatasetConfig("a", file, null, null, null),
                        new DatasetConfig("b", null, null, file, "text")),
                Objects.requireNonNull(config.metrics().perplexity()).datasets());
    }

    @Test
    void anchorsAndAliasesAreFollowed() throws IOException {
        ExperimentConfig config = load(SMALLEST.replace(
                "[{method: none}]", "[{method: rtn, bits: &bits [3, 4]}, {method: sinq, bits: *bits}]"));
        assertEquals(List.of(3, 4), config.methods().get(1).bits());
    }

    @Test
    void whatIsWrittenLoadsToAnEqualConfiguration() throws IOException {
        for (Path example : examples().toList()) {
            ExperimentConfig config = loader().load(example, List.of());
            Path written = Files.writeString(folder.resolve("experiment.yaml"), ConfigWriter.yaml(config));
            assertEquals(config, loader().load(written, List.of()), example.toString());
        }
    }

    @Test
    void theWrittenConfigurationSpellsDefaultsOut() throws IOException {
        assertEquals(
                """
                experiment: "e"
                description: ""
                reference:
                  repository: "huawei-csl/SINQ"
                  commit: "bbbc6571e625ae6837813734abc94e776923d82f"
                seed: 42
                backend: "auto"
                models:
                  - id: "org/name"
                methods:
                  - method: "sinq"
                    bits:
                      - 3
                    group:
                      - 64
                    tiling:
                      - "1d"
                    aux:
                      - "int8"
                metrics:
                  memory: true
                report:
                  tables:
                    - "md"
                  figures: []
                  page: true
                """,
                ConfigWriter.yaml(
                        load(SMALLEST.replace("none", "sinq, bits: 3") + "report: {tables: md, figures: []}\n")));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleLoads(Path example) {
        assertFalse(loader().load(example, List.of()).models().isEmpty());
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("configs"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @Test
    void overridesReplaceAndAddValues() throws IOException {
        ExperimentConfig config = load(
                SMALLEST,
                "seed=7",
                "methods[0]={method: rtn, bits: [2, 3]}",
                "metrics.perplexity.datasets=[c4]",
                "metrics.perplexity.window=512",
                "models[0].revision=main");
        assertEquals(7, config.seed());
        assertEquals(List.of(2, 3), config.methods().get(0).bits());
        assertEquals(
                new PerplexityConfig(List.of(named("c4")), 512, 512, null, Bos.AUTO),
                config.metrics().perplexity());
        assertEquals("org/name@main", config.models().get(0).source());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "seed | --set seed: is not path=value, for example methods[1].bits=3 or seed=7",
                "a..b=1 | --set a..b=1: is not path=value, for example methods[1].bits=3 or seed=7",
                "seed=x | --set seed=x: seed: 'x' is not a whole number",
                "sede=1 | --set sede=1: sede: unknown key; did you mean 'seed'?",
                "methods[3].bits=4 | --set methods[3].bits=4: methods: there is no item 3; the list has 1",
                "models.id=a/b | --set models.id=a/b: models: a list has no key 'id'",
                "seed[0]=1 | --set seed[0]=1: seed: a mapping is not a list",
                "experiment[0]=1 | --set experiment[0]=1: experiment: 'e' is not a list",
                "seed=[1 | --set seed=[1: bad YAML: expected ',' or ']', but got <stream end>, while parsing a flow"
                        + " sequence",
            })
    void badOverridesAreReportedAsSuch(String override, String expected) {
        UsageFailure failure = assertThrows(UsageFailure.class, () -> load(SMALLEST, override));
        assertEquals(expected, failure.getMessage().lines().findFirst().orElseThrow());
    }

    @Test
    void aMissingFileIsNamedWithItsNeighbour() {
        UsageFailure failure =
                assertThrows(UsageFailure.class, () -> loader().load(Path.of("configs/quikstart.yaml"), List.of()));
        assertEquals(
                "configs/quikstart.yaml: no such file; did you mean 'configs/quickstart.yaml'?", failure.getMessage());
    }

    @Test
    void aFolderIsNoConfiguration() {
        UsageFailure failure = assertThrows(UsageFailure.class, () -> loader().load(Path.of("configs"), List.of()));
        assertEquals("configs: is a folder, not a configuration", failure.getMessage());
    }

    @Test
    void binaryIsNoConfiguration() throws IOException {
        Path file = Files.write(folder.resolve("x.yaml"), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        UsageFailure failure = assertThrows(UsageFailure.class, () -> loader().load(file, List.of()));
        assertEquals(file + ": is not UTF-8 text", failure.getMessage());
    }

    private ExperimentConfig load(String yaml, String... overrides) throws IOException {
        return loader().load(Files.writeString(folder.resolve("c.yaml"), yaml), List.of(overrides));
    }

    private static ConfigLoader loader() {
        return new ConfigLoader(Catalogs.SMALL);
    }

    private static TaskConfig task(String name) {
        return new TaskConfig(name, null, null, null);
    }

    private static DatasetConfig named(String name) {
        return new DatasetConfig(name, null, null, null, null);
    }
}
