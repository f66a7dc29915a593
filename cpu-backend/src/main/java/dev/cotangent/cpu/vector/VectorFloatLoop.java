package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Loop;
import dev.cotangent.cpu.Templates;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.jspecify.annotations.Nullable;

/** Template of the vector loops over {@code float}; see {@link Templates}. */
final class VectorFloatLoop extends Loop {
    private static final VectorSpecies<Float> S = FloatVector.SPECIES_PREFERRED;
    private static final int L = S.length();
    private static final Object OP = Templates.data(MethodHandles.lookup());
    private static final VectorOperators.@Nullable Unary UNARY = OP instanceof VectorOperators.Unary f ? f : null;
    private static final VectorOperators.@Nullable Binary BINARY = OP instanceof VectorOperators.Binary f ? f : null;
    private static final VectorOperators.@Nullable Comparison TEST =
            OP instanceof VectorOperators.Comparison f ? f : null;

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        if (UNARY != null) unary((float[]) a, i, (float[]) out, o, n);
        else if (BINARY != null) binary((float[]) a, i, (float[]) b, j, (float[]) out, o, n);
        else if (TEST != null) test((float[]) a, i, (float[]) b, j, (boolean[]) out, o, n);
        else where((boolean[]) a, i, (float[]) b, j, (float[]) c, k, (float[]) out, o, n);
    }

    private static void unary(float[] x, int i, float[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L)
            FloatVector.fromArray(S, x, i + e).lanewise(UNARY).intoArray(y, o + e);
        if (e < n) {
            VectorMask<Float> m = S.indexInRange(e, n);
            FloatVector.fromArray(S, x, i + e, m).lanewise(UNARY).intoArray(y, o + e, m);
        }
    }

    private static void binary(float[] x, int i, float[] z, int j, float[] y, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            FloatVector right = FloatVector.fromArray(S, z, j + e);
            FloatVector.fromArray(S, x, i + e).lanewise(BINARY, right).intoArray(y, o + e);
        }
        if (e < n) {
            VectorMask<Float> m = S.indexInRange(e, n);
            FloatVector right = FloatVector.fromArray(S, z, j + e, m);
            FloatVector.fromArray(S, x, i + e, m).lanewise(BINARY, right).intoArray(y, o + e, m);
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
