package dev.cotangent.cpu;

import dev.cotangent.cpu.Butterflies.Format;
import dev.cotangent.cpu.Butterflies.Pass;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The plans and the loops of Fourier transforms of one type; caches the plans that were used last. */
final class FourierTables {
    /** Bytes of the plans that are cached. */
    private static final long LIMIT = 64 << 20;

    /** Elements of passes that take a tenth of a second; with vectors at once, less than the compiler. */
    private static final long COLD = 50_000_000;

    private static final long COLD_AT_ONCE = 2_000_000;

    /** The calls of an exercise, and the elements of its transforms. */
    private static final int CALLS = 100;

    /** Vectors of no more bits are not used. */
    private static final int NARROW = 128;

    private static final int LENGTH = 2 * 2 * 3 * 4 * 5;

    private record Key(int n, boolean isReal) {}

    private record Cached(Object table, long bytes) {}

    private final boolean isDouble;
    private final Butterflies plain;
    private final @Nullable JitWarmup<Butterflies> vectors;
    private final Map<Key, Cached> cached = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    FourierTables(@Nullable VectorLoops loops, boolean isDouble, boolean inBackground) {
        this.isDouble = isDouble;
        plain = isDouble ? new DoubleButterflies() : new FloatButterflies();
        // At 128 bits the compiler does not inline all of the vector loops, which then allocate.
        vectors = loops == null || loops.bits() <= NARROW
                ? null
                : new JitWarmup<>(
                        plain,
                        () -> loops.butterflies(isDouble),
                        this::exercise,
                        inBackground ? COLD : COLD_AT_ONCE,
                        inBackground);
    }

    /** Returns the loops for that many elements of passes. */
    Butterflies loops(long work) {
        return vectors == null ? plain : vectors.choose(work);
    }

    /** Returns the plan of complex transforms of a length. */
    FourierPlan plan(int n) {
        Key key = new Key(n, false);
        if (find(key) instanceof FourierPlan plan) return plan;
        FourierPlan plan = FourierPlan.of(n, isDouble);
        cache(key, new Cached(plan, plan.bytes()));
        return plan;
    }

    /** Returns {@code exp(-2 pi i k / n)} for all k up to a quarter of {@code n}, pairs. */
    Object realTwiddles(int n) {
        Key key = new Key(n, true);
        Object known = find(key);
        if (known != null) return known;
        double[] table = new double[2 * (n / 4 + 1)];
        for (int k = 0; k <= n / 4; k++) Roots.put(k, n, table, 2 * k);
        Object typed = Roots.cast(table, isDouble);
        cache(key, new Cached(typed, (long) table.length * (isDouble ? Double.BYTES : Float.BYTES)));
        return typed;
    }

    private synchronized @Nullable Object find(Key key) {
        Cached known = cached.get(key);
        return known == null ? null : known.table;
    }

    /** Drops the plans that were not used for longest when there are too many. */
    private synchronized void cache(Key key, Cached made) {
        Cached before = cached.put(key, made);
        bytes += made.bytes - (before == null ? 0 : before.bytes);
        var oldest = cached.entrySet().iterator();
        while (bytes > LIMIT && cached.size() > 2) {
            bytes -= oldest.next().getValue().bytes;
            oldest.remove();
        }
    }

    private Object array(int n) {
        return isDouble ? new double[n] : new float[n];
    }

    private void exercise(Butterflies loops) {
        FourierPlan plan = FourierPlan.of(LENGTH, isDouble);
        FourierPlan prime = FourierPlan.of(7, isDouble);
        int lines = 2 * Butterflies.BLOCK;
        Object x = array(2 * (LENGTH + 1) * lines);
        Object y = array(2 * (LENGTH + 1) * lines);
        Format several = Format.interleaved(lines);
        Format one = Format.planes(LENGTH + 1);
        for (int call = 0; call < CALLS; call++) {
            Format f = call % 4 == 0 ? one : call % 4 == 1 ? several.swapped() : several;
            for (Pass pass : plan.passes) loops.pass(pass, x, y, f);
            for (Pass pass : prime.passes) loops.pass(pass, x, y, f);
            loops.multiply(Butterflies.BLOCK, x, y, x, f);
            loops.twiddle(4, x, 0, y, y, 2, f);
            loops.splitReal(Butterflies.BLOCK, x, x, y, 1, 1, f);
            loops.joinReal(Butterflies.BLOCK, x, x, y, 1, 1, f);
        }
    }

    // Loops that need no vectors of their own.

    /** Sets numbers to 0. */
    static void fill(Object memory, int at, int n) {
        if (memory instanceof double[] x) Arrays.fill(x, at, at + n, 0);
        else Arrays.fill((float[]) memory, at, at + n, 0);
    }

    /** Multiplies {@code n} elements of all lines, real and imaginary parts by different factors. */
    static void scale(Object memory, Format f, int n, double re, double im) {
        if (f.isSingle()) {
            scale(memory, f.re(), n, re);
            scale(memory, f.im(), n, im);
        } else if (re == im) {
            scale(memory, Math.min(f.re(), f.im()), n * f.step(), re);
        } else {
            for (int e = 0; e < n; e++) {
                scale(memory, f.re() + e * f.step(), f.lines(), re);
                scale(memory, f.im() + e * f.step(), f.lines(), im);
            }
        }
    }

    private static void scale(Object memory, int at, int n, double factor) {
        if (memory instanceof double[] x) {
            for (int i = at; i < at + n; i++) x[i] *= factor;
        } else {
            float[] x = (float[]) memory;
            float f = (float) factor;
            for (int i = at; i < at + n; i++) x[i] *= f;
        }
    }

    /**
     * Completes lines that are their own mirrored conjugates, of which the first half is there; with {@code sign} -1 they are conjugated
     * first.
     */
    static void mirror(Object memory, Format f, int n, double sign) {
        for (int l = 0; l < f.lines(); l++) set(memory, f.im() + l, 0);
        for (int k = 1; k <= n / 2; k++) {
            for (int l = 0; l < f.lines(); l++) {
                int near = k * f.step() + l;
                int far = (n - k) * f.step() + l;
                double im = get(memory, f.im() + near) * sign;
                set(memory, f.im() + near, im);
                set(memory, f.im() + far, -im);
                set(memory, f.re() + far, get(memory, f.re() + near));
            }
        }
    }

    private static double get(Object memory, int at) {
        return memory instanceof double[] x ? x[at] : ((float[]) memory)[at];
    }

    private static void set(Object memory, int at, double value) {
        if (memory instanceof double[] x) x[at] = value;
        else ((float[]) memory)[at] = (float) value;
    }
}
