package dev.cotangent.internal.ops.nn;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.FourierTransform;
import dev.cotangent.backend.FourierTransform.Kind;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.ComplexViews;
import java.util.Arrays;

/** Fourier transforms of complex or real numbers, whose arguments are checked; gradients are transforms again. */
final class FourierOps {
    private FourierOps() {}

    /** Returns a layout with another size of one dimension, without gaps. */
    private static Layout resized(Layout layout, int dim, long size) {
        long[] sizes = layout.sizes().clone();
        sizes[dim] = size;
        return Layout.contiguous(sizes);
    }

    private static Strided complex(Strided data) {
        return data.form() == ElementForm.CONJUGATED ? Transfers.resolved(data) : data;
    }

    private static Strided transform(Strided x, int dim, double factor, boolean inverse) {
        Strided in = complex(x);
        Layout layout = in.layout();
        Strided out = Strided.uninitialized(in.backend(), in.dtype(), Layout.contiguous(layout.sizes()));
        FourierTransform t = new FourierTransform(Kind.COMPLEX, inverse, layout.size(dim), factor);
        if (out.numel() > 0) in.backend().fourier(t, in.pairs(), out.pairs(), dim);
        return out;
    }

    /** Transforms several dimensions, from the last one on; the factor is applied once. */
    private static Strided transform(Strided x, int[] dims, int count, double factor, boolean inverse) {
        Strided out = x;
        for (int i = count - 1; i >= 0; i--) out = transform(out, dims[i], i == 0 ? factor : 1, inverse);
        return out;
    }

    /** Computes {@code torch._fft_c2c}. */
    static Tensor complexToComplex(Tensor x, int[] dims, double factor, boolean inverse) {
        if (dims.length == 0) return x.clone();
        Tensor out = Internals.wrap(transform(Internals.data(x), dims, dims.length, factor, inverse));
        return GradientRule.of("FftC2CBackward0", out)
                .input(x, g -> complexToComplex(g, dims, factor, !inverse))
                .done();
    }

    /** Computes {@code torch._fft_r2c}; of the last of the dimensions the first half, or all. */
    static Tensor realToComplex(Tensor x, int[] dims, double factor, boolean onesided) {
        Strided in = Internals.strided(x);
        Backend backend = in.backend();
        int last = dims[dims.length - 1];
        long n = in.layout().size(last);
        FourierTransform t = new FourierTransform(Kind.REAL_TO_COMPLEX, false, n, dims.length == 1 ? factor : 1);
        Dtype dtype = in.dtype().complexType();
        Strided out = Strided.uninitialized(backend, dtype, resized(in.layout(), last, onesided ? t.outputs() : n));
        Strided half = onesided ? out : out.with(out.layout().slice(last, 0, t.outputs(), 1));
        if (out.numel() > 0) backend.fourier(t, in, half.pairs(), last);
        if (!onesided) mirror(out, last);
        out = transform(out, dims, dims.length - 1, factor, false);
        return GradientRule.of("FftR2CBackward0", Internals.wrap(out))
                .input(x, g -> realBackward(g, dims, factor, onesided, n))
                .done();
    }

    /** Completes a dimension by the conjugates of its first half. */
    private static void mirror(Strided out, int dim) {
        Layout layout = out.layout();
        long count = (layout.size(dim) - 1) / 2;
        if (count <= 0 || out.numel() == 0) return;
        Strided from = out.with(layout.slice(dim, count, count, -1)).with(ElementForm.CONJUGATED);
        Transfers.copy(from, out.with(layout.slice(dim, layout.size(dim) - count, count, 1)));
    }

    /**
     * Computes the adjoint of a transform of real numbers: the real part of the inverse transform. If only half of the elements are there, the
     * elements that the transform to real numbers counts twice are halved.
     */
    private static Tensor realBackward(Tensor g, int[] dims, double factor, boolean onesided, long n) {
        if (!onesided) return ComplexViews.real(complexToComplex(g, dims, factor, true));
        int last = dims[dims.length - 1];
        return complexToReal(g.mul(weights(g, last, n, 0.5)), dims, factor, n);
    }

    /** Returns 1 for elements of a half transform that are their own mirror images, else a number. */
    private static Tensor weights(Tensor g, int dim, long n, double others) {
        Tensor w = CreationOps.full(g.dtype().realType(), g.device(), others, n / 2 + 1);
        w.select(0, 0).fill_(1);
        if (n % 2 == 0) w.select(0, -1).fill_(1);
        long[] sizes = new long[g.dim()];
        Arrays.fill(sizes, 1);
        sizes[dim] = n / 2 + 1;
        return w.view(sizes);
    }

    /** Computes {@code torch._fft_c2r}, the inverse transform; of a lazy conjugate without resolving it. */
    static Tensor complexToReal(Tensor x, int[] dims, double factor, long n) {
        Strided in = transform(Internals.data(x), dims, dims.length - 1, 1, true);
        Backend backend = in.backend();
        int last = dims[dims.length - 1];
        Layout layout = resized(in.layout(), last, n);
        Strided out = Strided.uninitialized(backend, in.dtype().realType(), layout);
        // The inverse transform of conjugates is the forward transform, as it is real.
        boolean inverse = in.form() != ElementForm.CONJUGATED;
        if (out.numel() > 0) {
            backend.fourier(new FourierTransform(Kind.COMPLEX_TO_REAL, inverse, n, factor), in.pairs(), out, last);
        }
        return GradientRule.of("FftC2RBackward0", Internals.wrap(out))
                .input(x, g -> realToComplex(g, dims, factor, true).mul(weights(g, last, n, 2)))
                .done();
    }
}
