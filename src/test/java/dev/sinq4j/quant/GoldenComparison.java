package dev.sinq4j.quant;

import dev.sinq4j.method.SinqFamily;
import dev.sinq4j.method.Tiling;
import dev.sinq4j.weight.Auxiliary;
import dev.sinq4j.weight.ColumnScale;
import dev.sinq4j.weight.PackedWeight;
import dev.sinq4j.weight.Packing;
import dev.sinq4j.weight.StoredOrder;

/** How a weight of ours differs from the reference's of the same case. */
final class GoldenComparison {

    private final GoldenFile file;
    private final String key;
    private final PackedWeight ours;
    private final StoredOrder order;

    final int codes;
    int otherCodes;
    int largestCodeStep;

    final int rows;
    int otherZeros;
    double largestZeroStep;
    int largestZeroUlp;

    /** Codes that differ in rows whose zero does not. */
    int otherCodesUnderEqualZeros;

    /** In units of the last place of the stored type. */
    int largestScaleStep;

    int largestColumnStep;
    int otherAuxiliaryBytes;
    int otherContainers;
    int otherDequantizedHalf;
    int otherDequantizedBrain;
    double errorNorm;
    double theirErrorNorm;

    GoldenComparison(GoldenFile file, String key, SinqFamily method, PackedWeight ours) {
        this.file = file;
        this.key = key;
        this.ours = ours;
        this.order = new StoredOrder(ours.rows(), ours.groups(), method.tiling() == Tiling.ONE_D ? 1 : method.group());
        codes = ours.codes().length;
        rows = ours.rows() * ours.groups();
        boolean[] otherZero = compareZeros();
        compareCodes(otherZero);
        compareScales();
        compareColumns();
        compareContainers();
        compareDequantized();
    }

    private boolean[] compareZeros() {
        boolean[] other = new boolean[rows];
        if (!file.has(key + "/zero") && !file.has(key + "/zero.x")) return other;
        if (ours.zero() instanceof Auxiliary.Int8 int8) {
            compareInt8("zero", int8);
            return other;
        }
        float[] theirs = file.has(key + "/zero") ? file.floats(key + "/zero") : file.floats(key + "/zero.m");
        float[] mine = ours.zero().values();
        if (mine.length == 1) {
            if (mine[0] != theirs[0]) otherZeros = rows;
            return other;
        }
        for (int i = 0, e = 0; i < ours.rows(); i++) {
            for (int t = 0; t < ours.groups(); t++, e++) {
                float their = theirs[order.position(i, t)];
                if (Float.compare(their, mine[e]) == 0 || their == mine[e]) continue;
                other[e] = true;
                otherZeros++;
                largestZeroStep = Math.max(largestZeroStep, Math.abs(their - mine[e]));
                largestZeroUlp = Math.max(largestZeroUlp, steps(their, mine[e], true));
            }
        }
        return other;
    }

    private void compareInt8(String name, Auxiliary.Int8 mine) {
        byte[] x = file.bytes(key + "/" + name + ".x");
        short[] step = file.halves(key + "/" + name + ".s");
        short[] minimum = file.halves(key + "/" + name + ".m");
        for (int i = 0, e = 0; i < ours.rows(); i++)
            for (int t = 0; t < ours.groups(); t++, e++)
                if (x[order.position(i, t)] != mine.codes()[e]) otherAuxiliaryBytes++;
        for (int c = 0; c < step.length; c++) {
            if (step[c] != mine.step()[c]) otherAuxiliaryBytes++;
            if (minimum[c] != mine.minimum()[c]) otherAuxiliaryBytes++;
        }
    }

    private void compareCodes(boolean[] otherZero) {
        byte[] theirs = file.bytes(key + "/codes");
        int width = ours.group();
        for (int i = 0; i < ours.rows(); i++) {
            for (int j = 0; j < ours.columns(); j++) {
                int codeRow = i * ours.groups() + j / width;
                int step = Math.abs(
                        (theirs[codeRow * width + j % width] & 0xFF) - (ours.codes()[i * ours.columns() + j] & 0xFF));
                if (step == 0) continue;
                otherCodes++;
                if (!otherZero[codeRow]) otherCodesUnderEqualZeros++;
                largestCodeStep = Math.max(largestCodeStep, step);
            }
        }
    }

