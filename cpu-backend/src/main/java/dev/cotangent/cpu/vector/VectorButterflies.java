package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Butterflies;
import dev.cotangent.cpu.DoubleButterflies;
import dev.cotangent.cpu.FloatButterflies;
import dev.cotangent.cpu.LoopTemplates;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
import jdk.incubator.vector.VectorOperators;

/**
 * Template of the loops of Fourier transforms of one type, whose data is whether that is float64; see {@link LoopTemplates}.
 * The elements of a vector belong to different lines, or to transforms with the same twiddles; the last ones, which do not fill a
 * vector, are computed by the scalar loops.
 */
final class VectorButterflies extends Butterflies {
    private static final boolean DOUBLE = LoopTemplates.data(MethodHandles.lookup()) == Boolean.TRUE;
    private static final int L = DOUBLE ? Species.DOUBLE.length() : Species.FLOAT.length();

    private static final double SIN_60 = 0.86602540378443864676;
    private static final double COS_72 = 0.30901699437494742410;
    private static final double COS_144 = -0.80901699437494742410;
    private static final double SIN_72 = 0.95105651629515357212;
    private static final double SIN_144 = 0.58778525229247312917;

    private final Butterflies scalar = DOUBLE ? new DoubleButterflies() : new FloatButterflies();

    @Override
    public void pass(Pass pass, Object x, Object y, Format f) {
        int n = f.isSingle() ? pass.s() : f.lines();
        int whole = n / L * L;
        if (whole > 0) {
            switch (pass.radix()) {
                case 2 -> radix2(pass, x, y, f, whole);
                case 3 -> radix3(pass, x, y, f, whole);
                case 4 -> radix4(pass, x, y, f, whole);
                case 5 -> radix5(pass, x, y, f, whole);
                default -> prime(pass, x, y, f, whole);
            }
        }
        if (whole == n) return;
        if (DOUBLE) DoubleButterflies.pass(pass, (double[]) x, (double[]) y, f, whole);
        else FloatButterflies.pass(pass, (float[]) x, (float[]) y, f, whole);
    }

    private static int runs(Pass pass, Format f) {
        return f.isSingle() ? 1 : pass.s();
    }

    private static void radix2(Pass pass, Object x, Object y, Format f, int n) {
        int block = f.step() * pass.s();
        int runs = runs(pass, f);
        int k = block * pass.m();
        int plane = f.im() - f.re();
        Object w = pass.twiddles();
        for (int p = 0; p < pass.m(); p++) {
            Vector<?> a1 = splat(w, 2 * p);
            Vector<?> b1 = splat(w, 2 * p + 1);
            for (int r = 0; r < runs; r++) {
                int i = f.re() + block * p + r * f.step();
                int o = f.re() + block * 2 * p + r * f.step();
                for (int e = 0; e < n; e += L, i += L, o += L) {
                    Vector<?> r0 = load(x, i);
                    Vector<?> i0 = load(x, i + plane);
                    Vector<?> r1 = load(x, i + k);
                    Vector<?> i1 = load(x, i + k + plane);
                    store(add(r0, r1), y, o);
                    store(add(i0, i1), y, o + plane);
                    put(sub(r0, r1), sub(i0, i1), a1, b1, y, o + block, plane);
                }
            }
        }
    }

    private static void radix3(Pass pass, Object x, Object y, Format f, int n) {
        int block = f.step() * pass.s();
        int runs = runs(pass, f);
        int k = block * pass.m();
        int plane = f.im() - f.re();
        Object w = pass.twiddles();
        for (int p = 0; p < pass.m(); p++) {
            Vector<?> a1 = splat(w, 4 * p);
            Vector<?> b1 = splat(w, 4 * p + 1);
            Vector<?> a2 = splat(w, 4 * p + 2);
            Vector<?> b2 = splat(w, 4 * p + 3);
            for (int r = 0; r < runs; r++) {
                int i = f.re() + block * p + r * f.step();
                int o = f.re() + block * 3 * p + r * f.step();
                for (int e = 0; e < n; e += L, i += L, o += L) {
                    Vector<?> r0 = load(x, i);
                    Vector<?> i0 = load(x, i + plane);
                    Vector<?> r1 = load(x, i + k);
                    Vector<?> i1 = load(x, i + k + plane);
                    Vector<?> r2 = load(x, i + 2 * k);
                    Vector<?> i2 = load(x, i + 2 * k + plane);
                    Vector<?> sr = add(r1, r2);
                    Vector<?> si = add(i1, i2);
                    Vector<?> dr = mul(sub(r1, r2), splat(SIN_60));
                    Vector<?> di = mul(sub(i1, i2), splat(SIN_60));
                    store(add(r0, sr), y, o);
                    store(add(i0, si), y, o + plane);
                    Vector<?> cr = fma(sr, splat(-0.5), r0);
                    Vector<?> ci = fma(si, splat(-0.5), i0);
                    put(add(cr, di), sub(ci, dr), a1, b1, y, o + block, plane);
                    put(sub(cr, di), add(ci, dr), a2, b2, y, o + 2 * block, plane);
                }
            }
        }
    }

