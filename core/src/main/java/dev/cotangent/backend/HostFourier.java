package dev.cotangent.backend;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.backend.FourierTransform.Kind;
import java.lang.foreign.MemorySegment;

/**
 * Computes Fourier transforms on the host: with the CPU's backend for other devices, else in float64 by Cooley and Tukey's
 * recursion, and by Bluestein's algorithm for large primes.
 */
final class HostFourier {
    /** Primes up to this are summed directly. */
    private static final int DIRECT = 32;

    private HostFourier() {}

    static void run(Backend backend, FourierTransform transform, Strided in, Strided out, int dim) {
        if (!backend.device().isCpu()) {
            Backend cpu = Backends.of(Device.cpu());
            Strided from = Decompositions.fresh(cpu, in.dtype(), in.layout());
            Strided to = Decompositions.fresh(cpu, out.dtype(), out.layout());
            Transfers.copy(in, from);
            cpu.fourier(transform, from, to, dim);
            Transfers.copy(to, out);
            return;
        }
        int n = Math.toIntExact(transform.length());
        boolean fromReal = transform.kind() == Kind.REAL_TO_COMPLEX;
        boolean toReal = transform.kind() == Kind.COMPLEX_TO_REAL;
        double[] x = load(backend, in, dim, fromReal);
        double[] y = new double[Math.toIntExact(out.numel())];
        int given = (int) in.layout().size(dim);
        int wanted = (int) transform.outputs();
        int lines = y.length / (toReal ? wanted : 2 * wanted);
        int width = fromReal ? 1 : 2;
        for (int l = 0; l < lines; l++) {
            double[] re = new double[n];
            double[] im = new double[n];
            for (int k = 0; k < given; k++) {
                int at = (l * given + k) * width;
                re[k] = x[at];
                im[k] = fromReal || toReal && (k == 0 || 2 * k == n) ? 0 : x[at + 1];
                if (toReal && k > 0) {
                    re[n - k] = re[k];
                    im[n - k] = -im[k];
                }
            }
            if (transform.inverse()) transform(im, re);
            else transform(re, im);
            for (int k = 0; k < wanted; k++) {
                int at = l * wanted + k;
                if (toReal) {
                    y[at] = re[k] * transform.factor();
                } else {
                    y[2 * at] = re[k] * transform.factor();
                    y[2 * at + 1] = im[k] * transform.factor();
                }
            }
        }
        store(backend, y, out, dim, toReal);
    }

    /** Returns the layout with a dimension moved behind the other ones, but for that of the parts of complex numbers. */
    private static Layout last(Layout layout, int dim, boolean isReal) {
        int rank = layout.rank();
        int end = isReal ? rank : rank - 1;
        int[] order = new int[rank];
        int at = 0;
        for (int d = 0; d < end; d++) if (d != dim) order[at++] = d;
        order[at] = dim;
        if (!isReal) order[end] = end;
        return layout.permute(order);
    }

    private static double[] load(Backend backend, Strided in, int dim, boolean isReal) {
        double[] x = new double[Math.toIntExact(in.numel())];
        if (x.length == 0) return x;
        Layout moved = last(in.layout(), dim, isReal);
        Strided wide = Decompositions.fresh(backend, Dtype.FLOAT64, moved);
        backend.copy(in.with(moved), wide);
        backend.read(wide.storage(), 0, MemorySegment.ofArray(x));
        return x;
    }

    private static void store(Backend backend, double[] y, Strided out, int dim, boolean isReal) {
        if (y.length == 0) return;
        Layout moved = last(out.layout(), dim, isReal);
        Strided wide = Decompositions.fresh(backend, Dtype.FLOAT64, moved);
        backend.write(wide.storage(), 0, MemorySegment.ofArray(y));
        backend.copy(wide, out.with(moved));
    }

    private static double cos(long k, long n) {
        return StrictMath.cos(2 * Math.PI * (k % n) / n);
    }

    private static double sin(long k, long n) {
        return StrictMath.sin(2 * Math.PI * (k % n) / n);
    }

    /** Transforms in place, with a negative exponent. */
    private static void transform(double[] re, double[] im) {
        int n = re.length;
        int p = 2;
        while (p * p <= n && n % p != 0) p++;
        if (p * p > n) p = n;
        if (n < 2) return;
        if (p > DIRECT) {
            bluestein(re, im);
            return;
        }
        int m = n / p;
        double[][] partRe = new double[p][m];
        double[][] partIm = new double[p][m];
        for (int j = 0; j < n; j++) {
            partRe[j % p][j / p] = re[j];
            partIm[j % p][j / p] = im[j];
        }
        for (int r = 0; r < p; r++) transform(partRe[r], partIm[r]);
        for (int k = 0; k < n; k++) {
            re[k] = im[k] = 0;
            for (int r = 0; r < p; r++) {
                double c = cos((long) r * k, n);
                double s = sin((long) r * k, n);
                re[k] += partRe[r][k % m] * c + partIm[r][k % m] * s;
                im[k] += partIm[r][k % m] * c - partRe[r][k % m] * s;
            }
        }
    }

    /** Turns the sum into a convolution with {@code exp(pi i k^2 / n)}, which is padded to a power of two. */
    private static void bluestein(double[] re, double[] im) {
        int n = re.length;
        int size = Integer.highestOneBit(2 * n) * 2;
        double[] xr = new double[size];
        double[] xi = new double[size];
        double[] hr = new double[size];
        double[] hi = new double[size];
        for (int k = 0; k < n; k++) {
            double c = cos((long) k * k, 2L * n);
            double s = sin((long) k * k, 2L * n);
            xr[k] = re[k] * c + im[k] * s;
            xi[k] = im[k] * c - re[k] * s;
            hr[k] = hr[(size - k) % size] = c;
            hi[k] = hi[(size - k) % size] = s;
        }
        transform(xr, xi);
        transform(hr, hi);
        for (int k = 0; k < size; k++) {
            double r = xr[k] * hr[k] - xi[k] * hi[k];
            xi[k] = xr[k] * hi[k] + xi[k] * hr[k];
            xr[k] = r;
        }
        transform(xi, xr);
        for (int k = 0; k < n; k++) {
            double c = cos((long) k * k, 2L * n);
            double s = sin((long) k * k, 2L * n);
            re[k] = (xr[k] * c + xi[k] * s) / size;
            im[k] = (xi[k] * c - xr[k] * s) / size;
        }
    }
}
