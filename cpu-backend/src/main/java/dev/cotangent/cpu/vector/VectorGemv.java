package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Gemv;
import dev.cotangent.cpu.LoopTemplates;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Template of the products of one type, whose data is whether that is float64; see {@link LoopTemplates}. */
final class VectorGemv extends Gemv {
    private static final boolean DOUBLE = LoopTemplates.data(MethodHandles.lookup()) == Boolean.TRUE;
    private static final VectorSpecies<?> S = DOUBLE ? Species.DOUBLE : Species.FLOAT;
    private static final int L = S.length();
    private static final int LANES = DOUBLE ? DOUBLE_LANES : FLOAT_LANES;

    /** The vectors that hold the accumulators of a row, and the rows of eight vectors. */
    private static final int VECTORS = LANES / L;

    private static final int ROWS = 8 / VECTORS;

    /** Computes with eight accumulators, enough to saturate the multipliers, for one, two or four rows. */
    @Override
    public void dots(int rows, int k, Object a, int i, int lda, Object x, int j, Object y, int o) {
        Object sums = DOUBLE ? new double[ROWS * L] : new float[ROWS * L];
        int whole = k / LANES * LANES;
        for (int r = 0; r < rows; r += ROWS) {
            int last = rows - 1;
            int i0 = i + r * lda;
            int i1 = i + Math.min(r + 1, last) * lda;
            int i2 = i + Math.min(r + 2, last) * lda;
            int i3 = i + Math.min(r + 3, last) * lda;
            // Accumulators that live across a loop need their own type: as a Vector of any they would be objects.
            if (DOUBLE) doubles(k, (double[]) a, i0, i1, i2, i3, (double[]) x, j, (double[]) sums);
            else floats(k, (float[]) a, i0, i1, i2, i3, (float[]) x, j, (float[]) sums);
            for (int n = 0; n < Math.min(ROWS, rows - r); n++) {
                rest(sums, n * L, k - whole, a, i + (r + n) * lda + whole, x, j + whole, y, o + r + n);
            }
        }
    }

    /** Returns where the elements of an accumulator begin. */
    private static int start(int accumulator, int i0, int i1, int i2, int i3) {
        int row = accumulator / VECTORS;
        return (row == 0 ? i0 : row == 1 ? i1 : row == 2 ? i2 : i3) + accumulator % VECTORS * L;
    }

    private static void floats(int k, float[] a, int i0, int i1, int i2, int i3, float[] x, int j, float[] sums) {
        int a0 = start(0, i0, i1, i2, i3);
        int a1 = start(1, i0, i1, i2, i3);
        int a2 = start(2, i0, i1, i2, i3);
        int a3 = start(3, i0, i1, i2, i3);
        int a4 = start(4, i0, i1, i2, i3);
        int a5 = start(5, i0, i1, i2, i3);
        int a6 = start(6, i0, i1, i2, i3);
        int a7 = start(7, i0, i1, i2, i3);
        FloatVector s0 = FloatVector.zero(Species.FLOAT);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector s4 = s0;
        FloatVector s5 = s0;
        FloatVector s6 = s0;
        FloatVector s7 = s0;
        for (int e = 0; e <= k - LANES; e += LANES) {
            s0 = FloatVector.fromArray(Species.FLOAT, a, a0 + e)
                    .fma(FloatVector.fromArray(Species.FLOAT, x, j + 0 % VECTORS * L + e), s0);
            s1 = FloatVector.fromArray(Species.FLOAT, a, a1 + e)
                    .fma(FloatVector.fromArray(Species.FLOAT, x, j + 1 % VECTORS * L + e), s1);
            s2 = FloatVector.fromArray(Species.FLOAT, a, a2 + e)
                    .fma(FloatVector.fromArray(Species.FLOAT, x, j + 2 % VECTORS * L + e), s2);
            s3 = FloatVector.fromArray(Species.FLOAT, a, a3 + e)
                    .fma(FloatVector.fromArray(Species.FLOAT, x, j + 3 % VECTORS * L + e), s3);
            s4 = FloatVector.fromArray(Species.FLOAT, a, a4 + e)
                    .fma(FloatVector.fromArray(Species.FLOAT, x, j + 4 % VECTORS * L + e), s4);
            s5 = FloatVector.fromArray(Species.FLOAT, a, a5 + e)
                    .fma(FloatVector.fromArray(Species.FLOAT, x, j + 5 % VECTORS * L + e), s5);
            s6 = FloatVector.fromArray(Species.FLOAT, a, a6 + e)
                    .fma(FloatVector.fromArray(Species.FLOAT, x, j + 6 % VECTORS * L + e), s6);
            s7 = FloatVector.fromArray(Species.FLOAT, a, a7 + e)
                    .fma(FloatVector.fromArray(Species.FLOAT, x, j + 7 % VECTORS * L + e), s7);
        }
        if (VECTORS == 8) {
            add(add(add(s0, s4), add(s2, s6)), add(add(s1, s5), add(s3, s7))).intoArray(sums, 0);
        } else if (VECTORS == 4) {
            add(add(s0, s2), add(s1, s3)).intoArray(sums, 0);
            add(add(s4, s6), add(s5, s7)).intoArray(sums, L);
        } else {
            add(s0, s1).intoArray(sums, 0);
            add(s2, s3).intoArray(sums, L);
            add(s4, s5).intoArray(sums, 2 * L);
            add(s6, s7).intoArray(sums, 3 * L);
        }
    }

