package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.LoopTemplates;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Template of the vector loops over {@code float}; see {@link LoopTemplates}. */
final class VectorFloatLoop extends Loop {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int L = S.length();

    /** The class of all vectors here, to which receivers that live across a loop are cast. */
    private static final Class<? extends FloatVector> V = Species.FLOATS;

    private static final VectorShuffle<Float> BY_1 = by(1);
    private static final VectorShuffle<Float> BY_2 = by(2);
    private static final VectorShuffle<Float> BY_4 = by(4);
    private static final VectorShuffle<Float> BY_8 = by(8);
    private static final Object OP = LoopTemplates.data(MethodHandles.lookup());
    private static final VectorOperators.@Nullable Unary UNARY = OP instanceof VectorOperators.Unary f ? f : null;
    private static final VectorOperators.@Nullable Binary BINARY = OP instanceof VectorOperators.Binary f ? f : null;
    private static final VectorOperators.@Nullable Comparison TEST =
            OP instanceof VectorOperators.Comparison f ? f : null;

    /** An op of one operand that is made of several operators, of a vector and with the same bits of one element. */
    interface Function {
        FloatVector of(FloatVector a);

        float of(float a);

        /** Returns whether the vector form supports all of these lanes. */
        default boolean covers(FloatVector a) {
            return true;
        }

        /** Replaces each lane by the function of it. A vector that is passed to a method may have to be an object. */
        static void each(Function f, float[] lanes) {
            for (int l = 0; l < lanes.length; l++) lanes[l] = f.of(lanes[l]);
        }
    }

    /** An op of two operands that is made of several operators, of vectors and with the same bits of single elements. */
    interface BinaryFunction {
        FloatVector of(FloatVector a, FloatVector b);

        float of(float a, float b);

        /** Returns whether the vector form is for all of these lanes. */
        default boolean covers(FloatVector a, FloatVector b) {
            return true;
        }

        /** Replaces each of the first lanes by the function of it and of the second one. */
        static void each(BinaryFunction f, float[] lanes, float[] others) {
            for (int l = 0; l < lanes.length; l++) lanes[l] = f.of(lanes[l], others[l]);
        }
    }

    /** Rotates the lanes. */
    private static VectorShuffle<Float> by(int lanes) {
        return VectorShuffle.fromOp(S, l -> (l + lanes) % L);
    }

    /** Returns the mask of the first lanes. */
    private static VectorMask<Float> first(float n) {
        return V.cast(Species.FLOAT_LANES).compare(VectorOperators.LT, n);
    }

