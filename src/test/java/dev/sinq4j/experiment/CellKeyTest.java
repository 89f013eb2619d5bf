package dev.sinq4j.experiment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sinq4j.config.MetricsConfig;
import dev.sinq4j.config.MetricsConfig.ThroughputConfig;
import dev.sinq4j.method.Method;
import dev.sinq4j.method.MethodFacts;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.MethodRequest;
import dev.sinq4j.method.Methods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CellKeyTest {

    /** What is cached and resumed by a method's description must never be found by another's. */
    @Test
    void everyMethodAndEverySettingHasAKeyOfItsOwn() {
        Map<String, Method> byKey = new HashMap<>();
        Map<String, Method> byText = new HashMap<>();
        List<Method> methods = methods();
        for (Method method : methods) {
            byKey.put(key(method), method);
            byText.put(method.toString(), method);
        }
        assertEquals(methods.size(), byKey.size());
        assertEquals(methods.size(), byText.size());
    }

    @Test
    void theNumberOfSequencesIsPartOfTheKeyWhereSpeedIsMeasured() {
        assertNotEquals(
                speedKey(new ThroughputConfig(512, 128, 5, List.of(1))),
                speedKey(new ThroughputConfig(512, 128, 5, List.of(1, 4))));
    }

    private static String speedKey(ThroughputConfig speed) {
        MetricsConfig metrics = new MetricsConfig(null, null, null, true, speed);
        return new CellKey(
                        Map.of(),
                        "none",
                        Methods.of(MethodRequest.of("none")),
                        null,
                        null,
                        metrics,
                        Map.of(),
                        "cpu",
                        Map.of(),
                        1)
                .hash();
    }

    private static List<Method> methods() {
        List<Method> methods = new ArrayList<>();
        for (MethodFacts facts : Methods.facts()) {
            methods.add(Methods.of(MethodRequest.of(facts.name())));
            for (MethodOption option : facts.options())
                methods.add(Methods.of(
                        new MethodRequest(facts.name(), null, null, null, null, Map.of(option, unusual(option)))));
        }
        return methods;
    }

    private static Object unusual(MethodOption option) {
        return switch (option.kind()) {
            case SWITCH -> option != MethodOption.CLIP;
            case WHOLE -> 9L;
            case SHARE -> 0.5;
            case POSITIVE -> 7.0;
        };
    }

    private static String key(Method method) {
        return new CellKey(Map.of(), "none", method, null, null, Map.of(), Map.of(), "cpu", null, 1).hash();
    }
}
