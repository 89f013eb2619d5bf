package dev.sinq4j.config.bind;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One component of a configuration record, as a key of the YAML.
 *
 * @param name     in kebab-case
 * @param type     of the value
 * @param setting  what else is known of it; null for {@link FurtherKeys}
 * @param nullable whether it may be absent without a default
 */
public record RecordKey(
        String name, Type type, @Nullable Setting setting, boolean nullable, RecordComponent component) {

    /** The keys of a record, in the order of its components. */
    public static List<RecordKey> of(Class<?> record) {
        return Arrays.stream(record.getRecordComponents()).map(RecordKey::of).toList();
    }

    private static RecordKey of(RecordComponent component) {
        return new RecordKey(
                kebab(component.getName()),
                component.getGenericType(),
                component.getAnnotation(Setting.class),
                component.getAnnotatedType().isAnnotationPresent(Nullable.class),
                component);
    }

    /** Whether it takes the keys that are none of the record's own. */
    public boolean takesFurtherKeys() {
        return component.isAnnotationPresent(FurtherKeys.class);
    }

    /** The component's value in a record. */
    public @Nullable Object valueIn(Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }

    /** Whether it must be written. */
    public boolean required() {
        return !nullable
                && !takesFurtherKeys()
                && (setting == null || setting.fallback().isEmpty());
    }

    /** {@code promptTokens} is written {@code prompt-tokens}. */
    public static String kebab(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }
}
