package dev.sinq4j.data;

import dev.sinq4j.failure.UnavailableFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files in UTF-8. */
final class PlainText {

    private PlainText() {}

    /**
     * The whole file, not a byte changed: line ends and a byte-order mark stay as they are.
     *
     * @throws UnavailableFailure if the file cannot be read or is not UTF-8, naming the first wrong byte
     */
    static String read(Path path) {
        try {
            return decode(path, ByteBuffer.wrap(Files.readAllBytes(path)));
        } catch (IOException e) {
            throw new UnavailableFailure(path + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String decode(Path path, ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.remaining());
        CoderResult result = decoder.decode(bytes, text, true);
        if (result.isError())
            throw new UnavailableFailure(path + " is not UTF-8: byte " + bytes.position()
                    + " begins no character; convert the file to UTF-8");
        return text.flip().toString();
    }
}
