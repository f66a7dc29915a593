package dev.cotangent.cpu;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** Template of the scalar loops over {@code boolean}; see {@link LoopTemplates}. */
final class BoolLoop extends Loop {
    private static final Object FN = LoopTemplates.data(MethodHandles.lookup());
    private static final ScalarFunction.@Nullable BoolUnary UNARY = FN instanceof ScalarFunction.BoolUnary f ? f : null;
    private static final ScalarFunction.@Nullable BoolBinary BINARY =
            FN instanceof ScalarFunction.BoolBinary f ? f : null;

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        boolean[] y = (boolean[]) out;
        boolean[] x = (boolean[]) a;
        boolean[] z = (boolean[]) b;
        if (UNARY != null) {
            for (int e = 0; e < n; e++) y[o + e] = UNARY.of(x[i + e]);
        } else if (BINARY != null) {
            for (int e = 0; e < n; e++) y[o + e] = BINARY.of(x[i + e], z[j + e]);
        } else {
            boolean[] w = (boolean[]) c;
            for (int e = 0; e < n; e++) y[o + e] = x[i + e] ? z[j + e] : w[k + e];
        }
    }

    /** Reduces with one accumulator, which the compiler may split: all orders have the same result. */
    @Override
    public void fold(Object out, int o, Object a, int i, int n) {
        if (BINARY == null) {
            super.fold(out, o, a, i, n);
            return;
        }
        boolean[] x = (boolean[]) a;
        boolean joined = x[i];
        for (int e = 1; e < n; e++) joined = BINARY.of(joined, x[i + e]);
        ((boolean[]) out)[o] = joined;
    }
}
