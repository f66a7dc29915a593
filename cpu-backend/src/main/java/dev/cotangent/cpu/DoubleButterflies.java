package dev.cotangent.cpu;

/** Loops of Fourier transforms in float64, in scalar form. */
public final class DoubleButterflies extends Butterflies {
    private static final double SIN_60 = 0.86602540378443864676;
    private static final double COS_72 = 0.30901699437494742410;
    private static final double COS_144 = -0.80901699437494742410;
    private static final double SIN_72 = 0.95105651629515357212;
    private static final double SIN_144 = 0.58778525229247312917;

    @Override
    public void pass(Pass pass, Object x, Object y, Format f) {
        pass(pass, (double[]) x, (double[]) y, f, 0);
    }

    /** Runs a pass from the given one of the elements that are next to each other. */
    public static void pass(Pass pass, double[] x, double[] y, Format f, int from) {
        int block = f.step() * pass.s();
        int runs = f.isSingle() ? 1 : pass.s();
        int to = f.isSingle() ? pass.s() : f.lines();
        double[] w = (double[]) pass.twiddles();
        int perPoint = 2 * (pass.radix() - 1);
        int k = block * pass.m();
        int plane = f.im() - f.re();
        for (int p = 0; p < pass.m(); p++) {
            for (int r = 0; r < runs; r++) {
                int i = f.re() + block * p + r * f.step() + from;
                int o = f.re() + block * pass.radix() * p + r * f.step() + from;
                int n = to - from;
                switch (pass.radix()) {
                    case 2 -> radix2(n, x, i, k, plane, y, o, block, w, p * perPoint);
                    case 3 -> radix3(n, x, i, k, plane, y, o, block, w, p * perPoint);
                    case 4 -> radix4(n, x, i, k, plane, y, o, block, w, p * perPoint);
                    case 5 -> radix5(n, x, i, k, plane, y, o, block, w, p * perPoint);
                    default ->
                        prime(pass.radix(), (double[]) pass.roots(), n, x, i, k, plane, y, o, block, w, p * perPoint);
                }
            }
        }
    }

    /** Stores {@code (re, im) * w}. */
    private static void put(double re, double im, double[] w, int t, double[] y, int o, int plane) {
        double a = w[t];
        double b = w[t + 1];
        y[o] = Math.fma(re, a, -(im * b));
        y[o + plane] = Math.fma(re, b, im * a);
    }

    private static void radix2(
            int n, double[] x, int i, int k, int plane, double[] y, int o, int j, double[] w, int t) {
        for (int e = 0; e < n; e++, i++, o++) {
            double r0 = x[i];
            double i0 = x[i + plane];
            double r1 = x[i + k];
            double i1 = x[i + k + plane];
            y[o] = r0 + r1;
            y[o + plane] = i0 + i1;
            put(r0 - r1, i0 - i1, w, t, y, o + j, plane);
        }
    }

    private static void radix3(
            int n, double[] x, int i, int k, int plane, double[] y, int o, int j, double[] w, int t) {
        for (int e = 0; e < n; e++, i++, o++) {
            double r0 = x[i];
            double i0 = x[i + plane];
            double r1 = x[i + k];
            double i1 = x[i + k + plane];
            double r2 = x[i + 2 * k];
            double i2 = x[i + 2 * k + plane];
            double sr = r1 + r2;
            double si = i1 + i2;
            double dr = (r1 - r2) * SIN_60;
            double di = (i1 - i2) * SIN_60;
            y[o] = r0 + sr;
            y[o + plane] = i0 + si;
            double cr = Math.fma(sr, -0.5, r0);
            double ci = Math.fma(si, -0.5, i0);
            put(cr + di, ci - dr, w, t, y, o + j, plane);
            put(cr - di, ci + dr, w, t + 2, y, o + 2 * j, plane);
        }
    }

