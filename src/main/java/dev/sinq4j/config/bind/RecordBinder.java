package dev.sinq4j.config.bind;

import dev.sinq4j.config.bind.ConfigNode.Entry;
import dev.sinq4j.config.bind.ConfigNode.Kind;
import dev.sinq4j.config.bind.ConfigNode.Mapping;
import dev.sinq4j.config.bind.ConfigNode.Scalar;
import dev.sinq4j.config.bind.ConfigNode.Sequence;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes records out of a tree. Strict: no key that the record lacks, no value of another type. It goes on after a mistake,
 * so that all of them are reported at once; what could not be made is left out.
 */
public final class RecordBinder {

    /** Looks at every record that could be made; may report problems and hands back the record to use instead. */
    public interface Rules {
        Object refine(Object bound, Place place);
    }

    private final List<Problem> problems;
    private final Rules rules;

    public RecordBinder(List<Problem> problems, Rules rules) {
        this.problems = problems;
        this.rules = rules;
    }

    /** The record, or nothing if its own keys are wrong; a record with faulty parts may be missing those. */
    public <T> Optional<T> bind(ConfigNode root, Class<T> type) {
        return Optional.ofNullable(type.cast(bindRecord(Place.root(root, problems), type)));
    }

    private @Nullable Object value(Place place, Type type, Setting setting) {
        if (place.node() instanceof Scalar scalar && scalar.kind() == Kind.EMPTY) {
            place.report("is empty; give it a value or remove the line");
            return null;
        }
        if (type instanceof ParameterizedType list) return list(place, list.getActualTypeArguments()[0], setting);
        Class<?> plain = (Class<?>) type;
        return plain.isRecord() ? bindRecord(place, plain) : new ScalarBinder(place, setting).bind(plain);
    }

    private @Nullable List<Object> list(Place place, Type itemType, Setting setting) {
        if (!(place.node() instanceof Sequence sequence)) {
            if (!setting.oneOrMany()) {
                place.report(place.node().says() + " is not a list; begin each item with '- '");
                return null;
            }
            Object only = value(place, itemType, setting);
            return only == null ? null : List.of(only);
        }
        if (sequence.items().size() < setting.minItems()) {
            place.report("is empty; name at least one");
            return null;
        }
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < sequence.items().size(); i++) {
            Object item = value(place.item(i), itemType, setting);
            if (item == null) continue;
            if (items.contains(item)) place.item(i).report(place.item(i).node().says() + " stands twice");
            items.add(item);
        }
        return items.isEmpty() && !sequence.items().isEmpty() ? null : List.copyOf(items);
    }

    private @Nullable Object bindRecord(Place place, Class<?> type) {
        TextForm textForm = type.getAnnotation(TextForm.class);
        Place full = textForm != null && place.node() instanceof Scalar ? spelledOut(place, textForm.value()) : place;
        if (!(full.node() instanceof Mapping mapping)) {
            full.report(full.node().says() + " is not a mapping with the keys " + names(RecordKey.of(type)));
            return null;
        }
        List<RecordKey> keys = RecordKey.of(type);
        Map<String, @Nullable Object> values = new HashMap<>();
        boolean complete = true;
        for (RecordKey key : keys) {
            if (key.takesFurtherKeys()) values.put(key.name(), furtherKeys(mapping, keys));
            else complete &= component(full, mapping, key, values);
        }
        if (keys.stream().noneMatch(RecordKey::takesFurtherKeys)) reportUnknown(full, mapping, keys);
        return complete ? rules.refine(construct(type, keys, values), full) : null;
    }

    private static Place spelledOut(Place place, String key) {
        Position at = place.node().at();
        return new Place(
                place.path(), new Mapping(at, List.of(new Entry(at, key, place.node()))), at, place.problems());
    }

    /** Puts one component's value; false if the record cannot be made without it. */
    private boolean component(Place place, Mapping mapping, RecordKey key, Map<String, @Nullable Object> values) {
        Setting setting = key.setting();
        if (setting == null) throw new IllegalStateException(key.component() + " has no @Setting");
        if (mapping.find(key.name()).isPresent()) {
            Object value = value(place.child(key.name()), key.component().getGenericType(), setting);
            values.put(key.name(), value);
            return value != null;
        }
        if (key.required()) {
            place.report("'" + key.name() + "' is missing (" + setting.value() + ")");
            return false;
        }
        values.put(key.name(), setting.fallback().isEmpty() ? null : fallback(place, key, setting));
        return true;
    }

    private @Nullable Object fallback(Place place, RecordKey key, Setting setting) {
        ConfigNode node =
                YamlReader.option("the default", setting.fallback(), problems).orElseThrow();
        return value(new Place(Paths.child(place.path(), key.name()), node, place.at(), problems), key.type(), setting);
    }

    private static Map<String, Object> furtherKeys(Mapping mapping, List<RecordKey> keys) {
        Map<String, Object> further = new LinkedHashMap<>();
        for (Entry entry : mapping.entries())
            if (keys.stream()
                    .noneMatch(key -> !key.takesFurtherKeys() && key.name().equals(entry.key())))
                further.put(entry.key(), PlainValue.of(entry.value()));
        return further;
    }

    private static void reportUnknown(Place place, Mapping mapping, List<RecordKey> keys) {
        List<String> known = keys.stream().map(RecordKey::name).toList();
        for (Entry entry : mapping.entries())
            if (!known.contains(entry.key()))
                place.key(entry).report("unknown key" + Hint.to(entry.key(), known, "known here are"));
    }

    private static String names(List<RecordKey> keys) {
        return keys.stream()
                .filter(key -> !key.takesFurtherKeys())
                .map(RecordKey::name)
                .collect(Collectors.joining(", "));
    }

    private static Object construct(Class<?> type, List<RecordKey> keys, Map<String, @Nullable Object> values) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(
                    keys.stream().map(key -> values.get(key.name())).toArray());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a " + type.getName(), e);
        }
    }
}