    private static void radix4(Pass pass, Object x, Object y, Format f, int n) {
        int block = f.step() * pass.s();
        int runs = runs(pass, f);
        int k = block * pass.m();
        int plane = f.im() - f.re();
        Object w = pass.twiddles();
        for (int p = 0; p < pass.m(); p++) {
            Vector<?> a1 = splat(w, 6 * p);
            Vector<?> b1 = splat(w, 6 * p + 1);
            Vector<?> a2 = splat(w, 6 * p + 2);
            Vector<?> b2 = splat(w, 6 * p + 3);
            Vector<?> a3 = splat(w, 6 * p + 4);
            Vector<?> b3 = splat(w, 6 * p + 5);
            for (int r = 0; r < runs; r++) {
                int i = f.re() + block * p + r * f.step();
                int o = f.re() + block * 4 * p + r * f.step();
                for (int e = 0; e < n; e += L, i += L, o += L) {
                    Vector<?> r0 = load(x, i);
                    Vector<?> i0 = load(x, i + plane);
                    Vector<?> r1 = load(x, i + k);
                    Vector<?> i1 = load(x, i + k + plane);
                    Vector<?> r2 = load(x, i + 2 * k);
                    Vector<?> i2 = load(x, i + 2 * k + plane);
                    Vector<?> r3 = load(x, i + 3 * k);
                    Vector<?> i3 = load(x, i + 3 * k + plane);
                    Vector<?> ar = add(r0, r2);
                    Vector<?> ai = add(i0, i2);
                    Vector<?> br = sub(r0, r2);
                    Vector<?> bi = sub(i0, i2);
                    Vector<?> cr = add(r1, r3);
                    Vector<?> ci = add(i1, i3);
                    Vector<?> dr = sub(r1, r3);
                    Vector<?> di = sub(i1, i3);
                    store(add(ar, cr), y, o);
                    store(add(ai, ci), y, o + plane);
                    put(add(br, di), sub(bi, dr), a1, b1, y, o + block, plane);
                    put(sub(ar, cr), sub(ai, ci), a2, b2, y, o + 2 * block, plane);
                    put(sub(br, di), add(bi, dr), a3, b3, y, o + 3 * block, plane);
                }
            }
        }
    }

    private static void radix5(Pass pass, Object x, Object y, Format f, int n) {
        int block = f.step() * pass.s();
        int runs = runs(pass, f);
        int k = block * pass.m();
        int plane = f.im() - f.re();
        Object w = pass.twiddles();
        for (int p = 0; p < pass.m(); p++) {
            for (int r = 0; r < runs; r++) {
                int i = f.re() + block * p + r * f.step();
                int o = f.re() + block * 5 * p + r * f.step();
                for (int e = 0; e < n; e += L, i += L, o += L) {
                    Vector<?> r0 = load(x, i);
                    Vector<?> i0 = load(x, i + plane);
                    Vector<?> r1 = load(x, i + k);
                    Vector<?> i1 = load(x, i + k + plane);
                    Vector<?> r2 = load(x, i + 2 * k);
                    Vector<?> i2 = load(x, i + 2 * k + plane);
                    Vector<?> r3 = load(x, i + 3 * k);
                    Vector<?> i3 = load(x, i + 3 * k + plane);
                    Vector<?> r4 = load(x, i + 4 * k);
                    Vector<?> i4 = load(x, i + 4 * k + plane);
                    Vector<?> ar = add(r1, r4);
                    Vector<?> ai = add(i1, i4);
                    Vector<?> br = sub(r1, r4);
                    Vector<?> bi = sub(i1, i4);
                    Vector<?> cr = add(r2, r3);
                    Vector<?> ci = add(i2, i3);
                    Vector<?> dr = sub(r2, r3);
                    Vector<?> di = sub(i2, i3);
                    store(add(r0, add(ar, cr)), y, o);
                    store(add(i0, add(ai, ci)), y, o + plane);
                    Vector<?> er = fma(cr, splat(COS_144), fma(ar, splat(COS_72), r0));
                    Vector<?> ei = fma(ci, splat(COS_144), fma(ai, splat(COS_72), i0));
                    Vector<?> gr = fma(cr, splat(COS_72), fma(ar, splat(COS_144), r0));
                    Vector<?> gi = fma(ci, splat(COS_72), fma(ai, splat(COS_144), i0));
                    Vector<?> hr = fma(br, splat(SIN_72), mul(dr, splat(SIN_144)));
                    Vector<?> hi = fma(bi, splat(SIN_72), mul(di, splat(SIN_144)));
                    Vector<?> lr = fma(br, splat(SIN_144), mul(dr, splat(-SIN_72)));
                    Vector<?> li = fma(bi, splat(SIN_144), mul(di, splat(-SIN_72)));
                    int t = 8 * p;
                    put(add(er, hi), sub(ei, hr), splat(w, t), splat(w, t + 1), y, o + block, plane);
                    put(add(gr, li), sub(gi, lr), splat(w, t + 2), splat(w, t + 3), y, o + 2 * block, plane);
                    put(sub(gr, li), add(gi, lr), splat(w, t + 4), splat(w, t + 5), y, o + 3 * block, plane);
                    put(sub(er, hi), add(ei, hr), splat(w, t + 6), splat(w, t + 7), y, o + 4 * block, plane);
                }
            }
        }
    }

