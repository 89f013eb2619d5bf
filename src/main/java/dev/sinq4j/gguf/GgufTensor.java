package dev.sinq4j.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;

/**
 * A tensor of an open file.
 *
 * @param shape sizes, outermost first (the file lists them the other way round)
 * @param data  the stored blocks, row after row; owned by the file
 */
public record GgufTensor(String name, GgufType type, List<Long> shape, MemorySegment data) {

    public GgufTensor {
        shape = List.copyOf(shape);
    }

    /** Number of elements. */
    public long elements() {
        long product = 1;
        for (long size : shape) product *= size;
        return product;
    }

    /** Widens {@code count} elements from {@code first} on to fp32, into {@code target} at {@code offset}. */
    public void read(long first, int count, float[] target, int offset) {
        int perBlock = type.elementsPerBlock();
        byte[] block = new byte[type.bytesPerBlock()];
        float[] values = new float[perBlock];
        int done = 0;
        while (done < count) {
            long element = first + done;
            int within = (int) (element % perBlock);
            int wanted = Math.min(perBlock - within, count - done);
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, element / perBlock * block.length, block, 0, block.length);
            type.decoder().decode(block, values, 0);
            System.arraycopy(values, within, target, offset + done, wanted);
            done += wanted;
        }
    }
}
