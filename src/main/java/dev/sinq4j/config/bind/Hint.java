package dev.sinq4j.config.bind;

import dev.sinq4j.method.NearestName;
import java.util.Collection;

/** The end of a message about an unknown name. */
public final class Hint {

    private Hint() {}

    /**
     * {@code ; did you mean 'x'?} where a known name is near, otherwise all of them.
     *
     * @param intro words before the list, such as {@code known are}
     */
    public static String to(String written, Collection<String> known, String intro) {
        return NearestName.of(written, known)
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("; " + intro + " " + String.join(", ", known));
    }
}
