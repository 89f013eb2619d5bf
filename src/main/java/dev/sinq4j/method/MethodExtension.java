package dev.sinq4j.method;

import java.util.List;

/**
 * A method from outside this program: a jar on the class path whose {@code META-INF/services/dev.sinq4j.method.MethodExtension}
 * names a class of it. The class also says how a matrix is quantized, by implementing
 * {@code dev.sinq4j.quant.QuantizerExtension}; {@code docs/add-a-method.md} walks through a whole one.
 */
public interface MethodExtension {

    /** The name in configurations and tables: {@code owner/method}, lower-case letters, digits and dashes. */
    String name();

    /** Changes whenever the method's numbers do; part of a cell's key, so that cells computed by another version are not reused. */
    String version();

    /** Where the method is defined, for the tables: a paper, a repository and commit. */
    String source();

    /** Bit widths it can do, the default first. */
    List<Integer> bits();

    /** Columns that share a scale unless the configuration says otherwise; 0 where the method has no groups. */
    default int group() {
        return 64;
    }

    /** What it wants to know of the layers' inputs. */
    default CalibrationNeed calibration() {
        return CalibrationNeed.NONE;
    }

    /** Bytes stored for a (rows, columns) matrix, from its shape alone; the plan adds them up before anything is loaded. */
    long storedBytes(External method, int rows, int columns);

    /** What a method wants to know of the inputs of the layers it quantizes. */
    enum CalibrationNeed {
        /** Nothing. */
        NONE,
        /** The inputs of the 16-bit model's layers. */
        DENSE_INPUTS,
        /** The inputs that layers already quantized hand on. */
        QUANTIZED_INPUTS
    }
}
