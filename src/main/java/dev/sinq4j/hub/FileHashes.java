package dev.sinq4j.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * SHA-256 of files, remembered on disk for as long as path, size and time of change stay the same: the weights of an 8B model
 * are 16 GB, and hashing them takes a while. A blob of the hub's cache that is named by its SHA-256 was verified when it was
 * fetched and is not read again.
 *
 * @param folder where hashes are remembered
 */
public record FileHashes(Path folder) {

    /** Remembered in the program's own cache. */
    public static FileHashes ofProgram() {
        return new FileHashes(ProgramCache.folder().resolve("hashes"));
    }

    /** Lower-case hex digits. */
    public String sha256(Path file) throws IOException {
        Path real = file.toRealPath();
        String name = real.getFileName().toString();
        if (name.matches("[0-9a-f]{64}") && real.getParent().endsWith("blobs")) return name;
        Path memory = folder.resolve(Sha256.of(real.toString()));
        String state = Files.size(real) + " " + Files.getLastModifiedTime(real);
        if (Files.isRegularFile(memory)) {
            List<String> lines = Files.readAllLines(memory);
            if (lines.size() == 2 && lines.get(0).equals(state)) return lines.get(1);
        }
        String hash = Sha256.of(real);
        remember(memory, state, hash);
        return hash;
    }

    private void remember(Path memory, String state, String hash) {
        try {
            Files.createDirectories(folder);
            Path fresh = Files.createTempFile(folder, ".hash", "");
            Files.writeString(fresh, state + "\n" + hash + "\n");
            Files.move(fresh, memory, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException unwritable) {
            // then it is computed again next time
        }
    }
}
