package dev.sinq4j.method;

import dev.sinq4j.method.SinqFamily.Normalization;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A SINQ method with what the reference added after the pinned commit; off unless asked for, since it changes every figure.
 *
 * <pre>
 *   kurtosis gate   a matrix with mean((w - mu)^4) / max(mean((w - mu)^2), 1e-6)^2 above the threshold is rounded to nearest on
 *                   the asymmetric grid, without Sinkhorn or activation scales
 *   tile halving    where the tile's width does not divide the columns it is halved until it does, down to 16
 * </pre>
 *
 * The reference decodes a gated matrix with the levels of the method it was asked for, so its NF4 and NF3 are wrong there; here
 * the codes mean what they were made as. Where no tile from 16 on divides, the reference stops; here the last tile is shorter.
 *
 * <p>Source: {@code huawei-csl/SINQ} 6930f78, {@code sinq/optimize.py} (5953fa1) and {@code sinq/dual_shift.py} (343c9c6).
 *
 * @param family       with Sinkhorn scales
 * @param kurtosisGate the threshold, 5.0 in the reference; null for no gate
 * @param tileHalving  whether tiles are halved; 1D tiles only
 */
public record LaterSinq(SinqFamily family, @Nullable Double kurtosisGate, boolean tileHalving) implements Method {

    private static final int LEAST_TILE = 16;

    public LaterSinq {
        if (family.normalization() != Normalization.SINKHORN)
            throw new IllegalArgumentException(family.name() + " has no Sinkhorn scales to leave out");
        if (kurtosisGate != null && !(kurtosisGate > 0 && Double.isFinite(kurtosisGate)))
            throw new IllegalArgumentException("the gate's threshold must be above 0, was " + kurtosisGate);
        if (tileHalving && family.tiling() == Tiling.TWO_D)
            throw new IllegalArgumentException("square tiles are not halved");
    }

    /** Width of the tiles of a matrix of so many columns. */
    public int group(int columns) {
        if (!tileHalving) return family.group();
        for (int tile = family.group(); tile >= LEAST_TILE; tile /= 2) if (columns % tile == 0) return tile;
        return family.group();
    }

    /** What is done to a matrix of so many columns that no gate holds back. */
    public SinqFamily ungated(int columns) {
        return new SinqFamily(
                family.name(),
                family.bits(),
                group(columns),
                family.normalization(),
                family.activationScale(),
                family.rounding(),
                family.tiling(),
                family.aux(),
                family.referenceExact());
    }

    @Override
    public String name() {
        return family.name();
    }

    @Override
    public int bits() {
        return family.bits();
    }

    @Override
    public int group() {
        return family.group();
    }

    @Override
    public Tiling tiling() {
        return family.tiling();
    }

    @Override
    public AuxPrecision aux() {
        return family.aux();
    }

    @Override
    public boolean needsCalibration() {
        return family.needsCalibration();
    }

    @Override
    public Map<MethodOption, Object> options() {
        Map<MethodOption, Object> options = new LinkedHashMap<>(family.options());
        if (kurtosisGate != null) options.put(MethodOption.KURTOSIS_GATE, kurtosisGate);
        if (tileHalving) options.put(MethodOption.TILE_HALVING, true);
        return options;
    }
}