    private static void radix4(
            int n, double[] x, int i, int k, int plane, double[] y, int o, int j, double[] w, int t) {
        for (int e = 0; e < n; e++, i++, o++) {
            double r0 = x[i];
            double i0 = x[i + plane];
            double r1 = x[i + k];
            double i1 = x[i + k + plane];
            double r2 = x[i + 2 * k];
            double i2 = x[i + 2 * k + plane];
            double r3 = x[i + 3 * k];
            double i3 = x[i + 3 * k + plane];
            double ar = r0 + r2;
            double ai = i0 + i2;
            double br = r0 - r2;
            double bi = i0 - i2;
            double cr = r1 + r3;
            double ci = i1 + i3;
            double dr = r1 - r3;
            double di = i1 - i3;
            y[o] = ar + cr;
            y[o + plane] = ai + ci;
            put(br + di, bi - dr, w, t, y, o + j, plane);
            put(ar - cr, ai - ci, w, t + 2, y, o + 2 * j, plane);
            put(br - di, bi + dr, w, t + 4, y, o + 3 * j, plane);
        }
    }

    private static void radix5(
            int n, double[] x, int i, int k, int plane, double[] y, int o, int j, double[] w, int t) {
        for (int e = 0; e < n; e++, i++, o++) {
            double r0 = x[i];
            double i0 = x[i + plane];
            double ar = x[i + k] + x[i + 4 * k];
            double ai = x[i + k + plane] + x[i + 4 * k + plane];
            double br = x[i + k] - x[i + 4 * k];
            double bi = x[i + k + plane] - x[i + 4 * k + plane];
            double cr = x[i + 2 * k] + x[i + 3 * k];
            double ci = x[i + 2 * k + plane] + x[i + 3 * k + plane];
            double dr = x[i + 2 * k] - x[i + 3 * k];
            double di = x[i + 2 * k + plane] - x[i + 3 * k + plane];
            y[o] = r0 + (ar + cr);
            y[o + plane] = i0 + (ai + ci);
            double er = Math.fma(cr, COS_144, Math.fma(ar, COS_72, r0));
            double ei = Math.fma(ci, COS_144, Math.fma(ai, COS_72, i0));
            double gr = Math.fma(cr, COS_72, Math.fma(ar, COS_144, r0));
            double gi = Math.fma(ci, COS_72, Math.fma(ai, COS_144, i0));
            double hr = Math.fma(br, SIN_72, dr * SIN_144);
            double hi = Math.fma(bi, SIN_72, di * SIN_144);
            double lr = Math.fma(br, SIN_144, -(dr * SIN_72));
            double li = Math.fma(bi, SIN_144, -(di * SIN_72));
            put(er + hi, ei - hr, w, t, y, o + j, plane);
            put(gr + li, gi - lr, w, t + 2, y, o + 2 * j, plane);
            put(gr - li, gi + lr, w, t + 4, y, o + 3 * j, plane);
            put(er - hi, ei + hr, w, t + 6, y, o + 4 * j, plane);
        }
    }

    /** Computes a pass of an odd radix: output {@code j} and {@code radix - j} share the sums of cosines and of sines. */
    private static void prime(
            int radix,
            double[] roots,
            int n,
            double[] x,
            int i,
            int k,
            int plane,
            double[] y,
            int o,
            int j,
            double[] w,
            int t) {
        for (int e = 0; e < n; e++, i++, o++) {
            double r0 = x[i];
            double i0 = x[i + plane];
            double sumR = r0;
            double sumI = i0;
            for (int a = 1; a <= radix / 2; a++) {
                sumR += x[i + a * k] + x[i + (radix - a) * k];
                sumI += x[i + a * k + plane] + x[i + (radix - a) * k + plane];
            }
            y[o] = sumR;
            y[o + plane] = sumI;
            for (int b = 1; b <= radix / 2; b++) {
                double cr = r0;
                double ci = i0;
                double sr = 0;
                double si = 0;
                for (int a = 1, at = 2 * b; a <= radix / 2; a++, at = (at + 2 * b) % (2 * radix)) {
                    int near = i + a * k;
                    int far = i + (radix - a) * k;
                    cr = Math.fma(x[near] + x[far], roots[at], cr);
                    ci = Math.fma(x[near + plane] + x[far + plane], roots[at], ci);
                    sr = Math.fma(x[near] - x[far], roots[at + 1], sr);
                    si = Math.fma(x[near + plane] - x[far + plane], roots[at + 1], si);
                }
                put(cr - si, ci + sr, w, t + 2 * (b - 1), y, o + b * j, plane);
                put(cr + si, ci - sr, w, t + 2 * (radix - b - 1), y, o + (radix - b) * j, plane);
            }
        }
    }

    @Override
    public void multiply(int n, Object x, Object w, Object y, Format f) {
        multiply(n, (double[]) x, (double[]) w, (double[]) y, f, 0);
    }

