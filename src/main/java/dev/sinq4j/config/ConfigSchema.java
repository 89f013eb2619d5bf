package dev.sinq4j.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sinq4j.config.bind.RecordKey;
import dev.sinq4j.config.bind.Setting;
import dev.sinq4j.config.bind.TextForm;
import dev.sinq4j.method.Extensions;
import dev.sinq4j.method.MethodOption;
import dev.sinq4j.method.Methods;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * The JSON Schema (2020-12) of a configuration, made from its records, so that editors complete and check it. It says what
 * each key may be by itself; what must hold between keys only the loader knows.
 */
public final class ConfigSchema {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final ObjectNode definitions = NODES.objectNode();

    private ConfigSchema() {}

    /** Writes {@code configs/schema.json}: {@code mvn -q compile exec:java@schema}. */
    public static void main(String[] args) throws IOException {
        Files.writeString(Path.of("configs/schema.json"), generate().toPrettyString() + "\n");
    }

    /** The schema document. */
    public static ObjectNode generate() {
        ConfigSchema schema = new ConfigSchema();
        ObjectNode root = NODES.objectNode();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "sinq4j experiment");
        root.setAll(schema.object(ExperimentConfig.class));
        root.set("$defs", schema.definitions);
        return root;
    }

    private ObjectNode object(Class<?> type) {
        ObjectNode object = NODES.objectNode().put("type", "object");
        ObjectNode properties = NODES.objectNode();
        ArrayNode required = NODES.arrayNode();
        for (RecordKey key : RecordKey.of(type)) {
            Setting setting = key.setting();
            if (setting == null) {
                for (MethodOption option : MethodOption.values()) properties.set(option.key(), option(option));
                continue;
            }
            properties.set(key.name(), property(key, setting));
            if (key.required()) required.add(key.name());
        }
        object.set("properties", properties);
        if (!required.isEmpty()) object.set("required", required);
        return object.put("additionalProperties", false);
    }

    private static ObjectNode option(MethodOption option) {
        ObjectNode property = NODES.objectNode().put("description", option.description());
        return switch (option.kind()) {
            case SWITCH -> property.put("type", "boolean");
            case WHOLE -> property.put("type", "integer").put("minimum", 0);
            case SHARE -> property.put("type", "number").put("minimum", 0).put("exclusiveMaximum", 1);
            case POSITIVE -> property.put("type", "number").put("exclusiveMinimum", 0);
        };
    }

    private ObjectNode property(RecordKey key, Setting setting) {
        ObjectNode property = NODES.objectNode().put("description", setting.value());
        if (!setting.fallback().isEmpty()) property.set("default", yaml(setting.fallback()));
        property.setAll(value(key.component().getGenericType(), setting));
        if (key.component().getDeclaringRecord() == MethodConfig.class
                && key.name().equals("method")) property.set("anyOf", methodNames());
        return property;
    }

    /** A name this program brings along, or one of an extension, which the schema cannot know. */
    private ArrayNode methodNames() {
        ArrayNode names = NODES.arrayNode();
        names.addObject().set("enum", texts(Methods.builtIn()));
        names.addObject().put("pattern", "^" + Extensions.NAME_PATTERN + "$");
        return names;
    }

    private ObjectNode value(Type type, Setting setting) {
        if (type instanceof ParameterizedType list) {
            ObjectNode item = value(list.getActualTypeArguments()[0], setting);
            ObjectNode array = NODES.objectNode().put("type", "array");
            array.set("items", item);
            array.put("minItems", setting.minItems()).put("uniqueItems", true);
            return setting.oneOrMany() ? either(item.deepCopy(), array) : array;
        }
        Class<?> plain = (Class<?>) type;
        if (plain.isRecord()) return reference(plain);
        if (plain == String.class) return text(setting);
        if (plain == boolean.class) return NODES.objectNode().put("type", "boolean");
        if (plain.isEnum()) {
            ObjectNode constants = NODES.objectNode();
            constants.set("enum", texts(names(plain)));
            return constants;
        }
        return whole(setting);
    }

    private ObjectNode reference(Class<?> type) {
        String name = type.getSimpleName();
        if (!definitions.has(name)) {
            definitions.putNull(name); // keeps the order of first mention
            ObjectNode object = object(type);
            boolean isText = type.isAnnotationPresent(TextForm.class);
            definitions.set(name, isText ? either(NODES.objectNode().put("type", "string"), object) : object);
        }
        return NODES.objectNode().put("$ref", "#/$defs/" + name);
    }

    private static ObjectNode text(Setting setting) {
        ObjectNode text = NODES.objectNode().put("type", "string");
        if (setting.allowed().length > 0) text.set("enum", texts(List.of(setting.allowed())));
        if (!setting.pattern().isEmpty()) text.put("pattern", "^(?:" + setting.pattern() + ")$");
        return text;
    }

    private static ObjectNode whole(Setting setting) {
        ObjectNode whole = NODES.objectNode().put("type", "integer");
        if (setting.min() > Long.MIN_VALUE) whole.put("minimum", setting.min());
        if (setting.max() < Long.MAX_VALUE) whole.put("maximum", setting.max());
        return whole;
    }

    private static ObjectNode either(ObjectNode one, ObjectNode other) {
        ObjectNode either = NODES.objectNode();
        either.set("anyOf", NODES.arrayNode().add(one).add(other));
        return either;
    }

    private static ArrayNode texts(List<String> texts) {
        ArrayNode array = NODES.arrayNode();
        texts.forEach(array::add);
        return array;
    }

    private static List<String> names(Class<?> type) {
        return List.of(type.getEnumConstants()).stream()
                .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private static JsonNode yaml(String text) {
        try {
            return new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("a default that is no YAML: " + text, e);
        }
    }
}