    /** Accumulates in the result's memory: accumulators of a loop of unknown length would need a type of their own. */
    private static void prime(Pass pass, Object x, Object y, Format f, int n) {
        int radix = pass.radix();
        int block = f.step() * pass.s();
        int runs = runs(pass, f);
        int k = block * pass.m();
        int plane = f.im() - f.re();
        for (int p = 0; p < pass.m(); p++) {
            for (int r = 0; r < runs; r++) {
                int i = f.re() + block * p + r * f.step();
                int o = f.re() + block * radix * p + r * f.step();
                for (int e = 0; e < n; e += L, i += L, o += L) {
                    store(load(x, i), y, o);
                    store(load(x, i + plane), y, o + plane);
                    for (int a = 1; a <= radix / 2; a++) {
                        int near = i + a * k;
                        int far = i + (radix - a) * k;
                        store(add(load(y, o), add(load(x, near), load(x, far))), y, o);
                        Vector<?> im = add(load(x, near + plane), load(x, far + plane));
                        store(add(load(y, o + plane), im), y, o + plane);
                    }
                    for (int b = 1; b <= radix / 2; b++) {
                        int near = o + b * block;
                        int far = o + (radix - b) * block;
                        cosines(pass, x, i, k, plane, y, near, b);
                        sines(pass, x, i, k, plane, y, far, b);
                        Vector<?> cr = load(y, near);
                        Vector<?> ci = load(y, near + plane);
                        Vector<?> sr = load(y, far);
                        Vector<?> si = load(y, far + plane);
                        Object w = pass.twiddles();
                        int t = 2 * ((radix - 1) * p + b - 1);
                        int u = 2 * ((radix - 1) * p + radix - b - 1);
                        put(sub(cr, si), add(ci, sr), splat(w, t), splat(w, t + 1), y, near, plane);
                        put(add(cr, si), sub(ci, sr), splat(w, u), splat(w, u + 1), y, far, plane);
                    }
                }
            }
        }
    }

    private static void cosines(Pass pass, Object x, int i, int k, int plane, Object y, int o, int b) {
        int radix = pass.radix();
        store(load(x, i), y, o);
        store(load(x, i + plane), y, o + plane);
        for (int a = 1, at = 2 * b; a <= radix / 2; a++, at = (at + 2 * b) % (2 * radix)) {
            Vector<?> cos = splat(pass.roots(), at);
            int near = i + a * k;
            int far = i + (radix - a) * k;
            store(fma(add(load(x, near), load(x, far)), cos, load(y, o)), y, o);
            Vector<?> im = add(load(x, near + plane), load(x, far + plane));
            store(fma(im, cos, load(y, o + plane)), y, o + plane);
        }
    }

    private static void sines(Pass pass, Object x, int i, int k, int plane, Object y, int o, int b) {
        int radix = pass.radix();
        store(splat(0), y, o);
        store(splat(0), y, o + plane);
        for (int a = 1, at = 2 * b; a <= radix / 2; a++, at = (at + 2 * b) % (2 * radix)) {
            Vector<?> sin = splat(pass.roots(), at + 1);
            int near = i + a * k;
            int far = i + (radix - a) * k;
            store(fma(sub(load(x, near), load(x, far)), sin, load(y, o)), y, o);
            Vector<?> im = sub(load(x, near + plane), load(x, far + plane));
            store(fma(im, sin, load(y, o + plane)), y, o + plane);
        }
    }

