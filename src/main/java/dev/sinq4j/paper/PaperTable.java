package dev.sinq4j.paper;

import dev.sinq4j.config.bind.Setting;
import dev.sinq4j.paper.PaperNumber.Conditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table of a paper as its file writes it: models side by side, each with the same columns, one row a method.
 *
 * <pre>
 *   source: {arxiv: "2509.22944", version: v4, place: Table 1}
 *   title: Perplexity and memory of uncalibrated uniform quantization
 *   setting: {group: 64, aux: fp16, window: 2048}
 *   models: [Qwen/Qwen3-1.7B, Qwen/Qwen3-14B]
 *   columns: [memory-gb, perplexity/wikitext2, perplexity/c4]
 *   rows:
 *     - {method: none, name: BF16, values: 3.44 / 16.67 / 19.21 | 29.54 / 8.64 / 12.01}
 *     - {method: rtn, bits: 3, values: 1.28 / 32.43 / 31.10 | 9.23 / 10.50 / -}
 * </pre>
 *
 * @param claims methods whose order against the others the table is about; every pair if absent
 */
public record PaperTable(
        @Setting("Where the numbers stand") Source source,

        @Setting("What the table shows") String title,

        @Setting(value = "Conditions of every row that states no other", fallback = "{}")
        RowSetting setting,

        @Setting(
                value = "Farthest a figure may be from the paper's to count as reproduced: percent, or points",
                fallback = "1")
        double within,

        @Setting("Hub ids of the models, in the order of the values")
        List<String> models,

        @Setting("What is stated of each model, in the order of the values")
        List<String> columns,

        @Setting("Methods and their values") List<Row> rows,

        @Setting("Methods whose order against the others the table is about") @Nullable
        List<String> claims) {

    /** Bits of a row that quantizes nothing. */
    private static final int DENSE_BITS = 16;

    /** Where a table stands. */
    public record Source(
            @Setting(value = "arXiv id", pattern = "\\d{4}\\.\\d{4,5}", patternSays = "an arXiv id such as 2509.22944")
            String arxiv,

            @Setting(value = "Version", pattern = "v\\d+", patternSays = "a version such as v4")
            String version,

            @Setting("Table or figure, as the paper calls it")
            String place) {

        /** In a line. */
        public String text() {
            return "arXiv " + arxiv + version + ", " + place;
        }
    }

    /** Conditions as a file writes them. */
    public record RowSetting(
            @Setting(value = "Columns that share a scale", min = 1) @Nullable
            Integer group,

            @Setting(
                    value = "Rows of a Sinkhorn tile",
                    allowed = {"1d", "2d"})
            @Nullable
            String tiling,

            @Setting(
                    value = "How scales and zeros are stored",
                    allowed = {"int8", "fp16", "fp32"})
            @Nullable
            String aux,

            @Setting(value = "Tokens of a window", min = 2) @Nullable
            Integer window,

            @Setting("Program whose protocol is another than ours, such as llama.cpp") @Nullable
            String tool) {

        private Conditions under(RowSetting all) {
            return new Conditions(
                    group == null ? all.group : group,
                    tiling == null ? all.tiling : tiling,
                    aux == null ? all.aux : aux,
                    window == null ? all.window : window,
                    tool == null ? all.tool : tool);
        }
    }

    /** A method's values. */
    public record Row(
            @Setting("Method, as configurations name it") String method,

            @Setting(value = "Method, as the paper names it; ours if absent") @Nullable
            String name,

            @Setting(value = "Bits of a code; none for the dense model", min = 1, max = 8) @Nullable
            Integer bits,

            @Setting(value = "Whether scales were absorbed by the layers before", fallback = "false")
            boolean presinq,

            @Setting(value = "Where this row's conditions differ", fallback = "{}")
            RowSetting setting,

            @Setting("Values, '/' between columns, '|' between models, '-' for none")
            String values) {}

    /** The columns, read. */
    List<Measure> measures() {
        return columns.stream()
                .flatMap(column -> Measure.parse(column).stream())
                .toList();
    }

    /** Every number of the table, model by model, column by column. */
    public List<PaperNumber> numbers() {
        List<PaperNumber> numbers = new ArrayList<>();
        List<Measure> measures = measures();
        for (int model = 0; model < models.size(); model++)
            for (int column = 0; column < measures.size(); column++)
                for (Row row : rows) add(numbers, row, model, column, measures.get(column));
        return List.copyOf(numbers);
    }

    private void add(List<PaperNumber> numbers, Row row, int model, int column, Measure measure) {
        String value =
                Values.split(Values.split(row.values, '|').get(model), '/').get(column);
        if (value.equals(Values.NONE)) return;
        numbers.add(new PaperNumber(
                source.place,
                models.get(model),
                row.method,
                Objects.requireNonNullElse(row.name, row.method),
                Objects.requireNonNullElse(row.bits, DENSE_BITS),
                row.presinq,
                row.setting.under(setting),
                measure,
                Double.parseDouble(value)));
    }
}
