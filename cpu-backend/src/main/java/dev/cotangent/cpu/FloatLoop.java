package dev.cotangent.cpu;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** Template of the scalar loops over {@code float}; see {@link LoopTemplates}. */
final class FloatLoop extends Loop {
    private static final Object FN = LoopTemplates.data(MethodHandles.lookup());
    private static final ScalarFunction.@Nullable FloatUnary UNARY =
            FN instanceof ScalarFunction.FloatUnary f ? f : null;
    private static final ScalarFunction.@Nullable FloatBinary BINARY =
            FN instanceof ScalarFunction.FloatBinary f ? f : null;
    private static final ScalarFunction.@Nullable FloatTest TEST = FN instanceof ScalarFunction.FloatTest f ? f : null;

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        if (UNARY != null) {
            float[] y = (float[]) out;
            float[] x = (float[]) a;
            for (int e = 0; e < n; e++) y[o + e] = UNARY.of(x[i + e]);
        } else if (BINARY != null) {
            float[] y = (float[]) out;
            float[] x = (float[]) a;
            float[] z = (float[]) b;
            for (int e = 0; e < n; e++) y[o + e] = BINARY.of(x[i + e], z[j + e]);
        } else if (TEST != null) {
            boolean[] y = (boolean[]) out;
            float[] x = (float[]) a;
            float[] z = (float[]) b;
            for (int e = 0; e < n; e++) y[o + e] = TEST.of(x[i + e], z[j + e]);
        } else {
            float[] y = (float[]) out;
            boolean[] when = (boolean[]) a;
            float[] x = (float[]) b;
            float[] z = (float[]) c;
            for (int e = 0; e < n; e++) y[o + e] = when[i + e] ? x[j + e] : z[k + e];
        }
    }
}
