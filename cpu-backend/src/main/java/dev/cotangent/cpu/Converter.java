package dev.cotangent.cpu;

import static dev.cotangent.Dtype.*;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Strided;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The conversions of contiguous elements that are common, each in one loop over both arrays. HotSpot vectorises those that are nothing
 * but a conversion of Java's; of others there is a vector form as well ({@link VectorLoops#hasConversion}).
 */
final class Converter {
    /** Tenths of a nanosecond to convert an element. */
    private static final int COST = 4;

    private static final Map<Dtype, Map<Dtype, Conversion>> SCALAR = new EnumMap<>(Dtype.class);

    /** A loop over arrays of two classes. */
    private interface Body<X, Y> {
        void run(X x, int i, Y y, int o, int n);
    }

    private Converter() {}

    static {
        row(FLOAT32, FLOAT64, float[].class, double[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e];
        });
        row(FLOAT32, INT64, float[].class, long[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = DtypeConversions.truncate(x[i + e], INT64);
        });
        row(FLOAT32, INT32, float[].class, int[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = (int) DtypeConversions.truncate(x[i + e], INT32);
        });
        row(FLOAT32, INT16, float[].class, short[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = (short) DtypeConversions.truncate(x[i + e], INT16);
        });
        for (Dtype to : new Dtype[] {INT8, UINT8}) {
            row(FLOAT32, to, float[].class, byte[].class, (x, i, y, o, n) -> {
                for (int e = 0; e < n; e++) y[o + e] = (byte) DtypeConversions.truncate(x[i + e], INT8);
            });
        }
        row(FLOAT32, BFLOAT16, float[].class, short[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = DtypeConversions.brainBits(x[i + e]);
        });
        row(FLOAT32, FLOAT16, float[].class, short[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = Float.floatToFloat16(x[i + e]);
        });
        row(FLOAT32, BOOL, float[].class, byte[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = (byte) (x[i + e] != 0 ? 1 : 0);
        });
        row(FLOAT64, FLOAT32, double[].class, float[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = (float) x[i + e];
        });
        row(FLOAT64, INT64, double[].class, long[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = DtypeConversions.truncate(x[i + e], INT64);
        });
        row(INT64, FLOAT32, long[].class, float[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e];
        });
        row(INT64, FLOAT64, long[].class, double[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e];
        });
        row(INT64, INT32, long[].class, int[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = (int) x[i + e];
        });
        row(INT64, INT16, long[].class, short[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = (short) x[i + e];
        });
        for (Dtype to : new Dtype[] {INT8, UINT8}) {
            row(INT64, to, long[].class, byte[].class, (x, i, y, o, n) -> {
                for (int e = 0; e < n; e++) y[o + e] = (byte) x[i + e];
            });
        }
        row(INT64, BOOL, long[].class, byte[].class, (x, i, y, o, n) -> {
            // The sign bit of a number or of its negative is set unless it is 0; comparisons are not vectorised.
            for (int e = 0; e < n; e++) y[o + e] = (byte) ((x[i + e] | -x[i + e]) >>> Long.SIZE - 1);
        });
        row(INT32, FLOAT32, int[].class, float[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e];
        });
        row(INT32, FLOAT64, int[].class, double[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e];
        });
        row(INT32, INT64, int[].class, long[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e];
        });
        row(INT16, FLOAT32, short[].class, float[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e];
        });
        row(INT16, INT64, short[].class, long[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e];
        });
        row(INT8, FLOAT32, byte[].class, float[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e];
        });
        row(INT8, INT64, byte[].class, long[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e];
        });
        row(UINT8, FLOAT32, byte[].class, float[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e] & 0xFF;
        });
        row(UINT8, INT64, byte[].class, long[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e] & 0xFF;
        });
        row(BOOL, FLOAT32, byte[].class, float[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e] != 0 ? 1 : 0;
        });
        row(BOOL, INT64, byte[].class, long[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = x[i + e] != 0 ? 1 : 0;
        });
        row(BFLOAT16, FLOAT32, short[].class, float[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = Float.intBitsToFloat(x[i + e] << 16);
        });
        row(FLOAT16, FLOAT32, short[].class, float[].class, (x, i, y, o, n) -> {
            for (int e = 0; e < n; e++) y[o + e] = Float.float16ToFloat(x[i + e]);
        });
    }

    private static <X, Y> void row(Dtype from, Dtype to, Class<X> source, Class<Y> target, Body<X, Y> body) {
        Conversion conversion = new Conversion() {
            @Override
            public void run(Object x, int i, Object y, int o, int n) {
                body.run(source.cast(x), i, target.cast(y), o, n);
            }
        };
        SCALAR.computeIfAbsent(from, f -> new EnumMap<>(Dtype.class)).put(to, conversion);
    }

    /** Returns the loop over single elements, or null where there is none for a pair of dtypes. */
    static @Nullable Conversion scalar(Dtype from, Dtype to) {
        Map<Dtype, Conversion> known = SCALAR.get(from);
        return known == null ? null : known.get(to);
    }

    /** Converts contiguous elements, shared among the threads of a pool. */
    static void run(Conversion conversion, WorkerPool pool, Strided from, Strided to) {
        Object x = from.storage().memory();
        Object y = to.storage().memory();
        int i = (int) from.layout().offset();
        int j = (int) to.layout().offset();
        pool.run(
                to.numel(),
                Registers.BLOCK,
                COST,
                (first, end) -> conversion.run(x, i + (int) first, y, j + (int) first, (int) (end - first)));
    }
}
