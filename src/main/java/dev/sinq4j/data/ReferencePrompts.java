package dev.sinq4j.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sinq4j.failure.UnavailableFailure;
import dev.sinq4j.hub.Sha256;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The five calibration prompts of the SINQ reference. They are its authors' text, so the program does not contain them: they are
 * fetched from the reference's source file at its pinned commit and kept as JSON.
 *
 * <p>Source: SINQ reference, {@code sinq/awq.py}, {@code get_simple_calibration_data}: prompts of more than 512 tokens are left
 * out; of the blocks at most 128 are used.
 *
 * @param file where the prompts are kept: a JSON object with the strings {@code prompts}
 */
public record ReferencePrompts(Path file) {

    /** As configurations name them. */
    public static final String NAME = "reference-prompts";

    /** As {@code fetch} names them. */
    public static final String FETCH_NAME = "sinq-calibration";

    /** Commit of the reference this program follows. */
    public static final String COMMIT = "bbbc6571e625ae6837813734abc94e776923d82f";

    /** The source file that holds them. */
    public static final URI SOURCE =
            URI.create("https://raw.githubusercontent.com/huawei-csl/SINQ/" + COMMIT + "/sinq/awq.py");

    static final String SHA256 = "874b23a9d9a97fbe7231bc55094fa984b866fca61b286eb8fd0c7ca68a534bc2";

    private static final int LONGEST_PROMPT = 512;
    private static final int BLOCKS = 128;
    private static final ObjectMapper JSON =
            new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    /** The stored form. */
    private record Stored(String source, List<String> prompts) {}

    /** The file in the program's own cache. */
    public static ReferencePrompts in(Path programCache) {
        return new ReferencePrompts(programCache.resolve("calibration/sinq-" + COMMIT + ".json"));
    }

    /**
     * @throws UnavailableFailure if they were not fetched, or the file holds something else
     */
    public CalibrationSet load() {
        if (!Files.isRegularFile(file))
            throw new UnavailableFailure(
                    "the reference's calibration prompts are not at " + file + ": run ./sinq4j fetch " + FETCH_NAME
                            + " on a machine with a network, or calibrate on the bundled text");
        try {
            Stored stored = JSON.readValue(file.toFile(), Stored.class);
            CalibrationSet prompts = new CalibrationSet(NAME, stored.prompts(), LONGEST_PROMPT, BLOCKS);
            requireReference(prompts.sha256());
            return prompts;
        } catch (JsonProcessingException e) {
            throw new UnavailableFailure(file + " is not a file of prompts: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UnavailableFailure(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Takes the prompts out of the reference's source file, {@link #SOURCE}, and keeps them.
     *
     * @param source text of {@code sinq/awq.py}
     * @throws UnavailableFailure if the prompts in it are not the ones expected
     */
    public void store(String source) {
        List<String> prompts = PythonStrings.assignedTo("prompt\\d", source);
        requireReference(Sha256.of(String.join("\n", prompts)));
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            String name = "huawei-csl/SINQ@" + COMMIT + ", sinq/awq.py, get_simple_calibration_data (Apache-2.0)";
            JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), new Stored(name, prompts));
        } catch (IOException e) {
            throw new UnavailableFailure(file + " cannot be written: " + e.getMessage(), e);
        }
    }

    private void requireReference(String sha256) {
        if (!sha256.equals(SHA256))
            throw new UnavailableFailure("the calibration prompts for " + file + " have SHA-256 " + sha256
                    + ", expected " + SHA256 + "; delete the file and run ./sinq4j fetch " + FETCH_NAME);
    }
}
