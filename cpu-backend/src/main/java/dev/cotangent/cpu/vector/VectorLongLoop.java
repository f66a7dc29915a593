package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.LoopTemplates;
import dev.cotangent.ir.ScalarOp;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/**
 * Template of the vector loops over {@code long}; see {@link LoopTemplates}. What fills no vector is left to the scalar loop. HotSpot
 * vectorises none of these by itself, since the arrays may be the same.
 */
final class VectorLongLoop extends Loop {
    private static final VectorSpecies<Long> S = Species.LONG;
    private static final int L = S.length();
    private static final Class<? extends LongVector> V = Species.LONGS;
    private static final VectorLongOp DATA = (VectorLongOp) LoopTemplates.data(MethodHandles.lookup());
    private static final ScalarOp OP = DATA.op();
    private static final Loop SCALAR = DATA.scalar();
    private static final VectorOperators.@Nullable Comparison TEST = VectorLongOp.comparison(OP);
    private static final VectorOperators.@Nullable Binary BINARY = VectorLongOp.binary(OP);

    /** Accumulators of a fold: no operation waits for the one before. */
    private static final int CHAINS = 4;

    private static LongVector apply(LongVector a, LongVector b) {
        LongVector y = V.cast(b);
        if (OP == ScalarOp.SHR) y = V.cast(y.blend(Long.SIZE - 1, isTooFar(y)));
        LongVector r = V.cast(V.cast(a).lanewise(BINARY, y));
        return OP == ScalarOp.SHL ? V.cast(r.blend(0, isTooFar(y))) : r;
    }

    private static VectorMask<Long> isTooFar(LongVector distance) {
        return distance.compare(VectorOperators.LT, 0).or(distance.compare(VectorOperators.GE, DATA.bits()));
    }

    /** Computes functions of one operand by subtraction: not every processor has negation and absolute values of 64 bits. */
    private static LongVector apply(LongVector a) {
        LongVector x = V.cast(a);
        if (OP == ScalarOp.NOT) return x.lanewise(VectorOperators.XOR, -1);
        LongVector negative = V.cast(V.cast(LongVector.zero(S)).lanewise(VectorOperators.SUB, x));
        return OP == ScalarOp.NEG ? negative : V.cast(x.lanewise(VectorOperators.MAX, negative));
    }

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        int whole = n - n % L;
        if (TEST != null) test((long[]) a, i, (long[]) b, j, (boolean[]) out, o, whole);
        else if (BINARY != null) binary((long[]) a, i, (long[]) b, j, (long[]) out, o, whole);
        else if (OP == ScalarOp.WHERE) where((boolean[]) a, i, (long[]) b, j, (long[]) c, k, (long[]) out, o, whole);
        else unary((long[]) a, i, (long[]) out, o, whole);
        if (whole < n) SCALAR.run(out, o + whole, a, i + whole, b, j + whole, c, k + whole, n - whole);
    }

    private static void unary(long[] x, int i, long[] y, int o, int n) {
        for (int e = 0; e < n; e += L) apply(LongVector.fromArray(S, x, i + e)).intoArray(y, o + e);
    }

    private static void binary(long[] x, int i, long[] z, int j, long[] y, int o, int n) {
        for (int e = 0; e < n; e += L) {
            apply(LongVector.fromArray(S, x, i + e), LongVector.fromArray(S, z, j + e))
                    .intoArray(y, o + e);
        }
    }

    private static void test(long[] x, int i, long[] z, int j, boolean[] y, int o, int n) {
        for (int e = 0; e < n; e += L) {
            LongVector right = LongVector.fromArray(S, z, j + e);
            LongVector.fromArray(S, x, i + e).compare(TEST, right).intoArray(y, o + e);
        }
    }

    private static void where(boolean[] when, int i, long[] x, int j, long[] z, int k, long[] y, int o, int n) {
        for (int e = 0; e < n; e += L) {
            LongVector other = LongVector.fromArray(S, z, k + e);
            other.blend(LongVector.fromArray(S, x, j + e), VectorMask.fromArray(S, when, i + e))
                    .intoArray(y, o + e);
        }
    }

    /** Folds in several chains: all orders give the same. */
    @Override
    public void fold(Object out, int o, Object a, int i, int n) {
        int step = CHAINS * L;
        if (BINARY == null || n < step) {
            SCALAR.fold(out, o, a, i, n);
            return;
        }
        long[] x = (long[]) a;
        long[] y = (long[]) out;
        int whole = n - n % step;
        long[] chains = four(x, i, whole);
        SCALAR.fold(y, o, chains, 0, L);
        if (whole == n) return;
        SCALAR.fold(chains, 0, x, i + whole, n - whole);
        SCALAR.run(y, o, y, o, chains, 0, chains, 0, 1);
    }

    /** Returns the accumulators of {@code n} elements, a multiple of the chains, reduced to one vector. */
    private static long[] four(long[] x, int i, int n) {
        LongVector t = LongVector.fromArray(S, x, i);
        LongVector u = LongVector.fromArray(S, x, i + L);
        LongVector v = LongVector.fromArray(S, x, i + 2 * L);
        LongVector w = LongVector.fromArray(S, x, i + 3 * L);
        for (int e = CHAINS * L; e < n; e += CHAINS * L) {
            t = apply(t, LongVector.fromArray(S, x, i + e));
            u = apply(u, LongVector.fromArray(S, x, i + e + L));
            v = apply(v, LongVector.fromArray(S, x, i + e + 2 * L));
            w = apply(w, LongVector.fromArray(S, x, i + e + 3 * L));
        }
        long[] reduced = new long[L];
        apply(apply(t, u), apply(v, w)).intoArray(reduced, 0);
        return reduced;
    }
}
