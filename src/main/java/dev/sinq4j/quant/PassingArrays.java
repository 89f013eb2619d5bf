package dev.sinq4j.quant;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.util.function.LongSupplier;

/**
 * Lets the heap be collected whenever the layers gone by have left more than a little behind. A collector that sees free room
 * would let the heap grow to its limit first, and memory would then be the limit's and not one layer's.
 *
 * <p>What a layer says it left is its codes. What a method used on the way to them, such as GPTQ's matrices of columns x columns,
 * shows in the old generation.
 */
public final class PassingArrays {

    /** Bytes that may lie about: few enough to be small beside a large layer, enough that small models never collect. */
    public static final long MOST_BYTES = 96L << 20;

    private final LongSupplier oldGeneration;
    private final Runnable collector;
    private long bytes;
    private long collected;

    /** Of this process. */
    public PassingArrays() {
        this(PassingArrays::oldGeneration, System::gc);
    }

    /** @param oldGeneration bytes of it, those included that nobody holds any more */
    PassingArrays(LongSupplier oldGeneration, Runnable collector) {
        this.oldGeneration = oldGeneration;
        this.collector = collector;
        this.collected = oldGeneration.getAsLong();
    }

    /** A layer is done whose arrays, about so many bytes, nobody holds any more. */
    public void left(long layerBytes) {
        bytes += layerBytes;
        if (bytes <= MOST_BYTES && oldGeneration.getAsLong() - collected <= MOST_BYTES) return;
        bytes = 0;
        collector.run();
        collected = oldGeneration.getAsLong();
    }

    /** 0 where the collector names its generations otherwise than the usual ones; the layers' own word then decides. */
    private static long oldGeneration() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .filter(pool -> pool.getName().endsWith("Old Gen"))
                .mapToLong(pool -> pool.getUsage().getUsed())
                .sum();
    }
}
