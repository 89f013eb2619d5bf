package dev.sinq4j.comparison;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One thing a comparison says.
 *
 * @param cell    which cell, in words
 * @param figure  such as {@code perplexity of wikitext2}; empty where it is about the whole cell
 * @param message the numbers or the reason, in words
 * @param change  null where nothing could be compared, or a number is not finite
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(
        String cell,
        String figure,
        Outcome outcome,
        String message,
        @Nullable Change change) {

    static Finding ofCell(CellIdentity cell, Outcome outcome, String message) {
        return new Finding(cell.label(), "", outcome, message, null);
    }

    static Finding ofFigure(CellIdentity cell, Figure figure, Outcome outcome, String message) {
        return new Finding(cell.label(), figure.name(), outcome, message, null);
    }
}