    /** Multiplies from the given one of the lines. */
    public static void multiply(int n, double[] x, double[] w, double[] y, Format f, int from) {
        int plane = f.im() - f.re();
        for (int e = 0; e < n; e++) {
            int at = f.re() + e * f.step();
            for (int l = at + from; l < at + f.lines(); l++) put(x[l], x[l + plane], w, 2 * e, y, l, plane);
        }
    }

    @Override
    public void twiddle(int n, Object memory, int first, Object inner, Object outer, int blocks, Format f) {
        double[] x = (double[]) memory;
        double[] near = (double[]) inner;
        double[] far = (double[]) outer;
        int plane = f.im() - f.re();
        for (int e = 0; e < n; e++) {
            for (int l = 0; l < f.lines(); l++) {
                int c = first + l;
                int a = 2 * (e * blocks + c / BLOCK);
                int b = 2 * e * BLOCK + c % BLOCK;
                double re = Math.fma(near[b], far[a], -(near[b + BLOCK] * far[a + 1]));
                double im = Math.fma(near[b], far[a + 1], near[b + BLOCK] * far[a]);
                int at = f.re() + e * f.step() + l;
                double xr = x[at];
                double xi = x[at + plane];
                x[at] = Math.fma(xr, re, -(xi * im));
                x[at + plane] = Math.fma(xr, im, xi * re);
            }
        }
    }

    @Override
    public void splitReal(int h, Object x, Object w, Object y, double factor, double sign, Format f) {
        splitReal(h, (double[]) x, (double[]) w, (double[]) y, factor, factor * sign, f);
    }

    private static void splitReal(int h, double[] x, double[] w, double[] y, double factor, double imFactor, Format f) {
        int plane = f.im() - f.re();
        for (int l = f.re(); l < f.re() + f.lines(); l++) {
            double re = x[l];
            double im = x[l + plane];
            int last = l + h * f.step();
            y[l] = (re + im) * factor;
            y[l + plane] = 0;
            y[last] = (re - im) * factor;
            y[last + plane] = 0;
        }
        double half = factor * 0.5;
        double imHalf = imFactor * 0.5;
        for (int k = 1; k <= h / 2; k++) {
            double a = w[2 * k];
            double b = w[2 * k + 1];
            for (int l = 0; l < f.lines(); l++) {
                int i = f.re() + k * f.step() + l;
                int j = f.re() + (h - k) * f.step() + l;
                double er = x[i] + x[j];
                double ei = x[i + plane] - x[j + plane];
                double or = x[i + plane] + x[j + plane];
                double oi = x[j] - x[i];
                double tr = Math.fma(or, a, -(oi * b));
                double ti = Math.fma(or, b, oi * a);
                y[i] = (er + tr) * half;
                y[i + plane] = (ei + ti) * imHalf;
                y[j] = (er - tr) * half;
                y[j + plane] = (ti - ei) * imHalf;
            }
        }
    }

    @Override
    public void joinReal(int h, Object x, Object w, Object y, double factor, double sign, Format f) {
        joinReal(h, (double[]) x, (double[]) w, (double[]) y, factor, factor * sign, f);
    }

    private static void joinReal(int h, double[] x, double[] w, double[] y, double factor, double imFactor, Format f) {
        int plane = f.im() - f.re();
        for (int l = f.re(); l < f.re() + f.lines(); l++) {
            double first = x[l] * factor;
            double last = x[l + h * f.step()] * factor;
            y[l] = first + last;
            y[l + plane] = first - last;
        }
        for (int k = 1; k <= h / 2; k++) {
            double a = w[2 * k];
            double b = w[2 * k + 1];
            for (int l = 0; l < f.lines(); l++) {
                int i = f.re() + k * f.step() + l;
                int j = f.re() + (h - k) * f.step() + l;
                double ir = x[i] * factor;
                double ii = x[i + plane] * imFactor;
                double jr = x[j] * factor;
                double ji = x[j + plane] * imFactor;
                double er = ir + jr;
                double ei = ii - ji;
                double dr = ir - jr;
                double di = ii + ji;
                double or = Math.fma(dr, a, di * b);
                double oi = Math.fma(di, a, -(dr * b));
                y[i] = er - oi;
                y[i + plane] = ei + or;
                y[j] = er + oi;
                y[j + plane] = or - ei;
            }
        }
    }
}