    private static FloatVector apply(FloatVector a, FloatVector b) {
        return V.cast(a).lanewise(BINARY, b);
    }

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        if (UNARY != null) unary((float[]) a, i, (float[]) out, o, n);
        else if (BINARY != null) binary((float[]) a, i, (float[]) b, j, (float[]) out, o, n);
        else if (TEST != null) test((float[]) a, i, (float[]) b, j, (boolean[]) out, o, n);
        else where((boolean[]) a, i, (float[]) b, j, (float[]) c, k, (float[]) out, o, n);
    }

    /** Reduces with four vectors of accumulators, or two wide ones, so that no addition waits for the previous one. */
    @Override
    public void fold(Object out, int o, Object a, int i, int n) {
        if (2 * L > LANES) {
            super.fold(out, o, a, i, n);
            return;
        }
        float[] x = (float[]) a;
        float[] y = (float[]) out;
        int whole = n - n % LANES;
        if (4 * L > LANES) two(x, i, y, o, whole);
        else for (int lane = 0; lane < LANES; lane += 4 * L) four(x, i + lane, y, o + lane, whole - lane);
        if (whole < n) run(out, o, out, o, a, i + whole, a, i, n - whole);
        y[o] = joined(y, o);
    }

    /** Combines the accumulators pairwise. */
    private static float joined(float[] y, int o) {
        for (int h = LANES / 2; h >= L; h /= 2) {
            for (int l = o; l < o + h; l += L) {
                apply(FloatVector.fromArray(S, y, l), FloatVector.fromArray(S, y, l + h))
                        .intoArray(y, l);
            }
        }
        FloatVector v = FloatVector.fromArray(S, y, o);
        if (L > 8) v = apply(v, v.rearrange(BY_8));
        if (L > 4) v = apply(v, v.rearrange(BY_4));
        if (L > 2) v = apply(v, v.rearrange(BY_2));
        return apply(v, v.rearrange(BY_1)).lane(0);
    }

    /**
     * Reduces two distant runs at a time where four vectors are one run's accumulators: memory serves several streams
     * at once. More than two would come near the size at which the compiler stops inlining, and vectors become objects.
     */
    @Override
    public void folds(Object out, int o, Object a, int i, int n, int step, int count) {
        if (4 * L != LANES || count < 2) {
            super.folds(out, o, a, i, n, step, count);
            return;
        }
        int half = count / 2;
        float[] x = (float[]) a;
        float[] y = (float[]) out;
        float[] lanes = new float[2 * LANES];
        int whole = n - n % LANES;
        int apart = half * step;
        for (int c = 0; c < half; c++) {
            int from = i + c * step;
            streams(x, from, from + apart, lanes, whole);
            for (int s = 0; s < 2; s++) {
                int at = from + s * apart + whole;
                if (whole < n) run(lanes, s * LANES, lanes, s * LANES, x, at, x, at, n - whole);
                y[o + c + s * half] = joined(lanes, s * LANES);
            }
        }
        int done = 2 * half;
        super.folds(out, o + done, a, i + done * step, n, step, count - done);
    }

    private static void streams(float[] x, int i, int j, float[] y, int n) {
        FloatVector i0 = FloatVector.fromArray(S, x, i);
        FloatVector i1 = FloatVector.fromArray(S, x, i + L);
        FloatVector i2 = FloatVector.fromArray(S, x, i + 2 * L);
        FloatVector i3 = FloatVector.fromArray(S, x, i + 3 * L);
        FloatVector j0 = FloatVector.fromArray(S, x, j);
        FloatVector j1 = FloatVector.fromArray(S, x, j + L);
        FloatVector j2 = FloatVector.fromArray(S, x, j + 2 * L);
        FloatVector j3 = FloatVector.fromArray(S, x, j + 3 * L);
        for (int e = LANES; e < n; e += LANES) {
            i0 = apply(i0, FloatVector.fromArray(S, x, i + e));
            i1 = apply(i1, FloatVector.fromArray(S, x, i + e + L));
            i2 = apply(i2, FloatVector.fromArray(S, x, i + e + 2 * L));
            i3 = apply(i3, FloatVector.fromArray(S, x, i + e + 3 * L));
            j0 = apply(j0, FloatVector.fromArray(S, x, j + e));
            j1 = apply(j1, FloatVector.fromArray(S, x, j + e + L));
            j2 = apply(j2, FloatVector.fromArray(S, x, j + e + 2 * L));
            j3 = apply(j3, FloatVector.fromArray(S, x, j + e + 3 * L));
        }
        V.cast(i0).intoArray(y, 0);
        V.cast(i1).intoArray(y, L);
        V.cast(i2).intoArray(y, 2 * L);
        V.cast(i3).intoArray(y, 3 * L);
        V.cast(j0).intoArray(y, 4 * L);
        V.cast(j1).intoArray(y, 5 * L);
        V.cast(j2).intoArray(y, 6 * L);
        V.cast(j3).intoArray(y, 7 * L);
    }

    /** Reduces eight rows at a time, so that each result is read and written once for eight. */
    @Override
    public void rows(Object out, int o, Object a, int i, int step, int rows, int n, boolean more) {
        int whole = n - n % L;
        int r = 0;
        for (; r + 7 < rows; r += 8) {
            eight((float[]) a, i + r * step, step, (float[]) out, o, whole, more || r > 0);
        }
        if (r < rows) super.rows(out, o, a, i + r * step, step, rows - r, whole, more || r > 0);
        if (whole < n) super.rows(out, o + whole, a, i + whole, step, rows, n - whole, more);
    }

    private static void eight(float[] x, int i, int step, float[] y, int o, int n, boolean more) {
        for (int e = 0; e < n; e += L) {
            int at = i + e;
            FloatVector v = FloatVector.fromArray(S, x, at);
            if (more) v = apply(FloatVector.fromArray(S, y, o + e), v);
            v = apply(v, FloatVector.fromArray(S, x, at + step));
            v = apply(v, FloatVector.fromArray(S, x, at + 2 * step));
            v = apply(v, FloatVector.fromArray(S, x, at + 3 * step));
            v = apply(v, FloatVector.fromArray(S, x, at + 4 * step));
            v = apply(v, FloatVector.fromArray(S, x, at + 5 * step));
            v = apply(v, FloatVector.fromArray(S, x, at + 6 * step));
            apply(v, FloatVector.fromArray(S, x, at + 7 * step)).intoArray(y, o + e);
        }
    }

    private static void two(float[] x, int i, float[] y, int o, int n) {
        FloatVector u = FloatVector.fromArray(S, x, i);
        FloatVector v = FloatVector.fromArray(S, x, i + L);
        for (int e = LANES; e < n; e += LANES) {
            u = V.cast(u).lanewise(BINARY, FloatVector.fromArray(S, x, i + e));
            v = V.cast(v).lanewise(BINARY, FloatVector.fromArray(S, x, i + e + L));
        }
        V.cast(u).intoArray(y, o);
        V.cast(v).intoArray(y, o + L);
    }

    private static void four(float[] x, int i, float[] y, int o, int n) {
        FloatVector t = FloatVector.fromArray(S, x, i);
        FloatVector u = FloatVector.fromArray(S, x, i + L);
        FloatVector v = FloatVector.fromArray(S, x, i + 2 * L);
        FloatVector w = FloatVector.fromArray(S, x, i + 3 * L);
        for (int e = LANES; e < n; e += LANES) {
            t = V.cast(t).lanewise(BINARY, FloatVector.fromArray(S, x, i + e));
            u = V.cast(u).lanewise(BINARY, FloatVector.fromArray(S, x, i + e + L));
            v = V.cast(v).lanewise(BINARY, FloatVector.fromArray(S, x, i + e + 2 * L));
            w = V.cast(w).lanewise(BINARY, FloatVector.fromArray(S, x, i + e + 3 * L));
        }
        V.cast(t).intoArray(y, o);
        V.cast(u).intoArray(y, o + L);
        V.cast(v).intoArray(y, o + 2 * L);
        V.cast(w).intoArray(y, o + 3 * L);
    }

    private static void unary(float[] x, int i, float[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            FloatVector.fromArray(S, x, i + e).lanewise(UNARY).intoArray(y, o + e);
        }
        if (e < n) {
            VectorMask<Float> m = first(n - e);
            FloatVector.fromArray(S, x, i + e, m).lanewise(UNARY).intoArray(y, o + e, m);
        }
    }

    private static void binary(float[] x, int i, float[] z, int j, float[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            apply(FloatVector.fromArray(S, x, i + e), FloatVector.fromArray(S, z, j + e))
                    .intoArray(y, o + e);
        }
        if (e < n) {
            VectorMask<Float> m = first(n - e);
            apply(FloatVector.fromArray(S, x, i + e, m), FloatVector.fromArray(S, z, j + e, m))
                    .intoArray(y, o + e, m);
        }
    }

    private static void test(float[] x, int i, float[] z, int j, boolean[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            FloatVector right = FloatVector.fromArray(S, z, j + e);
            FloatVector.fromArray(S, x, i + e).compare(TEST, right).intoArray(y, o + e);
        }
        if (e < n) {
            VectorMask<Float> m = first(n - e);
            FloatVector right = FloatVector.fromArray(S, z, j + e, m);
            VectorMask<Float> result = FloatVector.fromArray(S, x, i + e, m).compare(TEST, right);
            for (int l = 0; e < n; e++, l++) y[o + e] = result.laneIsSet(l);
        }
    }

    private static void where(boolean[] when, int i, float[] x, int j, float[] z, int k, float[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            FloatVector other = FloatVector.fromArray(S, z, k + e);
            other.blend(FloatVector.fromArray(S, x, j + e), VectorMask.fromArray(S, when, i + e))
                    .intoArray(y, o + e);
        }
        for (; e < n; e++) y[o + e] = when[i + e] ? x[j + e] : z[k + e];
    }
}
