package dev.sinq4j.config;

import java.util.List;

/** The methods there are, as the configuration sees them; the quantizer room knows the answers. */
public interface MethodCatalog {

    /** All method names. */
    List<String> names();

    /** Names of the further options of a known method. */
    List<String> options(String method);

    /** Completes a known method's settings with its defaults, or says why they are impossible. */
    Answer resolve(MethodSettings asked);

    /** Either of two. */
    sealed interface Answer {}

    /**
     * @param resolved         the settings with every default
     * @param needsCalibration whether the method sees activations
     */
    record Accepted(MethodSettings resolved, boolean needsCalibration) implements Answer {}

    /**
     * @param key    the setting at fault, such as {@code bits}
     * @param reason what is wrong and what would be right
     */
    record Refused(String key, String reason) implements Answer {}
}
