package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.MatVec;
import dev.cotangent.cpu.Templates;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Template of the products of one type, whose data is whether that is float64; see {@link Templates}. */
final class VectorMatVec extends MatVec {
    private static final boolean DOUBLE = Templates.data(MethodHandles.lookup()) == Boolean.TRUE;
    private static final VectorSpecies<?> S = DOUBLE ? Species.DOUBLE : Species.FLOAT;
    private static final int L = S.length();

    /** Two rows at a time, in four sums each: enough that no addition waits for the one before. */
    @Override
    public void dots(int rows, int k, Object a, int i, int lda, Object x, int j, Object y, int o) {
        Object lanes = DOUBLE ? new double[L] : new float[L];
        Object more = DOUBLE ? new double[L] : new float[L];
        for (int r = 0; r < rows; r += 2) {
            int next = Math.min(r + 1, rows - 1);
            // Sums that live across a loop need their own type: as a Vector of any they would be objects.
            if (DOUBLE) {
                doubles(k, (double[]) a, i + r * lda, i + next * lda, (double[]) x, j, (double[]) lanes, (double[])
                        more);
            } else {
                floats(k, (float[]) a, i + r * lda, i + next * lda, (float[]) x, j, (float[]) lanes, (float[]) more);
            }
            int e = k / (4 * L) * (4 * L);
            rest(lanes, k - e, a, i + r * lda + e, x, j + e, y, o + r);
            if (next > r) rest(more, k - e, a, i + next * lda + e, x, j + e, y, o + next);
        }
    }

    private static void floats(int k, float[] a, int i, int n, float[] x, int j, float[] lanes, float[] more) {
        FloatVector s0 = FloatVector.zero(Species.FLOAT);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        FloatVector t0 = s0;
        FloatVector t1 = s0;
        FloatVector t2 = s0;
        FloatVector t3 = s0;
        for (int e = 0; e <= k - 4 * L; e += 4 * L) {
            FloatVector x0 = FloatVector.fromArray(Species.FLOAT, x, j + e);
            FloatVector x1 = FloatVector.fromArray(Species.FLOAT, x, j + e + L);
            FloatVector x2 = FloatVector.fromArray(Species.FLOAT, x, j + e + 2 * L);
            FloatVector x3 = FloatVector.fromArray(Species.FLOAT, x, j + e + 3 * L);
            s0 = FloatVector.fromArray(Species.FLOAT, a, i + e).fma(x0, s0);
            s1 = FloatVector.fromArray(Species.FLOAT, a, i + e + L).fma(x1, s1);
            s2 = FloatVector.fromArray(Species.FLOAT, a, i + e + 2 * L).fma(x2, s2);
            s3 = FloatVector.fromArray(Species.FLOAT, a, i + e + 3 * L).fma(x3, s3);
            t0 = FloatVector.fromArray(Species.FLOAT, a, n + e).fma(x0, t0);
            t1 = FloatVector.fromArray(Species.FLOAT, a, n + e + L).fma(x1, t1);
            t2 = FloatVector.fromArray(Species.FLOAT, a, n + e + 2 * L).fma(x2, t2);
            t3 = FloatVector.fromArray(Species.FLOAT, a, n + e + 3 * L).fma(x3, t3);
        }
        s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
        t0.add(t1).add(t2.add(t3)).intoArray(more, 0);
    }

    private static void doubles(int k, double[] a, int i, int n, double[] x, int j, double[] lanes, double[] more) {
        DoubleVector s0 = DoubleVector.zero(Species.DOUBLE);
        DoubleVector s1 = s0;
        DoubleVector s2 = s0;
        DoubleVector s3 = s0;
        DoubleVector t0 = s0;
        DoubleVector t1 = s0;
        DoubleVector t2 = s0;
        DoubleVector t3 = s0;
        for (int e = 0; e <= k - 4 * L; e += 4 * L) {
            DoubleVector x0 = DoubleVector.fromArray(Species.DOUBLE, x, j + e);
            DoubleVector x1 = DoubleVector.fromArray(Species.DOUBLE, x, j + e + L);
            DoubleVector x2 = DoubleVector.fromArray(Species.DOUBLE, x, j + e + 2 * L);
            DoubleVector x3 = DoubleVector.fromArray(Species.DOUBLE, x, j + e + 3 * L);
            s0 = DoubleVector.fromArray(Species.DOUBLE, a, i + e).fma(x0, s0);
            s1 = DoubleVector.fromArray(Species.DOUBLE, a, i + e + L).fma(x1, s1);
            s2 = DoubleVector.fromArray(Species.DOUBLE, a, i + e + 2 * L).fma(x2, s2);
            s3 = DoubleVector.fromArray(Species.DOUBLE, a, i + e + 3 * L).fma(x3, s3);
            t0 = DoubleVector.fromArray(Species.DOUBLE, a, n + e).fma(x0, t0);
            t1 = DoubleVector.fromArray(Species.DOUBLE, a, n + e + L).fma(x1, t1);
            t2 = DoubleVector.fromArray(Species.DOUBLE, a, n + e + 2 * L).fma(x2, t2);
            t3 = DoubleVector.fromArray(Species.DOUBLE, a, n + e + 3 * L).fma(x3, t3);
        }
        s0.add(s1).add(s2.add(s3)).intoArray(lanes, 0);
        t0.add(t1).add(t2.add(t3)).intoArray(more, 0);
    }

    /** Adds up the lanes, in an order that no compiler chooses, and the products of what filled no vectors. */
    private static void rest(Object lanes, int k, Object a, int i, Object x, int j, Object y, int o) {
        if (DOUBLE) {
            double[] s = (double[]) lanes;
            for (int h = L / 2; h > 0; h /= 2) for (int l = 0; l < h; l++) s[l] += s[l + h];
            double sum = s[0];
            for (int q = 0; q < k; q++) sum = Math.fma(((double[]) a)[i + q], ((double[]) x)[j + q], sum);
            ((double[]) y)[o] = sum;
        } else {
            float[] s = (float[]) lanes;
            for (int h = L / 2; h > 0; h /= 2) for (int l = 0; l < h; l++) s[l] += s[l + h];
            float sum = s[0];
            for (int q = 0; q < k; q++) sum = Math.fma(((float[]) a)[i + q], ((float[]) x)[j + q], sum);
            ((float[]) y)[o] = sum;
        }
    }

    /** Eight rows at a time: each sum is read and written once for so many. */
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
