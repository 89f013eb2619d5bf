package dev.sinq4j.config;

import dev.sinq4j.config.MethodCatalog.Accepted;
import dev.sinq4j.config.MethodCatalog.Refused;
import dev.sinq4j.config.MethodConfig.CalibrationConfig;
import dev.sinq4j.config.bind.NearestName;
import dev.sinq4j.config.bind.Place;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Known names and possible combinations; fills in each method's defaults. */
record MethodRules(MethodCatalog catalog) {

    private static final List<String> COMMON = List.of("bits", "group", "tiling", "aux", "calibration");

    MethodConfig refine(MethodConfig asked, Place place) {
        if (!catalog.names().contains(asked.method())) {
            place.child("method").report("no method is named '" + asked.method() + "'" + others(asked.method()));
            return asked;
        }
        if (!knowsOptions(asked, place)) return asked;
        List<Accepted> accepted = new ArrayList<>();
        Set<Refused> refused = new LinkedHashSet<>();
        for (MethodSettings cell : asked.cells())
            switch (catalog.resolve(cell)) {
                case Accepted answer -> accepted.add(answer);
                case Refused answer -> refused.add(answer);
            }
        for (Refused answer : refused) place.child(answer.key()).report(answer.reason());
        return refused.isEmpty() ? complete(asked, accepted, place) : asked;
    }

    private String others(String method) {
        return NearestName.of(method, catalog.names())
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("; known are " + String.join(", ", catalog.names()));
    }

    private boolean knowsOptions(MethodConfig asked, Place place) {
        List<String> known = new ArrayList<>(COMMON);
        known.addAll(catalog.options(asked.method()));
        boolean all = true;
        for (String option : asked.options().keySet())
            if (!known.contains(option)) {
                place.keyOf(option)
                        .report("unknown key for " + asked.method()
                                + NearestName.of(option, known)
                                        .map(name -> "; did you mean '" + name + "'?")
                                        .orElse("; known here: " + String.join(", ", known)));
                all = false;
            }
        return all;
    }

    private static MethodConfig complete(MethodConfig asked, List<Accepted> cells, Place place) {
        boolean calibrated = cells.stream().anyMatch(Accepted::needsCalibration);
        if (asked.calibration() != null && !calibrated)
            place.keyOf("calibration").report(asked.method() + " sees no text; remove it");
        MethodSettings first = cells.getFirst().resolved();
        return new MethodConfig(
                asked.method(),
                each(cells, MethodSettings::bits),
                each(cells, MethodSettings::group),
                each(cells, MethodSettings::tiling),
                each(cells, MethodSettings::aux),
                calibrated && asked.calibration() == null ? CalibrationConfig.DEFAULT : asked.calibration(),
                first.options());
    }

    private static <T> @Nullable List<T> each(List<Accepted> cells, Function<MethodSettings, @Nullable T> setting) {
        Set<T> values = new LinkedHashSet<>();
        for (Accepted cell : cells) {
            T value = setting.apply(cell.resolved());
            if (value != null) values.add(value);
        }
        return values.isEmpty() ? null : List.copyOf(values);
    }
}