    private static FloatVector add(FloatVector a, FloatVector b) {
        return Species.FLOATS.cast(a).add(b);
    }

    private static void doubles(int k, double[] a, int i0, int i1, int i2, int i3, double[] x, int j, double[] sums) {
        int a0 = start(0, i0, i1, i2, i3);
        int a1 = start(1, i0, i1, i2, i3);
        int a2 = start(2, i0, i1, i2, i3);
        int a3 = start(3, i0, i1, i2, i3);
        int a4 = start(4, i0, i1, i2, i3);
        int a5 = start(5, i0, i1, i2, i3);
        int a6 = start(6, i0, i1, i2, i3);
        int a7 = start(7, i0, i1, i2, i3);
        DoubleVector s0 = DoubleVector.zero(Species.DOUBLE);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        DoubleVector s4 = s0;
        DoubleVector s5 = s0;
        DoubleVector s6 = s0;
        DoubleVector s7 = s0;
        for (int e = 0; e <= k - LANES; e += LANES) {
            s0 = DoubleVector.fromArray(Species.DOUBLE, a, a0 + e)
                    .fma(DoubleVector.fromArray(Species.DOUBLE, x, j + 0 % VECTORS * L + e), s0);
            s1 = DoubleVector.fromArray(Species.DOUBLE, a, a1 + e)
                    .fma(DoubleVector.fromArray(Species.DOUBLE, x, j + 1 % VECTORS * L + e), s1);
            s2 = DoubleVector.fromArray(Species.DOUBLE, a, a2 + e)
                    .fma(DoubleVector.fromArray(Species.DOUBLE, x, j + 2 % VECTORS * L + e), s2);
            s3 = DoubleVector.fromArray(Species.DOUBLE, a, a3 + e)
                    .fma(DoubleVector.fromArray(Species.DOUBLE, x, j + 3 % VECTORS * L + e), s3);
            s4 = DoubleVector.fromArray(Species.DOUBLE, a, a4 + e)
                    .fma(DoubleVector.fromArray(Species.DOUBLE, x, j + 4 % VECTORS * L + e), s4);
            s5 = DoubleVector.fromArray(Species.DOUBLE, a, a5 + e)
                    .fma(DoubleVector.fromArray(Species.DOUBLE, x, j + 5 % VECTORS * L + e), s5);
            s6 = DoubleVector.fromArray(Species.DOUBLE, a, a6 + e)
                    .fma(DoubleVector.fromArray(Species.DOUBLE, x, j + 6 % VECTORS * L + e), s6);
            s7 = DoubleVector.fromArray(Species.DOUBLE, a, a7 + e)
                    .fma(DoubleVector.fromArray(Species.DOUBLE, x, j + 7 % VECTORS * L + e), s7);
        }
        if (VECTORS == 8) {
            add(add(add(s0, s4), add(s2, s6)), add(add(s1, s5), add(s3, s7))).intoArray(sums, 0);
        } else if (VECTORS == 4) {
            add(add(s0, s2), add(s1, s3)).intoArray(sums, 0);
            add(add(s4, s6), add(s5, s7)).intoArray(sums, L);
        } else {
            add(s0, s1).intoArray(sums, 0);
            add(s2, s3).intoArray(sums, L);
            add(s4, s5).intoArray(sums, 2 * L);
            add(s6, s7).intoArray(sums, 3 * L);
        }
    }

    private static DoubleVector add(DoubleVector a, DoubleVector b) {
        return Species.DOUBLES.cast(a).add(b);
    }

