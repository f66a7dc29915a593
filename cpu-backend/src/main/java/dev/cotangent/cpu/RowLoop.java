package dev.cotangent.cpu;

import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * A loop over the elements of rows that evaluates a whole scalar program per element and may reduce over each row. Made
 * by {@link LoopGenerator}, or an interpreter of the same program.
 */
public abstract class RowLoop {
    /** The bytes of the accumulators of one sum: a sum has as many as the widest vector has lanes. */
    public static final int ACCUMULATOR_BYTES = 64;

    /**
     * Evaluates the program for {@code rows} rows of {@code n} elements.
     *
     * @param arrays the operands: element inputs and outputs, one value per row for scalars and reductions
     * @param offsets where in its array each operand starts
     * @param strides the distance between rows of each element input and output
     */
    public abstract void run(Object[] arrays, int[] offsets, int[] strides, int rows, int n);

    /** Returns the accumulators of a float32 sum added pairwise; the order does not depend on the vector width. */
    public static float sum(float[] x, int i) {
        return ((four(x, i) + four(x, i + 2)) + (four(x, i + 1) + four(x, i + 3)));
    }

    private static float four(float[] x, int i) {
        return (x[i] + x[i + 8]) + (x[i + 4] + x[i + 12]);
    }

    /** Returns the accumulators of a float64 sum added pairwise. */
    public static double sum(double[] x, int i) {
        return ((x[i] + x[i + 4]) + (x[i + 2] + x[i + 6])) + ((x[i + 1] + x[i + 5]) + (x[i + 3] + x[i + 7]));
    }

    /** Returns one of the constants that a generated class was defined with. */
    public static Object constant(MethodHandles.Lookup lookup, int index) {
        return ((List<?>) LoopTemplates.data(lookup)).get(index);
    }
}
