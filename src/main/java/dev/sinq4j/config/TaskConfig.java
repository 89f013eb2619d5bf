package dev.sinq4j.config;

import dev.sinq4j.config.bind.Setting;
import dev.sinq4j.config.bind.TextForm;
import org.jspecify.annotations.Nullable;

/** A known task by its name alone, or with the files of its questions in the layout of the task's dataset. */
@TextForm("name")
public record TaskConfig(
        @Setting("A known task") String name,

        @Setting("Parquet file with the questions") @Nullable
        String parquet,

        @Setting("File of the questions, one JSON object a line; answers may lie beside it in NAME-labels.lst")
        @Nullable
        String jsonl,

        @Setting("File of the same kind with the examples to put in front of questions") @Nullable
        String examples) {

    /** The file of the questions; null where they come from the hub. */
    public @Nullable String file() {
        return jsonl != null ? jsonl : parquet;
    }
}
