package dev.sinq4j.data;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnSchema;
import dev.hardwood.schema.FileSchema;
import dev.sinq4j.failure.Failure;
import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A string column of a Parquet file. */
final class ParquetColumn {

    /** Which decompressor and vector width the reader found is no news for a user; held here, as loggers are weakly kept. */
    private static final Logger READER_LOG = Logger.getLogger("dev.hardwood");

    static {
        READER_LOG.setLevel(Level.WARNING);
    }

    private ParquetColumn() {}

    /**
     * Hands over the column's values, row by row.
     *
     * @throws UnavailableFailure if the file is damaged, has no such column, or a value is absent
     */
    static void forEachText(Path path, String column, Consumer<String> text) {
        try (ParquetFileReader file = ParquetFileReader.open(InputFile.of(path))) {
            requireColumn(path, column, file.getFileSchema());
            try (ColumnReader values = file.columnReader(column)) {
                forEachText(path, column, values, text);
            }
        } catch (Failure explained) {
            throw explained;
        } catch (IOException | RuntimeException | LinkageError e) {
            // the reader reports damaged pages by many kinds of exception
            throw new UnavailableFailure(path + ": column '" + column + "' cannot be read: " + e.getMessage(), e);
        }
    }

    private static void forEachText(Path path, String column, ColumnReader values, Consumer<String> text) {
        long row = 0;
        while (values.nextBatch()) {
            @Nullable String[] batch = values.getStrings();
            for (int i = 0; i < values.getRecordCount(); i++, row++) {
                String value = batch[i];
                if (value == null)
                    throw new UnavailableFailure(path + ": column '" + column + "' has no text in row " + row);
                text.accept(value);
            }
        }
    }

    private static void requireColumn(Path path, String column, FileSchema schema) {
        List<ColumnSchema> columns = schema.getColumns();
        Optional<ColumnSchema> named =
                columns.stream().filter(other -> other.name().equals(column)).findFirst();
        if (named.isEmpty())
            throw new UnavailableFailure(path + ": there is no column '" + column + "'; the file has "
                    + columns.stream().map(ColumnSchema::name).collect(Collectors.joining(", ")));
        PhysicalType type = named.get().type();
        if (type != PhysicalType.BYTE_ARRAY)
            throw new UnavailableFailure(path + ": column '" + column + "' holds " + type + ", not strings");
    }
}