    @Override
    public void multiply(int n, Object x, Object w, Object y, Format f) {
        int whole = f.lines() / L * L;
        int plane = f.im() - f.re();
        if (whole > 0) {
            for (int e = 0; e < n; e++) {
                Vector<?> a = splat(w, 2 * e);
                Vector<?> b = splat(w, 2 * e + 1);
                int at = f.re() + e * f.step();
                for (int l = at; l < at + whole; l += L) put(load(x, l), load(x, l + plane), a, b, y, l, plane);
            }
        }
        if (whole == f.lines()) return;
        if (DOUBLE) DoubleButterflies.multiply(n, (double[]) x, (double[]) w, (double[]) y, f, whole);
        else FloatButterflies.multiply(n, (float[]) x, (float[]) w, (float[]) y, f, whole);
    }

    @Override
    public void twiddle(int n, Object x, int first, Object inner, Object outer, int blocks, Format f) {
        if (f.lines() % L != 0) {
            scalar.twiddle(n, x, first, inner, outer, blocks, f);
            return;
        }
        int plane = f.im() - f.re();
        for (int e = 0; e < n; e++) {
            for (int l = 0; l < f.lines(); l += L) {
                int c = first + l;
                int a = 2 * (e * blocks + c / BLOCK);
                int b = 2 * e * BLOCK + c % BLOCK;
                Vector<?> fr = splat(outer, a);
                Vector<?> fi = splat(outer, a + 1);
                Vector<?> nr = load(inner, b);
                Vector<?> ni = load(inner, b + BLOCK);
                Vector<?> re = fma(nr, fr, neg(mul(ni, fi)));
                Vector<?> im = fma(nr, fi, mul(ni, fr));
                int at = f.re() + e * f.step() + l;
                put(load(x, at), load(x, at + plane), re, im, x, at, plane);
            }
        }
    }

    @Override
    public void splitReal(int h, Object x, Object w, Object y, double factor, double sign, Format f) {
        if (f.lines() % L != 0) {
            scalar.splitReal(h, x, w, y, factor, sign, f);
            return;
        }
        int plane = f.im() - f.re();
        Vector<?> zero = splat(0);
        for (int l = f.re(); l < f.re() + f.lines(); l += L) {
            Vector<?> re = load(x, l);
            Vector<?> im = load(x, l + plane);
            int last = l + h * f.step();
            store(mul(add(re, im), splat(factor)), y, l);
            store(zero, y, l + plane);
            store(mul(sub(re, im), splat(factor)), y, last);
            store(zero, y, last + plane);
        }
        Vector<?> half = splat(factor, 0.5);
        Vector<?> imHalf = splat(factor * sign, 0.5);
        for (int k = 1; k <= h / 2; k++) {
            Vector<?> a = splat(w, 2 * k);
            Vector<?> b = splat(w, 2 * k + 1);
            for (int l = 0; l < f.lines(); l += L) {
                int i = f.re() + k * f.step() + l;
                int j = f.re() + (h - k) * f.step() + l;
                Vector<?> ir = load(x, i);
                Vector<?> ii = load(x, i + plane);
                Vector<?> jr = load(x, j);
                Vector<?> ji = load(x, j + plane);
                Vector<?> er = add(ir, jr);
                Vector<?> ei = sub(ii, ji);
                Vector<?> or = add(ii, ji);
                Vector<?> oi = sub(jr, ir);
                Vector<?> tr = fma(or, a, neg(mul(oi, b)));
                Vector<?> ti = fma(or, b, mul(oi, a));
                store(mul(add(er, tr), half), y, i);
                store(mul(add(ei, ti), imHalf), y, i + plane);
                store(mul(sub(er, tr), half), y, j);
                store(mul(sub(ti, ei), imHalf), y, j + plane);
            }
        }
    }

