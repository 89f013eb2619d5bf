package dev.sinq4j.config;

import dev.sinq4j.config.bind.Setting;
import dev.sinq4j.config.bind.TextForm;
import org.jspecify.annotations.Nullable;

/** A known dataset or task by its name alone, or a name for a file of one's own: at most one of the three paths is there. */
@TextForm("name")
public record DatasetConfig(
        @Setting("A known name, or a name of your own for the file")
        String name,

        @Setting("Text file, UTF-8, taken as it is") @Nullable
        String text,

        @Setting("Parquet file") @Nullable String parquet,

        @Setting("File with one JSON object a line") @Nullable
        String jsonl,

        @Setting("Column or field with the text of a parquet or jsonl file; text if absent") @Nullable
        String column) {

    /** The default of {@code column}, filled in by the loader where there is a file with columns. */
    public static final String DEFAULT_COLUMN = "text";

    /** Whether it is a file of the user's own. */
    public boolean isFile() {
        return text != null || parquet != null || jsonl != null;
    }
}
