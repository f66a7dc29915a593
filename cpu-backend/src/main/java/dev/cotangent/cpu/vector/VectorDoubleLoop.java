package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.LoopTemplates;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Template of the vector loops over {@code double}; see {@link LoopTemplates}. */
final class VectorDoubleLoop extends Loop {
    private static final VectorSpecies<Double> S = Species.DOUBLE;
    private static final int L = S.length();

    /** The class of all vectors here, to which receivers that live across a loop are cast. */
    private static final Class<? extends DoubleVector> V = Species.DOUBLES;

    private static final VectorShuffle<Double> BY_1 = by(1);
    private static final VectorShuffle<Double> BY_2 = by(2);
    private static final VectorShuffle<Double> BY_4 = by(4);
    private static final VectorShuffle<Double> BY_8 = by(8);
    private static final Object OP = LoopTemplates.data(MethodHandles.lookup());
    private static final VectorOperators.@Nullable Unary UNARY = OP instanceof VectorOperators.Unary f ? f : null;
    private static final VectorOperators.@Nullable Binary BINARY = OP instanceof VectorOperators.Binary f ? f : null;
    private static final VectorOperators.@Nullable Comparison TEST =
            OP instanceof VectorOperators.Comparison f ? f : null;

    /** An op of one operand that is made of several operators, of a vector and with the same bits of one element. */
    interface Function {
        DoubleVector of(DoubleVector a);

        double of(double a);

        /** Returns whether the vector form supports all of these lanes. */
        boolean covers(DoubleVector a);

        /** Replaces each lane by the function of it. */
        static void each(Function f, double[] lanes) {
            for (int l = 0; l < lanes.length; l++) lanes[l] = f.of(lanes[l]);
        }
    }

    /** Rotates the lanes. */
    private static VectorShuffle<Double> by(int lanes) {
        return VectorShuffle.fromOp(S, l -> (l + lanes) % L);
    }

    /** Returns the mask of the first lanes. */
    private static VectorMask<Double> first(double n) {
        return V.cast(Species.DOUBLE_LANES).compare(VectorOperators.LT, n);
    }