    @Override
    public void joinReal(int h, Object x, Object w, Object y, double factor, double sign, Format f) {
        if (f.lines() % L != 0) {
            scalar.joinReal(h, x, w, y, factor, sign, f);
            return;
        }
        int plane = f.im() - f.re();
        Vector<?> re = splat(factor);
        Vector<?> im = splat(factor * sign);
        for (int l = f.re(); l < f.re() + f.lines(); l += L) {
            Vector<?> first = mul(load(x, l), re);
            Vector<?> last = mul(load(x, l + h * f.step()), re);
            store(add(first, last), y, l);
            store(sub(first, last), y, l + plane);
        }
        for (int k = 1; k <= h / 2; k++) {
            Vector<?> a = splat(w, 2 * k);
            Vector<?> b = splat(w, 2 * k + 1);
            for (int l = 0; l < f.lines(); l += L) {
                int i = f.re() + k * f.step() + l;
                int j = f.re() + (h - k) * f.step() + l;
                Vector<?> ir = mul(load(x, i), re);
                Vector<?> ii = mul(load(x, i + plane), im);
                Vector<?> jr = mul(load(x, j), re);
                Vector<?> ji = mul(load(x, j + plane), im);
                Vector<?> er = add(ir, jr);
                Vector<?> ei = sub(ii, ji);
                Vector<?> dr = sub(ir, jr);
                Vector<?> di = add(ii, ji);
                Vector<?> or = fma(dr, a, mul(di, b));
                Vector<?> oi = fma(di, a, neg(mul(dr, b)));
                store(sub(er, oi), y, i);
                store(add(ei, or), y, i + plane);
                store(add(er, oi), y, j);
                store(sub(or, ei), y, j + plane);
            }
        }
    }

    /** Stores {@code (re, im) * (a, b)}. */
    private static void put(Vector<?> re, Vector<?> im, Vector<?> a, Vector<?> b, Object y, int o, int plane) {
        store(fma(re, a, mul(im, neg(b))), y, o);
        store(fma(re, b, mul(im, a)), y, o + plane);
    }

    private static Vector<?> load(Object from, int i) {
        return DOUBLE
                ? DoubleVector.fromArray(Species.DOUBLE, (double[]) from, i)
                : FloatVector.fromArray(Species.FLOAT, (float[]) from, i);
    }

    private static void store(Vector<?> v, Object to, int o) {
        if (DOUBLE) Species.DOUBLES.cast(v).intoArray((double[]) to, o);
        else Species.FLOATS.cast(v).intoArray((float[]) to, o);
    }

    private static Vector<?> splat(Object from, int i) {
        return DOUBLE
                ? DoubleVector.broadcast(Species.DOUBLE, ((double[]) from)[i])
                : FloatVector.broadcast(Species.FLOAT, ((float[]) from)[i]);
    }

    private static Vector<?> splat(double x) {
        return DOUBLE ? DoubleVector.broadcast(Species.DOUBLE, x) : FloatVector.broadcast(Species.FLOAT, (float) x);
    }

    /** Broadcasts the product of a number, rounded to the type, and a power of two. */
    private static Vector<?> splat(double x, double power) {
        return DOUBLE
                ? DoubleVector.broadcast(Species.DOUBLE, x * power)
                : FloatVector.broadcast(Species.FLOAT, (float) x * (float) power);
    }

    private static Vector<?> add(Vector<?> a, Vector<?> b) {
        return DOUBLE
                ? Species.DOUBLES.cast(a).add(Species.DOUBLES.cast(b))
                : Species.FLOATS.cast(a).add(Species.FLOATS.cast(b));
    }

    private static Vector<?> sub(Vector<?> a, Vector<?> b) {
        return DOUBLE
                ? Species.DOUBLES.cast(a).sub(Species.DOUBLES.cast(b))
                : Species.FLOATS.cast(a).sub(Species.FLOATS.cast(b));
    }

    private static Vector<?> mul(Vector<?> a, Vector<?> b) {
        return DOUBLE
                ? Species.DOUBLES.cast(a).mul(Species.DOUBLES.cast(b))
                : Species.FLOATS.cast(a).mul(Species.FLOATS.cast(b));
    }

    private static Vector<?> neg(Vector<?> a) {
        return DOUBLE
                ? Species.DOUBLES.cast(a).lanewise(VectorOperators.NEG)
                : Species.FLOATS.cast(a).lanewise(VectorOperators.NEG);
    }

    private static Vector<?> fma(Vector<?> a, Vector<?> b, Vector<?> c) {
        return DOUBLE
                ? Species.DOUBLES
                        .cast(a)
                        .lanewise(VectorOperators.FMA, Species.DOUBLES.cast(b), Species.DOUBLES.cast(c))
                : Species.FLOATS.cast(a).lanewise(VectorOperators.FMA, Species.FLOATS.cast(b), Species.FLOATS.cast(c));
    }
}
