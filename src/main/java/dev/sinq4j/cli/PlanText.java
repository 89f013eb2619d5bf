package dev.sinq4j.cli;

import dev.sinq4j.experiment.Experiment;
import dev.sinq4j.experiment.MemoryCheck;
import dev.sinq4j.experiment.Plan;
import dev.sinq4j.experiment.Plan.PlannedCell;
import dev.sinq4j.experiment.Plan.PlannedModel;
import dev.sinq4j.experiment.Plan.PlannedTask;
import dev.sinq4j.experiment.Plan.PlannedText;
import java.util.Locale;
import java.util.stream.Stream;
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
        boolean several = plan.models().size() > 1;
        Stream.concat(
                        plan.texts().stream().map(each -> line(each, several)),
                        plan.tasks().stream().map(each -> line(each, several)))
                .distinct()
                .forEach(text::append);
        text.append('\n').append(cells(plan, several));
        text.append("""

            Memory: the peak on the CPU: weights as they are laid out, keys and values, activations, the largest
            matrix while it is quantized, and the program.
            Time: rough, the arithmetic of evaluation alone.
            """);
        if (!plan.texts().isEmpty() || !plan.tasks().isEmpty()) text.append(Experiment.detection());
        return text.toString();
    }

    /** A line a cell, under its model where there are several. */
    private static String cells(Plan plan, boolean severalModels) {
        int width = plan.cells().stream()
                .mapToInt(cell -> cell.method().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder(row(width, "cell", "weights", "bits/w", "memory", "time")).append('\n');
        String model = "";
        for (PlannedCell cell : plan.cells()) {
            if (severalModels && !cell.model().equals(model))
                text.append(cell.model()).append('\n');
            model = cell.model();
            text.append(row(
                            width,
                            cell.method(),
                            bytes(cell.weightBytes()),
                            cell.bitsPerWeight() == null
                                    ? "?"
                                    : String.format(Locale.ROOT, "%.3f", cell.bitsPerWeight()),
                            bytes(cell.hostBytes()),
                            time(cell.seconds())))
                    .append(remark(cell, plan))
                    .append('\n');
        }
        return text.toString();
    }

    private static String row(int width, String cell, String weights, String bits, String memory, String time) {
        return String.format(
                Locale.ROOT, "  %-" + Math.max(width, 1) + "s %12s %8s %12s %10s", cell, weights, bits, memory, time);
    }

    private static String remark(PlannedCell cell, Plan plan) {
        String onDevice = cell.deviceBytes() == null ? "" : "   " + bytes(cell.deviceBytes()) + " on the GPU";
        if (MemoryCheck.isTooLargeForDevice(cell, plan.usableDeviceBytes()))
            return onDevice + ", which does not fit: " + bytes(plan.usableDeviceBytes()) + " free";
        if (MemoryCheck.isTooLarge(cell, plan.usableBytes()))
            return onDevice + "   does not fit: " + bytes(plan.usableBytes()) + " may be used";
        boolean layerByLayer = cell.host() != null && cell.host().layerByLayer();
        return onDevice + (layerByLayer ? "   layer by layer" : "");
    }

    private static String line(PlannedModel model) {
        String size = model.parameters() == null
                ? "shapes unknown before it is opened"
                : String.format(Locale.ROOT, "%,d parameters", model.parameters());
        String fetch = model.fetchBytes() == null ? "" : ", about " + bytes(model.fetchBytes()) + " to fetch";
        return "model  " + model.name() + ": " + size + fetch + "; " + model.where() + "\n";
    }

    private static String line(PlannedText text, boolean severalModels) {
        String windows = amount(text.windows(), text.mostWindows());
        Double smallest = text.smallestDifference();
        String shows = smallest == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; likely to show differences from %.4f nats per token (%.2f %% of perplexity)",
                        smallest,
                        100 * Math.expm1(smallest));
        return "text   " + text.name() + ", " + text.use() + of(text.model(), severalModels && text.windows() != null)
                + ": " + windows + " windows of " + text.window() + shows + "; " + text.where() + "\n";
    }

    private static String line(PlannedTask task, boolean severalModels) {
        String questions = amount(task.questions(), task.mostQuestions());
        String shots = task.shots() == 0 ? "" : " after " + task.shots() + " examples";
        String shows = task.smallestDifference() == null
                ? ""
                : String.format(
                        Locale.ROOT,
                        "; likely to show differences from %.1f points of accuracy",
                        100 * task.smallestDifference());
        return "task   " + task.name() + of(task.model(), severalModels && task.questions() != null) + ": " + questions
                + " questions" + shots + shows + "; " + task.where() + "\n";
    }

    /** Windows and questions are counted in a model's tokens, so models may differ. */
    private static String of(String model, boolean named) {
        return named ? " of " + model : "";
    }

    private static String amount(@Nullable Integer known, @Nullable Integer most) {
        if (known != null) return String.format(Locale.ROOT, "%,d", known);
        return most == null ? "?" : String.format(Locale.ROOT, "up to %,d", most);
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
        if (seconds == 0) return "-";
        if (seconds < 90) return String.format(Locale.ROOT, "%.0f s", Math.ceil(seconds));
        if (seconds < 5400) return String.format(Locale.ROOT, "%.0f min", seconds / 60);
        return String.format(Locale.ROOT, "%.1f h", seconds / 3600);
    }
}
