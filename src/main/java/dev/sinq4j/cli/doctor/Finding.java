package dev.sinq4j.cli.doctor;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One thing looked at.
 *
 * @param name   of the thing
 * @param state  how it is
 * @param text   what was found, for people
 * @param remedy how to mend it; absent where all is well
 * @param facts  what was found, for programs: numbers in the unit of their name
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Finding(
        String name, State state, String text, @Nullable String remedy, Map<String, Object> facts) {

    public Finding {
        facts = Collections.unmodifiableMap(new TreeMap<>(facts)); // the same order every time
    }

    /** How a thing is. */
    public enum State {
        /** Works. */
        @JsonProperty("ok")
        OK,
        /** Works without something, or slowly. */
        @JsonProperty("limited")
        LIMITED,
        /** Does not work. */
        @JsonProperty("missing")
        MISSING
    }

    static Finding ok(String name, String text, Map<String, Object> facts) {
        return new Finding(name, State.OK, text, null, facts);
    }

    static Finding limited(String name, String text, String remedy, Map<String, Object> facts) {
        return new Finding(name, State.LIMITED, text, remedy, facts);
    }

    static Finding missing(String name, String text, String remedy, Map<String, Object> facts) {
        return new Finding(name, State.MISSING, text, remedy, facts);
    }
}
