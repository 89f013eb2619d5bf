package dev.sinq4j.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What happened, as opposed to what was asked for. Hashes are lower-case hex SHA-256. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record Provenance(
        String started,
        double seconds,
        String version,
        @Nullable String gitCommit,
        String referenceCommit,
        String backend,
        String kernels,
        String device,
        String host,
        String os,
        String jdk,
        int threads,
        long seed,
        String configSha256,
        Map<String, String> modelSha256,
        Map<String, String> datasetSha256,
        @Nullable String command) {}
