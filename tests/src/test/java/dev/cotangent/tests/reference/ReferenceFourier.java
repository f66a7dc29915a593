package dev.cotangent.tests.reference;

import dev.cotangent.backend.FourierTransform;
import dev.cotangent.backend.FourierTransform.Kind;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;

/** Fourier transforms by their definition, one sum for each number. */
final class ReferenceFourier {
    private final FourierTransform transform;
    private final Strided in;
    private final int dim;
    private final boolean fromReal;
    private final boolean toReal;

    private ReferenceFourier(FourierTransform transform, Strided in, int dim) {
        this.transform = transform;
        this.in = in;
        this.dim = dim;
        fromReal = transform.kind() == Kind.REAL_TO_COMPLEX;
        toReal = transform.kind() == Kind.COMPLEX_TO_REAL;
    }

    static void run(FourierTransform transform, Strided in, Strided out, int dim) {
        ReferenceFourier sums = new ReferenceFourier(transform, in, dim);
        Layout layout = out.layout();
        int lines = sums.toReal ? layout.rank() : layout.rank() - 1;
        for (long n = 0; n < out.numel(); n++) {
            long[] at = new long[layout.rank()];
            long rest = n;
            for (int d = layout.rank() - 1; d >= 0; d--) {
                at[d] = rest % layout.size(d);
                rest /= layout.size(d);
            }
            long start = in.layout().offset();
            for (int d = 0; d < lines; d++)
                if (d != dim) start += at[d] * in.layout().stride(d);
            boolean isImaginary = !sums.toReal && at[lines] == 1;
            double sum = sums.of(start, at[dim], isImaginary) * transform.factor();
            ReferenceBackend.cells(out).set(ReferenceBackend.place(layout, n), sum);
        }
    }

    private double of(long start, long k, boolean isImaginary) {
        long n = transform.length();
        double sum = 0;
        for (long j = 0; j < n; j++) {
            double angle = (transform.inverse() ? 2 : -2) * Math.PI * (j * k % n) / n;
            double re = part(start, j, 0);
            double im = part(start, j, 1);
            if (isImaginary) sum += re * Math.sin(angle) + im * Math.cos(angle);
            else sum += re * Math.cos(angle) - im * Math.sin(angle);
        }
        return sum;
    }

    /** Returns a part of an element of a line, which may be the conjugate of one that is there. */
    private double part(long start, long j, int part) {
        long n = transform.length();
        boolean isMirrored = toReal && j > n / 2;
        long e = isMirrored ? n - j : j;
        boolean isReal = fromReal || toReal && (j == 0 || 2 * j == n);
        if (part == 1 && isReal || e >= in.layout().size(dim)) return 0;
        long at = start + e * in.layout().stride(dim);
        if (fromReal) return ReferenceBackend.cells(in).real(at);
        double value = ReferenceBackend.cells(in)
                .real(at + part * in.layout().stride(in.layout().rank() - 1));
        return part == 1 && isMirrored ? -value : value;
    }
}
