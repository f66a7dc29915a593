package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.Templates;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Template of the vector loops over {@code float}; see {@link Templates}. */
final class VectorFloatLoop extends Loop {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final VectorShuffle<Float> BY_1 = by(1);
    private static final VectorShuffle<Float> BY_2 = by(2);
    private static final VectorShuffle<Float> BY_4 = by(4);
    private static final VectorShuffle<Float> BY_8 = by(8);
    private static final Object OP = Templates.data(MethodHandles.lookup());
    private static final VectorOperators.@Nullable Unary UNARY = OP instanceof VectorOperators.Unary f ? f : null;
    private static final VectorOperators.@Nullable Binary BINARY = OP instanceof VectorOperators.Binary f ? f : null;
    private static final @Nullable Function FUNCTION = OP instanceof Function f ? f : null;
    private static final VectorOperators.@Nullable Comparison TEST =
            OP instanceof VectorOperators.Comparison f ? f : null;

    /** An op of one operand that is made of several operators. */
    @FunctionalInterface
    interface Function {
        FloatVector of(FloatVector a);
    }

    /** Each lane from so many further, around the end. */
    private static VectorShuffle<Float> by(int lanes) {
        return VectorShuffle.fromOp(S, l -> (l + lanes) % L);
    }

    private static FloatVector apply(FloatVector a) {
        return FUNCTION != null ? FUNCTION.of(a) : a.lanewise(UNARY);
    }

    private static FloatVector apply(FloatVector a, FloatVector b) {
        return a.lanewise(BINARY, b);
    }

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        if (UNARY != null || FUNCTION != null) unary((float[]) a, i, (float[]) out, o, n);
        else if (BINARY != null) binary((float[]) a, i, (float[]) b, j, (float[]) out, o, n);
        else if (TEST != null) test((float[]) a, i, (float[]) b, j, (boolean[]) out, o, n);
        else where((boolean[]) a, i, (float[]) b, j, (float[]) c, k, (float[]) out, o, n);
    }

    /** Four vectors at a time, or two where those are wide: no addition waits for the one before. */
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
        for (int h = LANES / 2; h >= L; h /= 2) {
            for (int l = o; l < o + h; l += L) {
                FloatVector.fromArray(S, y, l)
                        .lanewise(BINARY, FloatVector.fromArray(S, y, l + h))
                        .intoArray(y, l);
            }
        }
        FloatVector v = FloatVector.fromArray(S, y, o);
        if (L > 8) v = v.lanewise(BINARY, v.rearrange(BY_8));
        if (L > 4) v = v.lanewise(BINARY, v.rearrange(BY_4));
        if (L > 2) v = v.lanewise(BINARY, v.rearrange(BY_2));
        y[o] = v.lanewise(BINARY, v.rearrange(BY_1)).lane(0);
    }

    private static void two(float[] x, int i, float[] y, int o, int n) {
        FloatVector u = FloatVector.fromArray(S, x, i);
        FloatVector v = FloatVector.fromArray(S, x, i + L);
        for (int e = LANES; e < n; e += LANES) {
            u = u.lanewise(BINARY, FloatVector.fromArray(S, x, i + e));
            v = v.lanewise(BINARY, FloatVector.fromArray(S, x, i + e + L));
        }
        u.intoArray(y, o);
        v.intoArray(y, o + L);
    }

    private static void four(float[] x, int i, float[] y, int o, int n) {
        FloatVector t = FloatVector.fromArray(S, x, i);
        FloatVector u = FloatVector.fromArray(S, x, i + L);
        FloatVector v = FloatVector.fromArray(S, x, i + 2 * L);
        FloatVector w = FloatVector.fromArray(S, x, i + 3 * L);
        for (int e = LANES; e < n; e += LANES) {
            t = t.lanewise(BINARY, FloatVector.fromArray(S, x, i + e));
            u = u.lanewise(BINARY, FloatVector.fromArray(S, x, i + e + L));
            v = v.lanewise(BINARY, FloatVector.fromArray(S, x, i + e + 2 * L));
            w = w.lanewise(BINARY, FloatVector.fromArray(S, x, i + e + 3 * L));
        }
        t.intoArray(y, o);
        u.intoArray(y, o + L);
        v.intoArray(y, o + 2 * L);
        w.intoArray(y, o + 3 * L);
    }

    private static void unary(float[] x, int i, float[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) apply(FloatVector.fromArray(S, x, i + e)).intoArray(y, o + e);
        if (e < n) {
            VectorMask<Float> m = S.indexInRange(e, n);
            apply(FloatVector.fromArray(S, x, i + e, m)).intoArray(y, o + e, m);
        }
    }

    private static void binary(float[] x, int i, float[] z, int j, float[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            apply(FloatVector.fromArray(S, x, i + e), FloatVector.fromArray(S, z, j + e))
                    .intoArray(y, o + e);
        }
        if (e < n) {
            VectorMask<Float> m = S.indexInRange(e, n);
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
            VectorMask<Float> m = S.indexInRange(e, n);
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