    private void compareScales() {
        if (ours.scale() instanceof Auxiliary.Int8 int8) {
            compareInt8("scale", int8);
            return;
        }
        boolean half = ours.scale() instanceof Auxiliary.Half;
        float[] theirs = file.floats(key + "/scale");
        float[] mine = ours.scale().values();
        for (int i = 0, e = 0; i < ours.rows(); i++)
            for (int t = 0; t < ours.groups(); t++, e++)
                largestScaleStep = Math.max(largestScaleStep, steps(theirs[order.position(i, t)], mine[e], half));
    }

    private void compareColumns() {
        float[] theirs = file.floats(key + "/scale2");
        int block = order.rowBlock() == 1 ? ours.rows() : order.rowBlock();
        boolean half = !(ours.columnScale() instanceof ColumnScale.Single);
        for (int i = 0; i < ours.rows(); i += block) {
            float[] mine = ours.columnScale().ofRow(i, ours.columns());
            for (int j = 0; j < mine.length; j++)
                largestColumnStep =
                        Math.max(largestColumnStep, steps(theirs[i / block * ours.columns() + j], mine[j], half));
        }
    }

    private void compareContainers() {
        byte[] theirs = file.bytes(key + "/W_q");
        byte[] mine = Packing.of(ours.grid().bits()).pack(ours.codeRows(), rows, ours.group());
        if (theirs.length != mine.length) otherContainers = Math.max(theirs.length, mine.length);
        else for (int b = 0; b < mine.length; b++) if (mine[b] != theirs[b]) otherContainers++;
    }

    private void compareDequantized() {
        if (!file.has(key + "/dequant_fp16")) return;
        float[] half = new Dequantizer(ours, Dequantizer.Order.REFERENCE_FP16).matrix();
        float[] theirs = file.floats(key + "/dequant_fp16");
        for (int e = 0; e < half.length; e++)
            if (Float.compare(half[e], theirs[e]) != 0 && half[e] != theirs[e]) otherDequantizedHalf++;
        float[] brain = new Dequantizer(ours, Dequantizer.Order.REFERENCE_BF16).matrix();
        float[] theirBrain = file.floats(key + "/dequant_bf16");
        for (int e = 0; e < brain.length; e++)
            if (Float.compare(brain[e], theirBrain[e]) != 0 && brain[e] != theirBrain[e]) otherDequantizedBrain++;
        float[] input =
                GoldenFile.input(file.cases().get(key).get("tensor").asText()).floats();
        errorNorm = norm(half, input);
        theirErrorNorm = norm(theirs, input);
    }

    /** 1 where both are the same, not numbers included. */
    double errorNormRatio() {
        return Double.compare(errorNorm, theirErrorNorm) == 0 ? 1 : errorNorm / theirErrorNorm;
    }

    /** Whether everything stored and dequantized is the same. */
    boolean bitEqual() {
        return otherCodes
                        + otherZeros
                        + largestScaleStep
                        + largestColumnStep
                        + otherAuxiliaryBytes
                        + otherContainers
                        + otherDequantizedHalf
                        + otherDequantizedBrain
                == 0;
    }

    private static double norm(float[] a, float[] b) {
        double sum = 0;
        for (int e = 0; e < a.length; e++) sum += ((double) a[e] - b[e]) * ((double) a[e] - b[e]);
        return Math.sqrt(sum);
    }

    /** Numbers of the stored type between two of the same sign. */
    static int steps(float a, float b, boolean half) {
        if (Float.compare(a, b) == 0) return 0;
        return half
                ? Math.abs(Float.floatToFloat16(a) - Float.floatToFloat16(b))
                : Math.abs(Float.floatToRawIntBits(a) - Float.floatToRawIntBits(b));
    }

    @Override
    public String toString() {
        return ("%s: %d of %d codes differ (step %d, %d under equal zeros), %d of %d zeros (by %.3g), scale ulp %d,"
            + " column scale ulp %d, aux bytes %d, container bytes %d, dequantized fp16 %d bf16 %d, error norm ratio"
            + " %.6f")
                .formatted(
                        key,
                        otherCodes,
                        codes,
                        largestCodeStep,
                        otherCodesUnderEqualZeros,
                        otherZeros,
                        rows,
                        largestZeroStep,
                        largestScaleStep,
                        largestColumnStep,
                        otherAuxiliaryBytes,
                        otherContainers,
                        otherDequantizedHalf,
                        otherDequantizedBrain,
                        errorNormRatio());
    }
}
