package dev.sinq4j.data;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a packed file unpacks to, as long as that is in proportion to the file. */
final class BoundedStream extends FilterInputStream {

    private final long packedBytes;
    private final int times;
    private long read;

    /**
     * @param unpacked    closed with this
     * @param packedBytes of the file
     * @param times       the file's size that it may unpack to
     */
    BoundedStream(InputStream unpacked, long packedBytes, int times) {
        super(unpacked);
        this.packedBytes = packedBytes;
        this.times = times;
    }

    @Override
    public int read() throws IOException {
        int one = super.read();
        if (one >= 0) count(1);
        return one;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int some = super.read(target, offset, length);
        if (some > 0) count(some);
        return some;
    }

    private void count(int bytes) throws IOException {
        read += bytes;
        if (read / times > packedBytes)
            throw new IOException("its " + packedBytes + " bytes unpack to more than " + times
                    + " times as many, which no text does; unpack the file yourself if it is what you want");
    }
}
