package dev.sinq4j.kernel.vector;

import dev.sinq4j.kernel.SpeciesLoader;
import dev.sinq4j.kernel.Subnormals;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector width of these classes, a constant to C2. Loaded the usual way it is the machine's; a {@link SpeciesLoader}
 * loads the package once more with a width of its own.
 */
final class Lanes {

    /** Bits of a vector: 128, 256 or 512. */
    static final int BITS = Lanes.class.getClassLoader() instanceof SpeciesLoader loader
            ? loader.bits()
            : Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, 512);

    /** Whether codes are multiplied where they stand, see {@link Subnormals}; converted to fp32 before otherwise. */
    static final boolean IN_PLACE = Subnormals.areFast()
            && !(Lanes.class.getClassLoader() instanceof SpeciesLoader loader && loader.converting());

    /**
     * Whether decoding reads four runs of weights at a time rather than one after the other. Intel's prefetchers follow each
     * run only some twenty lines ahead, too few for the latency of a server's memory; AMD's, which are the ones with fast
     * subnormals, keep up with one run and lose time with more.
     */
    static final boolean SIDE_BY_SIDE =
            Lanes.class.getClassLoader() instanceof SpeciesLoader loader ? loader.converting() : !IN_PLACE;

    static final VectorSpecies<Float> F = VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
    static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, VectorShape.forBitSize(BITS));

    /** Numbers of one vector, 4, 8 or 16. */
    static final int L = BITS / 32;

    /** Whether decoding takes two vectors of rows at a time, which share what is broadcast: where registers are few. */
    static final boolean PAIRED = L == 8 && IN_PLACE;

    /** Numbers of the four vectors that the unrolled kernels work on at a time. */
    static final int QUAD = 4 * L;

    /** Bytes of one vector. */
    static final int BYTES = BITS / 8;

    /** Output rows of one panel, the unit weights are laid out and multiplied in: a whole number of quads at any width. */
    static final int PANEL = 64;

    static final ByteOrder LE = ByteOrder.LITTLE_ENDIAN;

    /** Everything; positions in it are addresses. */
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    static final VectorOperators.Binary SHR = VectorOperators.LSHR;
    static final VectorOperators.Binary SHL = VectorOperators.LSHL;
    static final VectorOperators.Binary SAR = VectorOperators.ASHR;
    static final VectorOperators.Conversion<Integer, Float> I2F = VectorOperators.I2F;
    // max and min treat NaN and -0 as Math does, which costs six instructions; comparing and blending costs two
    static final VectorOperators.Comparison LESS = VectorOperators.LT;
    static final VectorOperators.Comparison GREATER = VectorOperators.GT;

    // The order in which reduceLanes adds is unspecified, and in fact differs between interpreted and compiled code.
    // Sums
    // across lanes therefore fold a vector onto itself, with these moves, so that a result never depends on warming up.

    static final VectorShuffle<Float> HALVES = VectorShuffle.fromOp(F, i -> (i + 8) % L);
    static final VectorShuffle<Float> QUARTERS = VectorShuffle.fromOp(F, i -> (i + 4) % L);
    static final VectorShuffle<Float> PAIRS = VectorShuffle.fromOp(F, i -> (i + 2) % L);
    static final VectorShuffle<Float> NEIGHBOURS = VectorShuffle.fromOp(F, i -> (i + 1) % L);

    private Lanes() {}
}
