package dev.sinq4j.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/dependencies.md and pom.xml say the same. */
class DocumentedDependenciesTest {

    private static final Pattern DEPENDENCY = Pattern.compile(
            "<artifactId>([^<]+)</artifactId><version>\\$\\{([^}]+)}</version>(?!<type>pom)(?!.*<scope>test</scope>)");

    @Test
    void everyLibraryOfTheProgramIsListedWithItsVersion() throws IOException {
        String pom = Files.readString(Path.of("pom.xml"));
        String listed = Files.readString(Path.of("docs/dependencies.md"));
        String ours = pom.substring(pom.lastIndexOf("<dependencies>", pom.indexOf("<build>")), pom.indexOf("<build>"));
        List<String> missing = new ArrayList<>();
        Matcher dependency = DEPENDENCY.matcher(ours);
        int found = 0;
        while (dependency.find()) {
            found++;
            Matcher version = Pattern.compile("<" + Pattern.quote(dependency.group(2)) + ">([^<]+)<")
                    .matcher(pom);
            assertTrue(version.find(), dependency.group(2));
            String entry = dependency.group(1) + " " + version.group(1);
            if (!listed.contains(entry)) missing.add(entry);
        }
        assertTrue(found > 10, found + " found");
        assertEquals(List.of(), missing);
    }
}