    private static DoubleVector apply(DoubleVector a, DoubleVector b) {
        return V.cast(a).lanewise(BINARY, b);
    }

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        if (UNARY != null) unary((double[]) a, i, (double[]) out, o, n);
        else if (BINARY != null) binary((double[]) a, i, (double[]) b, j, (double[]) out, o, n);
        else if (TEST != null) test((double[]) a, i, (double[]) b, j, (boolean[]) out, o, n);
        else where((boolean[]) a, i, (double[]) b, j, (double[]) c, k, (double[]) out, o, n);
    }

    /** Reduces with four vectors of accumulators, or two wide ones, so that no addition waits for the previous one. */
    @Override
    public void fold(Object out, int o, Object a, int i, int n) {
        if (2 * L > LANES) {
            super.fold(out, o, a, i, n);
            return;
        }
        double[] x = (double[]) a;
        double[] y = (double[]) out;
        int whole = n - n % LANES;
        if (4 * L > LANES) two(x, i, y, o, whole);
        else for (int lane = 0; lane < LANES; lane += 4 * L) four(x, i + lane, y, o + lane, whole - lane);
        if (whole < n) run(out, o, out, o, a, i + whole, a, i, n - whole);
        y[o] = joined(y, o);
    }

    /** Combines the accumulators pairwise. */
    private static double joined(double[] y, int o) {
        for (int h = LANES / 2; h >= L; h /= 2) {
            for (int l = o; l < o + h; l += L) {
                apply(DoubleVector.fromArray(S, y, l), DoubleVector.fromArray(S, y, l + h))
                        .intoArray(y, l);
            }
        }
        DoubleVector v = DoubleVector.fromArray(S, y, o);
        // Two lanes cannot be rearranged without a box.
        if (L == 2) return apply(v, DoubleVector.fromArray(S, y, o + 1)).lane(0);
        if (L > 8) v = apply(v, v.rearrange(BY_8));
        if (L > 4) v = apply(v, v.rearrange(BY_4));
        if (L > 2) v = apply(v, v.rearrange(BY_2));
        return apply(v, v.rearrange(BY_1)).lane(0);
    }

    /** Reduces eight rows at a time, so that each result is read and written once for eight. */
    @Override
    public void rows(Object out, int o, Object a, int i, int step, int rows, int n, boolean more) {
        int whole = n - n % L;
        int r = 0;
        for (; r + 7 < rows; r += 8) {
            eight((double[]) a, i + r * step, step, (double[]) out, o, whole, more || r > 0);
        }
        if (r < rows) super.rows(out, o, a, i + r * step, step, rows - r, whole, more || r > 0);
        if (whole < n) super.rows(out, o + whole, a, i + whole, step, rows, n - whole, more);
    }

    private static void eight(double[] x, int i, int step, double[] y, int o, int n, boolean more) {
        for (int e = 0; e < n; e += L) {
            int at = i + e;
            DoubleVector v = DoubleVector.fromArray(S, x, at);
            if (more) v = apply(DoubleVector.fromArray(S, y, o + e), v);
            v = apply(v, DoubleVector.fromArray(S, x, at + step));
            v = apply(v, DoubleVector.fromArray(S, x, at + 2 * step));
            v = apply(v, DoubleVector.fromArray(S, x, at + 3 * step));
            v = apply(v, DoubleVector.fromArray(S, x, at + 4 * step));
            v = apply(v, DoubleVector.fromArray(S, x, at + 5 * step));
            v = apply(v, DoubleVector.fromArray(S, x, at + 6 * step));
            apply(v, DoubleVector.fromArray(S, x, at + 7 * step)).intoArray(y, o + e);
        }
    }

    private static void two(double[] x, int i, double[] y, int o, int n) {
        DoubleVector u = DoubleVector.fromArray(S, x, i);
        DoubleVector v = DoubleVector.fromArray(S, x, i + L);
        for (int e = LANES; e < n; e += LANES) {
            u = V.cast(u).lanewise(BINARY, DoubleVector.fromArray(S, x, i + e));
            v = V.cast(v).lanewise(BINARY, DoubleVector.fromArray(S, x, i + e + L));
        }
        V.cast(u).intoArray(y, o);
        V.cast(v).intoArray(y, o + L);
    }

    private static void four(double[] x, int i, double[] y, int o, int n) {
        DoubleVector t = DoubleVector.fromArray(S, x, i);
        DoubleVector u = DoubleVector.fromArray(S, x, i + L);
        DoubleVector v = DoubleVector.fromArray(S, x, i + 2 * L);
        DoubleVector w = DoubleVector.fromArray(S, x, i + 3 * L);
        for (int e = LANES; e < n; e += LANES) {
            t = V.cast(t).lanewise(BINARY, DoubleVector.fromArray(S, x, i + e));
            u = V.cast(u).lanewise(BINARY, DoubleVector.fromArray(S, x, i + e + L));
            v = V.cast(v).lanewise(BINARY, DoubleVector.fromArray(S, x, i + e + 2 * L));
            w = V.cast(w).lanewise(BINARY, DoubleVector.fromArray(S, x, i + e + 3 * L));
        }
        V.cast(t).intoArray(y, o);
        V.cast(u).intoArray(y, o + L);
        V.cast(v).intoArray(y, o + 2 * L);
        V.cast(w).intoArray(y, o + 3 * L);
    }

    private static void unary(double[] x, int i, double[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            DoubleVector.fromArray(S, x, i + e).lanewise(UNARY).intoArray(y, o + e);
        }
        if (e < n && L == 2) {
            y[o + e] = DoubleVector.broadcast(S, x[i + e]).lanewise(UNARY).lane(0);
        } else if (e < n) {
            VectorMask<Double> m = first(n - e);
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
        if (e < n && L == 2) {
            // Two lanes have no masks in registers.
            DoubleVector right = DoubleVector.broadcast(S, z[j + e]);
            y[o + e] =
                    DoubleVector.broadcast(S, x[i + e]).lanewise(BINARY, right).lane(0);
        } else if (e < n) {
            VectorMask<Double> m = first(n - e);
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
            VectorMask<Double> m = first(n - e);
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