    /** Adds up the lanes, in an order that no compiler chooses, and the products of what filled no vectors. */
    private static void rest(Object lanes, int at, int k, Object a, int i, Object x, int j, Object y, int o) {
        if (DOUBLE) {
            double[] s = (double[]) lanes;
            for (int h = L / 2; h > 0; h /= 2) for (int l = at; l < at + h; l++) s[l] += s[l + h];
            double sum = s[at];
            for (int q = 0; q < k; q++) sum = Math.fma(((double[]) a)[i + q], ((double[]) x)[j + q], sum);
            ((double[]) y)[o] = sum;
        } else {
            float[] s = (float[]) lanes;
            for (int h = L / 2; h > 0; h /= 2) for (int l = at; l < at + h; l++) s[l] += s[l + h];
            float sum = s[at];
            for (int q = 0; q < k; q++) sum = Math.fma(((float[]) a)[i + q], ((float[]) x)[j + q], sum);
            ((float[]) y)[o] = sum;
        }
    }

    /** Computes eight rows at a time, so that each sum is read and written once for eight. */
    @Override
    public void sums(int rows, int n, Object a, int i, int lda, Object x, int j, Object y, int o) {
        int r = 0;
        for (; r + 7 < rows; r += 8) eight(n, a, i + r * lda, lda, x, j + r, y, o);
        for (; r < rows; r++) one(n, a, i + r * lda, x, j + r, y, o);
    }

    private static void eight(int n, Object a, int i, int lda, Object x, int j, Object y, int o) {
        Vector<?> x0 = splat(x, j);
        Vector<?> x1 = splat(x, j + 1);
        Vector<?> x2 = splat(x, j + 2);
        Vector<?> x3 = splat(x, j + 3);
        Vector<?> x4 = splat(x, j + 4);
        Vector<?> x5 = splat(x, j + 5);
        Vector<?> x6 = splat(x, j + 6);
        Vector<?> x7 = splat(x, j + 7);
        int e = 0;
        for (; e <= n - L; e += L) {
            int at = i + e;
            Vector<?> s = fma(load(a, at), x0, load(y, o + e));
            s = fma(load(a, at + lda), x1, s);
            s = fma(load(a, at + 2 * lda), x2, s);
            s = fma(load(a, at + 3 * lda), x3, s);
            s = fma(load(a, at + 4 * lda), x4, s);
            s = fma(load(a, at + 5 * lda), x5, s);
            s = fma(load(a, at + 6 * lda), x6, s);
            store(fma(load(a, at + 7 * lda), x7, s), y, o + e);
        }
        for (int r = 0; r < 8; r++) few(n - e, a, i + r * lda + e, x, j + r, y, o + e);
    }

    private static void one(int n, Object a, int i, Object x, int j, Object y, int o) {
        Vector<?> x0 = splat(x, j);
        int e = 0;
        for (; e <= n - L; e += L) store(fma(load(a, i + e), x0, load(y, o + e)), y, o + e);
        few(n - e, a, i + e, x, j, y, o + e);
    }

    private static void few(int n, Object a, int i, Object x, int j, Object y, int o) {
        if (DOUBLE) {
            double[] s = (double[]) y;
            for (int e = 0; e < n; e++) s[o + e] = Math.fma(((double[]) a)[i + e], ((double[]) x)[j], s[o + e]);
        } else {
            float[] s = (float[]) y;
            for (int e = 0; e < n; e++) s[o + e] = Math.fma(((float[]) a)[i + e], ((float[]) x)[j], s[o + e]);
        }
    }

    private static Vector<?> load(Object from, int i) {
        return DOUBLE
                ? DoubleVector.fromArray(Species.DOUBLE, (double[]) from, i)
                : FloatVector.fromArray(Species.FLOAT, (float[]) from, i);
    }

    private static Vector<?> splat(Object from, int i) {
        return DOUBLE
                ? DoubleVector.broadcast(Species.DOUBLE, ((double[]) from)[i])
                : FloatVector.broadcast(Species.FLOAT, ((float[]) from)[i]);
    }

    private static void store(Vector<?> v, Object to, int o) {
        if (DOUBLE) ((DoubleVector) v).intoArray((double[]) to, o);
        else ((FloatVector) v).intoArray((float[]) to, o);
    }

    private static Vector<?> fma(Vector<?> a, Vector<?> b, Vector<?> c) {
        return DOUBLE
                ? ((DoubleVector) a).lanewise(VectorOperators.FMA, (DoubleVector) b, (DoubleVector) c)
                : ((FloatVector) a).lanewise(VectorOperators.FMA, (FloatVector) b, (FloatVector) c);
    }
}
