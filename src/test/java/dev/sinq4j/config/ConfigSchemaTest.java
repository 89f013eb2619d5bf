package dev.sinq4j.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigSchemaTest {

    private static final Path COMMITTED = Path.of("configs/schema.json");
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ConfigSchema.generate());

    @Test
    void theCommittedSchemaIsTheOneOfTheRecords() throws IOException {
        JsonNode committed = new ObjectMapper().readTree(Files.readString(COMMITTED));
        assertEquals(
                ConfigSchema.generate().toPrettyString(),
                committed.toPrettyString(),
                "run: mvn -q compile exec:java@schema");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void everyExampleIsValid(Path example) throws IOException {
        assertEquals(List.of(), errors(Files.readString(example)));
    }

    static Stream<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("configs"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{experiment: e, models: [{id: a/b}]}",
                "{experiment: e, models: [], methods: [{method: none}]}",
                "{experiment: e, models: [{id: a/b}], methods: [{method: snq}]}",
                "{experiment: e, models: [{id: a/b}], methods: [{method: sinq, bits: 9}]}",
                "{experiment: e, models: [{id: a/b}], methods: [{method: sinq, bits: [4, 4]}]}",
                "{experiment: e, models: [{id: a/b}], methods: [{method: sinq, aux: int4}]}",
                "{experiment: e, models: [{id: a/b}], methods: [{method: sinq, colour: red}]}",
                "{experiment: e, models: [{id: a/b}], methods: [{method: none}], backend: gpu}",
                "{experiment: 42, models: [{id: a/b}], methods: [{method: none}]}",
                "{experiment: a/b, models: [{id: a/b}], methods: [{method: none}]}",
            })
    void whatTheLoaderRefusesByItselfTheSchemaRefuses(String yaml) throws IOException {
        assertFalse(errors(yaml).isEmpty(), yaml);
    }

    @Test
    void bothFormsOfADatasetAndOfAListAreValid() throws IOException {
        assertEquals(
                List.of(),
                errors("{experiment: e, models: [{id: a/b}], methods: [{method: sinq, bits: 3}, {method: sinq, bits:"
                        + " [4]}], metrics: {perplexity: {datasets: [c4, {name: own, jsonl: x, column: t}]}}}"));
    }

    private static List<Error> errors(String yaml) throws IOException {
        return SCHEMA.validate(new YAMLMapper().readTree(yaml));
    }
}
