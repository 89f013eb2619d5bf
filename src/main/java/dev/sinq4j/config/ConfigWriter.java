package dev.sinq4j.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.sinq4j.config.bind.RecordKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a configuration with every default; what it writes loads to an equal one from the same working directory. */
public final class ConfigWriter {

    private static final YAMLMapper YAML = YAMLMapper.builder()
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
            .build();

    private ConfigWriter() {}

    /** The configuration as YAML. */
    public static String yaml(ExperimentConfig config) {
        try {
            return YAML.writeValueAsString(tree(config));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers must be writable", e);
        }
    }

    /** The configuration as maps, lists, texts and numbers, with the keys of the YAML. */
    public static Map<String, Object> tree(ExperimentConfig config) {
        return mapping(config);
    }

    private static Map<String, Object> mapping(Object record) {
        Map<String, Object> mapping = new LinkedHashMap<>();
        for (RecordKey key : RecordKey.of(record.getClass())) {
            Object value = key.valueIn(record);
            if (key.takesFurtherKeys() && value instanceof Map<?, ?> further)
                further.forEach((name, option) -> mapping.put((String) name, option));
            else if (value != null) mapping.put(key.name(), plain(value));
        }
        return mapping;
    }

    private static Object plain(Object value) {
        return switch (value) {
            case Record record -> mapping(record);
            case List<?> list -> list.stream().map(ConfigWriter::plainItem).toList();
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT);
            default -> value;
        };
    }

    private static Object plainItem(@Nullable Object item) {
        if (item == null) throw new IllegalStateException("a list of a configuration has no empty items");
        return plain(item);
    }
}
