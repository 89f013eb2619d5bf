package dev.sinq4j.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hardwood.InputFile;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowReader;
import dev.hardwood.row.FieldAccessor;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqStruct;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a Parquet file as the JSON objects they would be in a file of JSON lines: strings, numbers, lists, structs. */
final class ParquetRows {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ParquetRows() {}

    /**
     * Reads all rows.
     *
     * @throws UnavailableFailure if the file cannot be read or a column holds something else
     */
    static List<JsonNode> readAll(Path path) {
        List<JsonNode> rows = new ArrayList<>();
        try (ParquetFileReader file = ParquetFileReader.open(InputFile.of(path));
                RowReader reader = file.rowReader()) {
            while (reader.hasNext()) {
                reader.next();
                rows.add(object(reader));
            }
        } catch (IOException | RuntimeException | LinkageError e) {
            // the reader reports damaged pages by many kinds of exception
            throw new UnavailableFailure(path + ": row " + rows.size() + " cannot be read: " + e.getMessage(), e);
        }
        return rows;
    }

    private static ObjectNode object(FieldAccessor row) {
        ObjectNode object = JSON.objectNode();
        for (int field = 0; field < row.getFieldCount(); field++) {
            String name = row.getFieldName(field);
            object.set(name, row.isNull(name) ? JSON.nullNode() : node(row.getValue(name)));
        }
        return object;
    }

    private static JsonNode node(@Nullable Object value) {
        return switch (value) {
            case null -> JSON.nullNode();
            case String text -> JSON.textNode(text);
            case Long number -> JSON.numberNode(number);
            case Integer number -> JSON.numberNode(number);
            case Double number -> JSON.numberNode(number);
            case Float number -> JSON.numberNode(number);
            case Boolean truth -> JSON.booleanNode(truth);
            case PqStruct struct -> object(struct);
            case PqList list -> array(list);
            default ->
                throw new IllegalArgumentException("a value is a "
                        + value.getClass().getSimpleName() + ", not text, a number, a list or a struct");
        };
    }

    private static ArrayNode array(PqList list) {
        ArrayNode array = JSON.arrayNode();
        for (int i = 0; i < list.size(); i++) array.add(list.isNull(i) ? JSON.nullNode() : node(list.get(i)));
        return array;
    }
}
