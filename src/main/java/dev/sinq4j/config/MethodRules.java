package dev.sinq4j.config;

import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.config.bind.Hint;
import dev.sinq4j.config.bind.Place;
import dev.sinq4j.method.AuxPrecision;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.MethodOption.Kind;
import dev.sinq4j.method.Methods;
import dev.sinq4j.method.Resolution.Accepted;
import dev.sinq4j.method.Resolution.Refusal;
import dev.sinq4j.method.Resolution.Refused;
import dev.sinq4j.method.Tiling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Known names and possible combinations of one line of methods; fills in the method's defaults. */
final class MethodRules {

    private static final List<String> COMMON =
            List.of("bits", "group", "tiling", "aux", "calibration", "presinq", "head-bits");

    private final MethodConfig asked;
    private final Place place;

    MethodRules(MethodConfig asked, Place place) {
        this.asked = asked;
        this.place = place;
    }

    MethodConfig refine() {
        if (!Methods.names().contains(asked.method())) {
            place.child("method")
                    .report("no method is named '" + asked.method() + "'"
                            + Hint.to(asked.method(), Methods.names(), "known are"));
            return asked;
        }
        if (!knowsOptions()) return asked;
        List<Method> accepted = new ArrayList<>();
        Map<Refusal, MethodSettings> refused = new LinkedHashMap<>();
        for (MethodSettings cell : asked.cells())
            switch (Methods.resolve(cell.request())) {
                case Accepted answer -> accepted.add(answer.method());
                case Refused answer -> answer.refusals().forEach(refusal -> refused.putIfAbsent(refusal, cell));
            }
        refused.forEach((refusal, cell) -> placeOf(refusal.field(), cell).report(refusal.reason()));
        return refused.isEmpty() ? complete(accepted) : asked;
    }

    private boolean knowsOptions() {
        List<String> known = new ArrayList<>(COMMON);
        known.addAll(MethodOption.keys());
        boolean sound = true;
        for (Map.Entry<String, Object> option : asked.options().entrySet()) {
            String key = option.getKey();
            Optional<Kind> kind = MethodOption.of(key).map(MethodOption::kind);
            if (kind.isEmpty()) {
                place.keyOf(key).report("unknown key" + Hint.to(key, known, "known here are"));
                sound = false;
            } else if (!kind.get().accepts(option.getValue())) {
                place.child(key)
                        .report(place.child(key).node().says() + " is not "
                                + kind.get().words());
                sound = false;
            }
        }
        return sound;
    }

    /** The setting at fault, and within a list the item. */
    private Place placeOf(String key, MethodSettings cell) {
        Place setting = place.child(key);
        return switch (key) {
            case "bits" -> setting.item(indexOf(asked.bits(), cell.bits()));
            case "group" -> setting.item(indexOf(asked.group(), cell.group()));
            case "tiling" -> setting.item(indexOf(asked.tiling(), cell.tiling()));
            case "aux" -> setting.item(indexOf(asked.aux(), cell.aux()));
            default -> setting;
        };
    }

    private static <T> int indexOf(@Nullable List<T> values, @Nullable T value) {
        return values == null || value == null ? 0 : values.indexOf(value);
    }

    private MethodConfig complete(List<Method> cells) {
        boolean calibrated = cells.stream().anyMatch(Method::needsCalibration);
        if (asked.calibration() != null && !calibrated)
            place.keyOf("calibration").report(asked.method() + " sees no text; remove it");
        boolean quantizes = cells.stream().anyMatch(method -> method.group() > 0);
        if (asked.headBits() != null && !quantizes)
            place.keyOf("head-bits").report(asked.method() + " leaves the head as it is, like every matrix; remove it");
        return new MethodConfig(
                asked.method(),
                quantizes ? each(cells, Method::bits) : null,
                quantizes ? each(cells, Method::group) : null,
                each(cells, method -> label(method.tiling())),
                each(cells, method -> label(method.aux())),
                calibrated && asked.calibration() == null ? CalibrationConfig.DEFAULT : asked.calibration(),
                asked.presinq(),
                asked.headBits(),
                asked.options());
    }

    private static @Nullable String label(@Nullable Tiling tiling) {
        return tiling == null ? null : tiling.label();
    }

    private static @Nullable String label(@Nullable AuxPrecision aux) {
        return aux == null ? null : aux.label();
    }

    private static <T> @Nullable List<T> each(List<Method> cells, Function<Method, @Nullable T> setting) {
        LinkedHashSet<T> values = new LinkedHashSet<>();
        cells.stream().map(setting).filter(Objects::nonNull).forEach(values::add);
        return values.isEmpty() ? null : List.copyOf(values);
    }
}
