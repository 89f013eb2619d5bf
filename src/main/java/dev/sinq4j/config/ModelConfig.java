package dev.sinq4j.config;

import dev.sinq4j.config.bind.Setting;
import org.jspecify.annotations.Nullable;

/** One model; exactly one of {@code id}, {@code path} and {@code synthetic} is there. */
public record ModelConfig(
        @Setting(
                "Hub id (org/name), directory in Hugging Face layout, .gguf file, or" + " synthetic:CONFIG.json[@seed]")
        @Nullable
        String id,

        @Setting("Directory in Hugging Face layout, or .gguf file") @Nullable
        String path,

        @Setting("Configuration whose shapes are filled with seeded random weights: CONFIG.json[@seed]") @Nullable
        String synthetic,

        @Setting("Revision of a hub model: branch, tag or commit") @Nullable
        String revision,

        @Setting("A config.json with the shapes of a hub model, to plan with before it is fetched") @Nullable
        String shapes) {

    /** Marks a model without trained weights. */
    public static final String SYNTHETIC = "synthetic:";

    /** The model as commands take it: a directory, a file, {@code org/name[@revision]} or {@code synthetic:CONFIG.json[@seed]}. */
    public String source() {
        if (path != null) return path;
        if (synthetic != null) return SYNTHETIC + synthetic;
        return revision == null ? String.valueOf(id) : id + "@" + revision;
    }

    /** Whether its weights are random, so that only speed and memory mean anything. */
    public boolean isSynthetic() {
        return source().startsWith(SYNTHETIC);
    }
}
