package dev.sinq4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sinq4j.config.bind.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every mistake a configuration can have: where it is said to be, and what is said. */
class BadConfigurationTest {

    @TempDir
    Path folder;

    @ParameterizedTest(name = "{0}")
    @MethodSource("mistakes")
    void saysWhereAndWhat(String name, String yaml, String expected) throws IOException {
        assertEquals(expected, problems(yaml));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "unknown key",
                        line("methods:\n  - {method: rtn, bit: 4}"),
                        "3:19: methods[0].bit: unknown key; did you mean 'bits'?"),
                mistake(
                        "unknown key far from every known one",
                        line("methods: [{method: none}]\nreport: {colour: red}"),
                        "3:10: report.colour: unknown key; known here are tables, figures, page, paper"),
                mistake(
                        "unknown key at the top",
                        line("methods: [{method: none}]\nthread: 2"),
                        "3:1: thread: unknown key; did you mean 'threads'?"),
                mistake(
                        "text for a number",
                        line("methods: [{method: none}]\nthreads: two"),
                        "3:10: threads: 'two' is not a whole number from 1 to 4096"),
                mistake(
                        "fraction for a whole number",
                        line("methods:\n  - {method: rtn, bits: 3.5}"),
                        "3:25: methods[0].bits: 3.5 is not a whole number from 1 to 8"),
                mistake(
                        "number for a text",
                        "experiment: 42\nmodels: [{id: a/b}]\nmethods: [{method: none}]\n",
                        "1:13: experiment: 42 is a whole number, not text; write \"42\""),
                mistake(
                        "text for true or false",
                        line("methods: [{method: none}]\nmetrics: {memory: yes}"),
                        "3:19: metrics.memory: 'yes' is not true or false"),
                mistake(
                        "list for a text",
                        "experiment: [e]\nmodels: [{id: a/b}]\nmethods: [{method: none}]\n",
                        "1:13: experiment: a list is not text"),
                mistake(
                        "mapping for a list",
                        "experiment: e\nmodels: {id: a/b}\nmethods: [{method: none}]\n",
                        "2:9: models: a mapping is not a list; begin each item with '- '"),
                mistake(
                        "text for a mapping",
                        line("methods: [none]"),
                        "2:11: methods[0]: 'none' is not a mapping with the keys method, bits, group, tiling, aux,"
                                + " calibration, presinq, head-bits"),
                mistake(
                        "key twice",
                        line("methods: [{method: none}]\nseed: 1\nseed: 2"),
                        "4:1: seed: stands twice; the first is at bad.yaml:3:1"),
                mistake(
                        "a head that nothing is done to",
                        line("methods:\n  - {method: none, head-bits: 8}"),
                        "3:20: methods[0].head-bits: none leaves the head as it is, like every matrix; remove it"),
                mistake(
                        "head of too few bits",
                        line("methods:\n  - {method: sinq, head-bits: 1}"),
                        "3:31: methods[0].head-bits: 1 is not a whole number from 2 to 8"),
                mistake(
                        "impossible bits",
                        line("methods:\n  - {method: nf4, bits: 3}"),
                        "3:25: methods[0].bits: NF4 has 16 levels, so bits must be 4, not 3"),
                mistake(
                        "impossible bits within a list",
                        line("methods:\n  - {method: sinq, bits: [4, 7]}"),
                        "3:30: methods[0].bits[1]: 7 bits have no container of their own; write 6 or 8"),
                mistake(
                        "bits out of range",
                        line("methods:\n  - {method: sinq, bits: [4, 9]}"),
                        "3:30: methods[0].bits[1]: 9 is not a whole number from 1 to 8"),
                mistake(
                        "impossible group",
                        line("methods:\n  - {method: sinq, bits: 4, group: 60}"),
                        "3:36: methods[0].group: 60 is not a multiple of 8 from 8 to 1024 (usual: 32, 64, 128)"),
                mistake(
                        "misspelt method",
                        line("methods:\n  - {method: asink, bits: 4}"),
                        "3:14: methods[0].method: no method is named 'asink'; did you mean 'asinq'?"),
                mistake(
                        "setting the method lacks",
                        line("methods:\n  - {method: hqq, tiling: 2d}"),
                        "3:27: methods[0].tiling: hqq has no tiles; leave it out, or take reference-hqq"),
                mistake(
                        "misspelt choice",
                        line("methods:\n  - {method: sinq, aux: in8}"),
                        "3:25: methods[0].aux: 'in8' is not int8, fp16 or fp32; did you mean 'int8'?"),
                mistake(
                        "misspelt backend",
                        line("methods: [{method: none}]\nbackend: gpu"),
                        "3:10: backend: 'gpu' is not auto, cpu or cuda; did you mean 'cpu'?"),
                mistake(
                        "calibration for a method that has none",
                        line("methods:\n  - {method: sinq, calibration: {tokens: 64}}"),
                        "3:20: methods[0].calibration: sinq sees no text; remove it"),
                mistake(
                        "calibration text that is nowhere",
                        line("methods:\n  - {method: asinq, calibration: {text: prompts.txt}}"),
                        "3:41: methods[0].calibration.text: 'prompts.txt' does not exist, neither from the working"
                                + " directory nor beside the configuration (prompts.txt); known texts are bundled,"
                                + " reference-prompts"),
                mistake(
                        "unknown option's type",
                        line("methods:\n  - {method: rtn, reference-exact: 1}"),
                        "3:36: methods[0].reference-exact: 1 is not true or false"),
                mistake(
                        "missing key",
                        "experiment: e\nmethods: [{method: none}]\n",
                        "1:1: 'models' is missing (Models to quantize and measure)"),
                mistake(
                        "empty list",
                        "experiment: e\nmodels: []\nmethods: [{method: none}]\n",
                        "2:9: models: is empty; name at least one"),
                mistake(
                        "empty value",
                        line("methods: [{method: none}]\nseed:"),
                        "3:6: seed: is empty; give it a value or remove the line"),
                mistake(
                        "same value twice in a list",
                        line("methods:\n  - {method: rtn, bits: [3, 3]}"),
                        "3:29: methods[0].bits[1]: 3 stands twice"),
                mistake(
                        "same cell twice",
                        line("methods:\n  - {method: rtn, bits: [3, 4]}\n  - {method: rtn, bits: 4, group: 64}"),
                        "4:5: methods[1]: the cell rtn 4 bits, group 64, 1d, fp16 stands twice"),
                mistake(
                        "misspelt dataset",
                        line("methods: [{method: none}]\nmetrics: {perplexity: {datasets: [wikitext]}}"),
                        "3:35: metrics.perplexity.datasets[0]: 'wikitext' is no known dataset; did you mean"
                                + " 'wikitext2'?"),
                mistake(
                        "more sequences than are measured",
                        line("methods: [{method: none}]\nmetrics: {throughput: {batch: [1, 65]}}"),
                        "3:35: metrics.throughput.batch[1]: 65 is not a whole number from 1 to 64"),
                mistake(
                        "unknown task",
                        line("methods: [{method: none}]\nmetrics: {tasks: {names: [boolean-questions]}}"),
                        "3:27: metrics.tasks.names[0]: 'boolean-questions' is no known task; known are piqa,"
                                + " hellaswag, mmlu"),
                mistake(
                        "same task twice",
                        line("methods: [{method: none}]\nmetrics: {tasks: {names: [piqa, {name: piqa, jsonl:"
                                + " pom.xml}]}}"),
                        "3:26: metrics.tasks.names: the task 'piqa' stands twice; results are named by task"),
                mistake(
                        "missing file",
                        line("methods: [{method: none}]\n"
                                + "metrics: {perplexity: {datasets: {name: mine, text: mine.txt}}}"),
                        "3:53: metrics.perplexity.datasets.text: 'mine.txt' does not exist, neither from the working"
                                + " directory nor beside the configuration (mine.txt)"),
                mistake(
                        "two sources of one dataset",
                        line("methods: [{method: none}]\n"
                                + "metrics: {perplexity: {datasets: [{name: m, text: bad.yaml, jsonl:"
                                + " bad.yaml}]}}"),
                        "3:35: metrics.perplexity.datasets[0]: text, parquet and jsonl exclude each other; keep one"),
                mistake(
                        "column of a text",
                        line("methods: [{method: none}]\n"
                                + "metrics: {perplexity: {datasets: [{name: m, text: bad.yaml, column: x}]}}"),
                        "3:69: metrics.perplexity.datasets[0].column: only a parquet or jsonl file has columns; remove"
                                + " it"),
                mistake(
                        "stride beyond the window",
                        line("methods: [{method: none}]\n"
                                + "metrics: {perplexity: {datasets: c4, window: 512, stride: 1024}}"),
                        "3:59: metrics.perplexity.stride: 1024 is more than the window of 512, so that tokens would be"
                                + " skipped"),
                mistake(
                        "model that is neither here nor a hub id",
                        "experiment: e\nmodels: [{id: ./model}]\nmethods: [{method: none}]\n",
                        "2:15: models[0].id: './model' does not exist, neither from the working directory nor beside"
                                + " the configuration (model), and it is no hub id (org/name)"),
                mistake(
                        "model without a source",
                        "experiment: e\nmodels: [{revision: main}]\nmethods: [{method: none}]\n",
                        "2:10: models[0]: needs one of id, path and synthetic"),
                mistake(
                        "revision of a local model",
                        "experiment: e\nmodels: [{path: bad.yaml, revision: main}]\nmethods: [{method: none}]\n",
                        "2:37: models[0].revision: only a model of the hub has revisions; remove it"),
                mistake(
                        "accuracy of a synthetic model",
                        """
                        experiment: e
                        models: [{synthetic: bad.yaml@7}]
                        methods: [{method: none}]
                        metrics: {perplexity: {datasets: c4}}
                        """,
                        "2:10: models[0]: a synthetic model has speed and memory only; remove metrics.perplexity or"
                                + " the model"),
                mistake(
                        "name that is no folder",
                        "experiment: a/b\nmodels: [{id: a/b}]\nmethods: [{method: none}]\n",
                        "1:13: experiment: 'a/b' is not a folder name (letters, digits, '.', '_' and '-', beginning"
                                + " with a letter or a digit)"),
                mistake(
                        "commit that is none",
                        line("methods: [{method: none}]\nreference: {repository: a/b, commit: HEAD}"),
                        "3:38: reference.commit: 'HEAD' is not a commit (40 lower-case hexadecimal digits)"),
                mistake(
                        "bracket left open",
                        line("methods: [{method: none}"),
                        "3:1: bad YAML: expected ',' or ']', but got <scalar>, while parsing a flow sequence"),
                mistake(
                        "tab for indentation",
                        line("methods:\n\t- {method: none}"),
                        "3:1: bad YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB)"
                                + " for indentation), while scanning for the next token"),
                mistake(
                        "second document",
                        "experiment: e\nmethods: [{method: none}]\nmodels: [{id: a/b}]\n---\nexperiment: f\n",
                        "5:1: a second document begins here; one configuration a file"),
                mistake("nothing at all", "# only a remark\n", "1:1: is empty"),
                mistake(
                        "a single text",
                        "quickstart\n",
                        "1:1: 'quickstart' is not a mapping with the keys experiment, description, reference, seed,"
                                + " backend, threads, models, methods, metrics, report"));
    }

    @Test
    void allMistakesOfAFileAreReportedInItsOrder() throws IOException {
        String yaml = """
            experiment: e
            sed: 1
            models:
              - {id: a/b, rev: main}
            methods:
              - {method: snq}
              - {method: rtn, bits: [2, 12], group: 7}
              - {method: asinq, calibration: {tokens: 0}}
            backend: cuda
            metrics: {perplexity: {datasets: [c5, {name: own}], window: x}}
            """;
        assertEquals("""
            bad.yaml:2:1: sed: unknown key; did you mean 'seed'?
            bad.yaml:4:15: models[0].rev: unknown key; did you mean 'revision'?
            bad.yaml:6:14: methods[0].method: no method is named 'snq'; did you mean 'sinq'?
            bad.yaml:7:29: methods[1].bits[1]: 12 is not a whole number from 1 to 8
            bad.yaml:7:41: methods[1].group: 7 is not a multiple of 8 from 8 to 1024 (usual: 32, 64, 128)
            bad.yaml:8:43: methods[2].calibration.tokens: 0 is not a whole number from 1 to 1048576
            bad.yaml:10:35: metrics.perplexity.datasets[0]: 'c5' is no known dataset; did you mean 'c4'?
            bad.yaml:10:46: metrics.perplexity.datasets[1].name: 'own' is no known dataset; known are wikitext2, c4, ptb;\
             a file of your own is {name: own, text: PATH}
            bad.yaml:10:61: metrics.perplexity.window: 'x' is not a whole number from 2 to 16777216\
            """, problems(yaml));
    }

    private String problems(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), yaml);
        return new ConfigLoader(Catalogs.SMALL)
                .read(file, List.of()).problems().stream()
                        .map(Problem::toString)
                        .collect(Collectors.joining("\n"))
                        .replace(folder + "/", "");
    }

    private static String line(String rest) {
        return "experiment: e\n" + rest + "\nmodels: [{id: a/b}]\n";
    }

    private static Arguments mistake(String name, String yaml, String expected) {
        return Arguments.of(name, yaml, "bad.yaml:" + expected);
    }
}
