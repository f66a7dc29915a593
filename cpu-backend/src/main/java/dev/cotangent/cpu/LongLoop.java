package dev.cotangent.cpu;

import java.lang.invoke.MethodHandles;
import org.jspecify.annotations.Nullable;

/** Template of the scalar loops over {@code long}; see {@link LoopTemplates}. */
final class LongLoop extends Loop {
    private static final Object FN = LoopTemplates.data(MethodHandles.lookup());
    private static final ScalarFunction.@Nullable LongUnary UNARY = FN instanceof ScalarFunction.LongUnary f ? f : null;
    private static final ScalarFunction.@Nullable LongBinary BINARY =
            FN instanceof ScalarFunction.LongBinary f ? f : null;
    private static final ScalarFunction.@Nullable LongTest TEST = FN instanceof ScalarFunction.LongTest f ? f : null;

    @Override
    public void run(Object out, int o, Object a, int i, Object b, int j, Object c, int k, int n) {
        if (UNARY != null) {
            long[] y = (long[]) out;
            long[] x = (long[]) a;
            for (int e = 0; e < n; e++) y[o + e] = UNARY.of(x[i + e]);
        } else if (BINARY != null) {
            long[] y = (long[]) out;
            long[] x = (long[]) a;
            long[] z = (long[]) b;
            for (int e = 0; e < n; e++) y[o + e] = BINARY.of(x[i + e], z[j + e]);
        } else if (TEST != null) {
            boolean[] y = (boolean[]) out;
            long[] x = (long[]) a;
            long[] z = (long[]) b;
            for (int e = 0; e < n; e++) y[o + e] = TEST.of(x[i + e], z[j + e]);
        } else {
            long[] y = (long[]) out;
            boolean[] when = (boolean[]) a;
            long[] x = (long[]) b;
            long[] z = (long[]) c;
            for (int e = 0; e < n; e++) y[o + e] = when[i + e] ? x[j + e] : z[k + e];
        }
    }

    /** Reduces with one accumulator, which the compiler may split: all orders have the same result. */
    @Override
    public void fold(Object out, int o, Object a, int i, int n) {
        if (BINARY == null) {
            super.fold(out, o, a, i, n);
            return;
        }
        long[] x = (long[]) a;
        long joined = x[i];
        for (int e = 1; e < n; e++) joined = BINARY.of(joined, x[i + e]);
        ((long[]) out)[o] = joined;
    }
}
