package dev.cotangent.cpu;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** Template of the scalar loops over {@code double}; see {@link LoopTemplates}. */
final class DoubleLoop extends Loop {
    private static final Object FN = LoopTemplates.data(MethodHandles.lookup());
    private static final ScalarFunction.@Nullable DoubleUnary UNARY =
            FN instanceof ScalarFunction.DoubleUnary f ? f : null;
    private static final ScalarFunction.@Nullable DoubleBinary BINARY =
            FN instanceof ScalarFunction.DoubleBinary f ? f : null;
    private static final ScalarFunction.@Nullable DoubleTest TEST =
            FN instanceof ScalarFunction.DoubleTest f ? f : null;

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        if (UNARY != null) {
            double[] y = (double[]) out;
            double[] x = (double[]) a;
            for (int e = 0; e < n; e++) y[o + e] = UNARY.of(x[i + e]);
        } else if (BINARY != null) {
            double[] y = (double[]) out;
            double[] x = (double[]) a;
            double[] z = (double[]) b;
            for (int e = 0; e < n; e++) y[o + e] = BINARY.of(x[i + e], z[j + e]);
        } else if (TEST != null) {
            boolean[] y = (boolean[]) out;
            double[] x = (double[]) a;
            double[] z = (double[]) b;
            for (int e = 0; e < n; e++) y[o + e] = TEST.of(x[i + e], z[j + e]);
        } else {
            double[] y = (double[]) out;
            boolean[] when = (boolean[]) a;
            double[] x = (double[]) b;
            double[] z = (double[]) c;
            for (int e = 0; e < n; e++) y[o + e] = when[i + e] ? x[j + e] : z[k + e];
        }
    }
}
