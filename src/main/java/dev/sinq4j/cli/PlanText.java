package dev.sinq4j.cli;

import dev.sinq4j.experiment.Experiment;
import dev.sinq4j.experiment.MemoryCheck;
import dev.sinq4j.experiment.Plan;
import dev.sinq4j.experiment.Plan.PlannedCell;
import dev.sinq4j.experiment.Plan.PlannedModel;
import dev.sinq4j.experiment.Plan.PlannedTask;
import dev.sinq4j.experiment.Plan.PlannedText;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A plan in words. */
final class PlanText {

    private PlanText() {}

    static String of(Plan plan) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "experiment %s: %d cells%n%n",
                plan.experiment(),
                plan.cells().size()));
        for (PlannedModel model : plan.models()) text.append(line(model));
        for (PlannedText each : plan.texts()) text.append(line(each));
        for (PlannedTask each : plan.tasks()) text.append(line(each));
        text.append(String.format(
                Locale.ROOT, "%n%-28s %12s %8s %12s %10s%n", "cell", "weights", "bits/w", "memory", "time"));
        for (PlannedCell cell : plan.cells())
            text.append(String.format(
                                    Locale.ROOT,
                                    "%-28s %12s %8s %12s %10s",
                                    cell.method(),
                                    bytes(cell.weightBytes()),
                                    cell.bitsPerWeight() == null
                                            ? "?"
                                            : String.format(Locale.ROOT, "%.3f", cell.bitsPerWeight()),
                                    bytes(cell.hostBytes()),
                                    time(cell.seconds()))
                            .stripTrailing())
                    .append(remark(cell, plan.usableBytes()))
                    .append('\n');
        text.append("""

            Memory: the peak on the CPU: weights as they are laid out, keys and values, activations, the largest
            matrix while it is quantized, and the program.
            Time: rough, the arithmetic of evaluation alone.
            """);
        if (!plan.texts().isEmpty() || !plan.tasks().isEmpty()) text.append(Experiment.detection());
        return text.toString();
    }

    private static String remark(PlannedCell cell, long usableBytes) {
        if (MemoryCheck.isTooLarge(cell, usableBytes)) return "   does not fit: " + bytes(usableBytes) + " may be used";
        return cell.host() != null && cell.host().layerByLayer() ? "   layer by layer" : "";
    }

    private static String line(PlannedModel model) {
        String size = model.parameters() == null
                ? "shapes unknown before it is opened"
                : String.format(Locale.ROOT, "%,d parameters", model.parameters());
        String fetch = model.fetchBytes() == null ? "" : ", about " + bytes(model.fetchBytes()) + " to fetch";
        return "model  " + model.name() + ": " + size + fetch + "; " + model.where() + "\n";
    }

    private static String line(PlannedText text) {
        String windows = text.windows() == null ? "?" : String.valueOf(text.windows());
        Double smallest = text.smallestDifference();
        String shows = smallest == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; likely to show differences from %.4f nats per token (%.2f %% of perplexity)",
                        smallest,
                        100 * Math.expm1(smallest));
        return "text   " + text.name() + ", " + text.use() + ": " + windows + " windows of " + text.window() + shows
                + "; " + text.where() + "\n";
    }

    private static String line(PlannedTask task) {
        String questions = task.questions() == null ? "?" : String.format(Locale.ROOT, "%,d", task.questions());
        String shots = task.shots() == 0 ? "" : " after " + task.shots() + " examples";
        String shows = task.smallestDifference() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; likely to show differences from %.1f points of accuracy",
                        100 * task.smallestDifference());
        return "task   " + task.name() + ": " + questions + " questions" + shots + shows + "; " + task.where() + "\n";
    }

    /** Such as {@code 16.1 GB}. */
    static String bytes(@Nullable Long bytes) {
        if (bytes == null) return "?";
        if (bytes < 1_000_000) return String.format(Locale.ROOT, "%.1f kB", bytes / 1e3);
        if (bytes < 1_000_000_000) return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
        return String.format(Locale.ROOT, "%.2f GB", bytes / 1e9);
    }

    private static String time(@Nullable Double seconds) {
        if (seconds == null) return "?";
        if (seconds < 90) return String.format(Locale.ROOT, "%.0f s", Math.ceil(seconds));
        if (seconds < 5400) return String.format(Locale.ROOT, "%.0f min", seconds / 60);
        return String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
