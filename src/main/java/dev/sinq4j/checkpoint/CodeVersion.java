package dev.sinq4j.checkpoint;

import dev.sinq4j.quant.Quantizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A hash of the compiled code that decides what a quantized layer is, so that no result of other code is ever taken for this
 * one's. It changes with any change to these rooms, needed or not: a layer too many is quantized again, never one too few.
 */
final class CodeVersion {

    private static final List<String> ROOMS = List.of("checkpoint", "kernel", "method", "quant", "tensor", "weight");
    private static final String ROOT = "dev/sinq4j";

    private CodeVersion() {}

    /** Hexadecimal SHA-256 over names and bytes of the class files. */
    static String current() {
        return Holder.CURRENT;
    }

    /** Computed once, when first asked for. */
    private static final class Holder {
        private static final String CURRENT = compute();
    }

    private static String compute() {
        @Nullable CodeSource source = Quantizer.class.getProtectionDomain().getCodeSource();
        if (source == null) throw new IllegalStateException("the program does not know where it was loaded from");
        try {
            URI location = source.getLocation().toURI();
            Path path = Path.of(location);
            if (Files.isDirectory(path)) return hash(path);
            try (FileSystem jar = FileSystems.newFileSystem(path)) {
                return hash(jar.getPath("/"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hash(Path root) throws IOException {
        MessageDigest digest = Digests.sha256();
        for (String room : ROOMS) {
            try (Stream<Path> files = Files.walk(root.resolve(ROOT).resolve(room))) {
                for (Path file : files.filter(path -> path.toString().endsWith(".class"))
                        .sorted()
                        .toList()) {
                    Digests.add(digest, root.relativize(file).toString());
                    digest.update(Files.readAllBytes(file));
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
