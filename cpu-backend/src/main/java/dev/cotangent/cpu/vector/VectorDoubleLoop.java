package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.Templates;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Template of the vector loops over {@code double}; see {@link Templates}. */
final class VectorDoubleLoop extends Loop {
    private static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final Object OP = Templates.data(MethodHandles.lookup());
    private static final VectorOperators.@Nullable Unary UNARY = OP instanceof VectorOperators.Unary f ? f : null;
    private static final VectorOperators.@Nullable Binary BINARY = OP instanceof VectorOperators.Binary f ? f : null;
    private static final VectorOperators.@Nullable Comparison TEST =
            OP instanceof VectorOperators.Comparison f ? f : null;

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        if (UNARY != null) unary((double[]) a, i, (double[]) out, o, n);
        else if (BINARY != null) binary((double[]) a, i, (double[]) b, j, (double[]) out, o, n);
        else if (TEST != null) test((double[]) a, i, (double[]) b, j, (boolean[]) out, o, n);
        else where((boolean[]) a, i, (double[]) b, j, (double[]) c, k, (double[]) out, o, n);
    }

    /** Two vectors at a time: what a core can add while it waits for the memory, whatever the width of a vector. */
    @Override
    public void fold(Object out, int o, Object a, int i, int n) {
        if (2 * L > LANES) {
            super.fold(out, o, a, i, n);
            return;
        }
        double[] x = (double[]) a;
        double[] y = (double[]) out;
        for (int lane = 0; lane < LANES; lane += 2 * L) {
            DoubleVector u = DoubleVector.fromArray(S, x, i + lane);
            DoubleVector v = DoubleVector.fromArray(S, x, i + lane + L);
            for (int e = lane + LANES; e < n; e += LANES) {
                u = u.lanewise(BINARY, DoubleVector.fromArray(S, x, i + e));
                v = v.lanewise(BINARY, DoubleVector.fromArray(S, x, i + e + L));
            }
            u.intoArray(y, o + lane);
            v.intoArray(y, o + lane + L);
        }
    }

    private static void unary(double[] x, int i, double[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L)
            DoubleVector.fromArray(S, x, i + e).lanewise(UNARY).intoArray(y, o + e);
        if (e < n) {
            VectorMask<Double> m = S.indexInRange(e, n);
            DoubleVector.fromArray(S, x, i + e, m).lanewise(UNARY).intoArray(y, o + e, m);
        }
    }

    private static void binary(double[] x, int i, double[] z, int j, double[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            DoubleVector.fromArray(S, x, i + e)
                    .lanewise(BINARY, DoubleVector.fromArray(S, z, j + e))
                    .intoArray(y, o + e);
        }
        if (e < n) {
            VectorMask<Double> m = S.indexInRange(e, n);
            DoubleVector.fromArray(S, x, i + e, m)
                    .lanewise(BINARY, DoubleVector.fromArray(S, z, j + e, m))
                    .intoArray(y, o + e, m);
        }
    }

    private static void test(double[] x, int i, double[] z, int j, boolean[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            DoubleVector right = DoubleVector.fromArray(S, z, j + e);
            DoubleVector.fromArray(S, x, i + e).compare(TEST, right).intoArray(y, o + e);
        }
        if (e < n) {
            VectorMask<Double> m = S.indexInRange(e, n);
            DoubleVector right = DoubleVector.fromArray(S, z, j + e, m);
            VectorMask<Double> result = DoubleVector.fromArray(S, x, i + e, m).compare(TEST, right);
            for (int l = 0; e < n; e++, l++) y[o + e] = result.laneIsSet(l);
        }
    }

    private static void where(boolean[] when, int i, double[] x, int j, double[] z, int k, double[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            DoubleVector other = DoubleVector.fromArray(S, z, k + e);
            other.blend(DoubleVector.fromArray(S, x, j + e), VectorMask.fromArray(S, when, i + e))
                    .intoArray(y, o + e);
        }
        for (; e < n; e++) y[o + e] = when[i + e] ? x[j + e] : z[k + e];
    }
}
