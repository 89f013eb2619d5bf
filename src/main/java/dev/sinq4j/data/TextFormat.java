package dev.sinq4j.data;

/** How a file holds documents. */
public sealed interface TextFormat {

    /** UTF-8 text: the file is one document, as it is. */
    record Plain() implements TextFormat {}

    /**
     * JSON objects, one a line, gzip-compressed if the name ends in {@code .gz}: a document a line.
     *
     * @param column the field that holds the text
     */
    record JsonLines(String column) implements TextFormat {}

    /**
     * Apache Parquet: a document a row.
     *
     * @param column the string column that holds the text
     */
    record Parquet(String column) implements TextFormat {}
}
