package dev.sinq4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjIntConsumer;
import java.util.zip.GZIPInputStream;

/** Files with a JSON object on each line; gzip-compressed if the name ends in {@code .gz}. Empty lines do not count. */
public final class JsonLines {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Text is packed to a third of its size or so; what is said to be packed to less than this was made to fill memory. */
    private static final int MOST_TIMES_SMALLER = 200;

    private JsonLines() {}

    /**
     * Hands over the objects one after the other, each with its line number, counted from 1.
     *
     * @throws UnavailableFailure if the file cannot be read or a line is not a JSON object, naming the line
     */
    public static void forEach(Path path, ObjIntConsumer<JsonNode> object) {
        int number = 0;
        try (BufferedReader lines = open(path)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                if (!line.isBlank()) object.accept(parse(path, number, line), number);
            }
        } catch (IOException e) {
            throw new UnavailableFailure(path + " cannot be read after line " + number + ": " + e.getMessage(), e);
        }
    }

    /** All objects of a file. */
    public static List<JsonNode> readAll(Path path) {
        List<JsonNode> objects = new ArrayList<>();
        forEach(path, (object, line) -> objects.add(object));
        return objects;
    }

    /** Hands over one string field of each object. */
    static void forEachText(Path path, String column, Consumer<String> text) {
        forEach(path, (object, line) -> text.accept(text(path, line, object, column)));
    }

    private static String text(Path path, int line, JsonNode object, String column) {
        JsonNode value = object.path(column);
        if (value.isTextual()) return value.textValue();
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        throw new UnavailableFailure(path + ":" + line + ": there is no text in field '" + column
                + "'; the line has the fields " + String.join(", ", names));
    }

    private static JsonNode parse(Path path, int number, String line) {
        try {
            JsonNode object = JSON.readTree(line);
            if (object.isObject()) return object;
            throw new UnavailableFailure(
                    path + ":" + number + ": expected a JSON object, found " + object.getNodeType());
        } catch (JsonProcessingException e) {
            throw new UnavailableFailure(path + ":" + number + ": this is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static BufferedReader open(Path path) throws IOException {
        InputStream bytes = Files.newInputStream(path);
        try {
            InputStream plain = path.toString().endsWith(".gz")
                    ? new BoundedStream(new GZIPInputStream(bytes, 1 << 16), Files.size(path), MOST_TIMES_SMALLER)
                    : bytes;
            // a decoder, not a charset: wrong bytes are reported, not replaced
            return new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8.newDecoder()));
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }
}
