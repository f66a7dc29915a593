package dev.cotangent.cpu;

/** Loops of Fourier transforms in float32, in scalar form. */
public final class FloatButterflies extends Butterflies {
    private static final float SIN_60 = (float) 0.86602540378443864676;
    private static final float COS_72 = (float) 0.30901699437494742410;
    private static final float COS_144 = (float) -0.80901699437494742410;
    private static final float SIN_72 = (float) 0.95105651629515357212;
    private static final float SIN_144 = (float) 0.58778525229247312917;

    @Override
    public void pass(Pass pass, Object x, Object y, Format f) {
        pass(pass, (float[]) x, (float[]) y, f, 0);
    }

    /** Runs a pass from the given one of the elements that are next to each other. */
    public static void pass(Pass pass, float[] x, float[] y, Format f, int from) {
        int block = f.step() * pass.s();
        int runs = f.isSingle() ? 1 : pass.s();
        int to = f.isSingle() ? pass.s() : f.lines();
        float[] w = (float[]) pass.twiddles();
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
                        prime(pass.radix(), (float[]) pass.roots(), n, x, i, k, plane, y, o, block, w, p * perPoint);
                }
            }
        }
    }

    /** Stores {@code (re, im) * w}. */
    private static void put(float re, float im, float[] w, int t, float[] y, int o, int plane) {
        float a = w[t];
        float b = w[t + 1];
        y[o] = Math.fma(re, a, -(im * b));
        y[o + plane] = Math.fma(re, b, im * a);
    }

    private static void radix2(int n, float[] x, int i, int k, int plane, float[] y, int o, int j, float[] w, int t) {
        for (int e = 0; e < n; e++, i++, o++) {
            float r0 = x[i];
            float i0 = x[i + plane];
            float r1 = x[i + k];
            float i1 = x[i + k + plane];
            y[o] = r0 + r1;
            y[o + plane] = i0 + i1;
            put(r0 - r1, i0 - i1, w, t, y, o + j, plane);
        }
    }

    private static void radix3(int n, float[] x, int i, int k, int plane, float[] y, int o, int j, float[] w, int t) {
        for (int e = 0; e < n; e++, i++, o++) {
            float r0 = x[i];
            float i0 = x[i + plane];
            float r1 = x[i + k];
            float i1 = x[i + k + plane];
            float r2 = x[i + 2 * k];
            float i2 = x[i + 2 * k + plane];
            float sr = r1 + r2;
            float si = i1 + i2;
            float dr = (r1 - r2) * SIN_60;
            float di = (i1 - i2) * SIN_60;
            y[o] = r0 + sr;
            y[o + plane] = i0 + si;
            float cr = Math.fma(sr, -0.5f, r0);
            float ci = Math.fma(si, -0.5f, i0);
            put(cr + di, ci - dr, w, t, y, o + j, plane);
            put(cr - di, ci + dr, w, t + 2, y, o + 2 * j, plane);
        }
    }

    private static void radix4(int n, float[] x, int i, int k, int plane, float[] y, int o, int j, float[] w, int t) {
        for (int e = 0; e < n; e++, i++, o++) {
            float r0 = x[i];
            float i0 = x[i + plane];
            float r1 = x[i + k];
            float i1 = x[i + k + plane];
            float r2 = x[i + 2 * k];
            float i2 = x[i + 2 * k + plane];
            float r3 = x[i + 3 * k];
            float i3 = x[i + 3 * k + plane];
            float ar = r0 + r2;
            float ai = i0 + i2;
            float br = r0 - r2;
            float bi = i0 - i2;
            float cr = r1 + r3;
            float ci = i1 + i3;
            float dr = r1 - r3;
            float di = i1 - i3;
            y[o] = ar + cr;
            y[o + plane] = ai + ci;
            put(br + di, bi - dr, w, t, y, o + j, plane);
            put(ar - cr, ai - ci, w, t + 2, y, o + 2 * j, plane);
            put(br - di, bi + dr, w, t + 4, y, o + 3 * j, plane);
        }
    }

    private static void radix5(int n, float[] x, int i, int k, int plane, float[] y, int o, int j, float[] w, int t) {
        for (int e = 0; e < n; e++, i++, o++) {
            float r0 = x[i];
            float i0 = x[i + plane];
            float ar = x[i + k] + x[i + 4 * k];
            float ai = x[i + k + plane] + x[i + 4 * k + plane];
            float br = x[i + k] - x[i + 4 * k];
            float bi = x[i + k + plane] - x[i + 4 * k + plane];
            float cr = x[i + 2 * k] + x[i + 3 * k];
            float ci = x[i + 2 * k + plane] + x[i + 3 * k + plane];
            float dr = x[i + 2 * k] - x[i + 3 * k];
            float di = x[i + 2 * k + plane] - x[i + 3 * k + plane];
            y[o] = r0 + (ar + cr);
            y[o + plane] = i0 + (ai + ci);
            float er = Math.fma(cr, COS_144, Math.fma(ar, COS_72, r0));
            float ei = Math.fma(ci, COS_144, Math.fma(ai, COS_72, i0));
            float gr = Math.fma(cr, COS_72, Math.fma(ar, COS_144, r0));
            float gi = Math.fma(ci, COS_72, Math.fma(ai, COS_144, i0));
            float hr = Math.fma(br, SIN_72, dr * SIN_144);
            float hi = Math.fma(bi, SIN_72, di * SIN_144);
            float lr = Math.fma(br, SIN_144, -(dr * SIN_72));
            float li = Math.fma(bi, SIN_144, -(di * SIN_72));
            put(er + hi, ei - hr, w, t, y, o + j, plane);
            put(gr + li, gi - lr, w, t + 2, y, o + 2 * j, plane);
            put(gr - li, gi + lr, w, t + 4, y, o + 3 * j, plane);
            put(er - hi, ei + hr, w, t + 6, y, o + 4 * j, plane);
        }
    }

    /** Computes a pass of an odd radix: output {@code j} and {@code radix - j} share the sums of cosines and of sines. */
    private static void prime(
            int radix,
            float[] roots,
            int n,
            float[] x,
            int i,
            int k,
            int plane,
            float[] y,
            int o,
            int j,
            float[] w,
            int t) {
        for (int e = 0; e < n; e++, i++, o++) {
            float r0 = x[i];
            float i0 = x[i + plane];
            float sumR = r0;
            float sumI = i0;
            for (int a = 1; a <= radix / 2; a++) {
                sumR += x[i + a * k] + x[i + (radix - a) * k];
                sumI += x[i + a * k + plane] + x[i + (radix - a) * k + plane];
            }
            y[o] = sumR;
            y[o + plane] = sumI;
            for (int b = 1; b <= radix / 2; b++) {
                float cr = r0;
                float ci = i0;
                float sr = 0;
                float si = 0;
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
        multiply(n, (float[]) x, (float[]) w, (float[]) y, f, 0);
    }

    /** Multiplies from the given one of the lines. */
    public static void multiply(int n, float[] x, float[] w, float[] y, Format f, int from) {
        int plane = f.im() - f.re();
        for (int e = 0; e < n; e++) {
            int at = f.re() + e * f.step();
            for (int l = at + from; l < at + f.lines(); l++) put(x[l], x[l + plane], w, 2 * e, y, l, plane);
        }
    }

    @Override
    public void twiddle(int n, Object memory, int first, Object inner, Object outer, int blocks, Format f) {
        float[] x = (float[]) memory;
        float[] near = (float[]) inner;
        float[] far = (float[]) outer;
        int plane = f.im() - f.re();
        for (int e = 0; e < n; e++) {
            for (int l = 0; l < f.lines(); l++) {
                int c = first + l;
                int a = 2 * (e * blocks + c / BLOCK);
                int b = 2 * e * BLOCK + c % BLOCK;
                float re = Math.fma(near[b], far[a], -(near[b + BLOCK] * far[a + 1]));
                float im = Math.fma(near[b], far[a + 1], near[b + BLOCK] * far[a]);
                int at = f.re() + e * f.step() + l;
                float xr = x[at];
                float xi = x[at + plane];
                x[at] = Math.fma(xr, re, -(xi * im));
                x[at + plane] = Math.fma(xr, im, xi * re);
            }
        }
    }

    @Override
    public void splitReal(int h, Object x, Object w, Object y, double factor, double sign, Format f) {
        splitReal(h, (float[]) x, (float[]) w, (float[]) y, (float) factor, (float) (factor * sign), f);
    }

    private static void splitReal(int h, float[] x, float[] w, float[] y, float factor, float imFactor, Format f) {
        int plane = f.im() - f.re();
        for (int l = f.re(); l < f.re() + f.lines(); l++) {
            float re = x[l];
            float im = x[l + plane];
            int last = l + h * f.step();
            y[l] = (re + im) * factor;
            y[l + plane] = 0;
            y[last] = (re - im) * factor;
            y[last + plane] = 0;
        }
        float half = factor * 0.5f;
        float imHalf = imFactor * 0.5f;
        for (int k = 1; k <= h / 2; k++) {
            float a = w[2 * k];
            float b = w[2 * k + 1];
            for (int l = 0; l < f.lines(); l++) {
                int i = f.re() + k * f.step() + l;
                int j = f.re() + (h - k) * f.step() + l;
                float er = x[i] + x[j];
                float ei = x[i + plane] - x[j + plane];
                float or = x[i + plane] + x[j + plane];
                float oi = x[j] - x[i];
                float tr = Math.fma(or, a, -(oi * b));
                float ti = Math.fma(or, b, oi * a);
                y[i] = (er + tr) * half;
                y[i + plane] = (ei + ti) * imHalf;
                y[j] = (er - tr) * half;
                y[j + plane] = (ti - ei) * imHalf;
            }
        }
    }

    @Override
    public void joinReal(int h, Object x, Object w, Object y, double factor, double sign, Format f) {
        joinReal(h, (float[]) x, (float[]) w, (float[]) y, (float) factor, (float) (factor * sign), f);
    }

    private static void joinReal(int h, float[] x, float[] w, float[] y, float factor, float imFactor, Format f) {
        int plane = f.im() - f.re();
        for (int l = f.re(); l < f.re() + f.lines(); l++) {
            float first = x[l] * factor;
            float last = x[l + h * f.step()] * factor;
            y[l] = first + last;
            y[l + plane] = first - last;
        }
        for (int k = 1; k <= h / 2; k++) {
            float a = w[2 * k];
            float b = w[2 * k + 1];
            for (int l = 0; l < f.lines(); l++) {
                int i = f.re() + k * f.step() + l;
                int j = f.re() + (h - k) * f.step() + l;
                float ir = x[i] * factor;
                float ii = x[i + plane] * imFactor;
                float jr = x[j] * factor;
                float ji = x[j + plane] * imFactor;
                float er = ir + jr;
                float ei = ii - ji;
                float dr = ir - jr;
                float di = ii + ji;
                float or = Math.fma(dr, a, di * b);
                float oi = Math.fma(di, a, -(dr * b));
                y[i] = er - oi;
                y[i + plane] = ei + or;
                y[j] = er + oi;
                y[j + plane] = or - ei;
            }
        }
    }
}
