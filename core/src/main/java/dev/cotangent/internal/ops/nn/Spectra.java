package dev.cotangent.internal.ops.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.fft.FftNorm;
import dev.cotangent.fft.FftOptions;
import dev.cotangent.fft.FftnOptions;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.movement.ComplexViews;
import dev.cotangent.internal.ops.movement.ViewOps;
import java.util.Arrays;

/** The functions of {@code torch.fft}: their checks, and the transforms that they are made of. */
public final class Spectra {
    private Spectra() {}

    private record Region(int[] dims, long[] sizes) {
        int last() {
            return dims[dims.length - 1];
        }

        int[] allButLast() {
            return Arrays.copyOf(dims, dims.length - 1);
        }

        double elements() {
            double n = 1;
            for (long s : sizes) n *= s;
            return n;
        }
    }

    /** Converts integers to the default dtype, and real numbers to complex ones if that is asked for. */
    private static Tensor promote(Tensor x, boolean toComplex) {
        Dtype dtype = x.dtype();
        if (dtype.isComplex()) return x;
        if (!dtype.isFloatingPoint()) dtype = Tensors.getDefaultDtype();
        if (dtype.isHalf()) {
            throw new CotangentException(
                    "Unsupported dtype " + dtype.scalarName() + "; convert the tensor: x.to(Dtype.FLOAT32)");
        }
        return x.to(toComplex ? dtype.complexType() : dtype);
    }

    private static long points(long n) {
        if (n > 0) return n;
        throw new CotangentException("Invalid number of data points (" + n + ") specified");
    }

    /** Cuts or pads dimensions to other sizes. */
    private static Tensor resize(Tensor x, int[] dims, long[] sizes) {
        long[] pad = new long[2 * x.dim()];
        boolean longer = false;
        Tensor out = x;
        for (int i = 0; i < dims.length; i++) {
            long size = out.size(dims[i]);
            if (sizes[i] < size) out = ViewOps.narrow(out, dims[i], 0, sizes[i]);
            pad[2 * (x.dim() - 1 - dims[i]) + 1] = Math.max(0, sizes[i] - size);
            longer |= sizes[i] > size;
        }
        return longer ? PadOps.pad(out, pad, "constant", null) : out;
    }

    private static void checkReal(String name, Tensor x) {
        if (!x.dtype().isComplex()) return;
        throw new CotangentException(
                name + " expects a real input tensor, but got " + x.dtype().scalarName());
    }

    /** Computes {@code torch.fft.fft} or {@code ifft}. */
    public static Tensor fft(Tensor x, FftOptions o, boolean inverse) {
        if (!x.dtype().isComplex()) return real(x, o, inverse, false);
        int dim = Broadcast.sized(o.dim(), x.dim());
        long n = points(o.n() == null ? x.size(dim) : o.n());
        Tensor in = resize(x, new int[] {dim}, new long[] {n});
        return FourierOps.complexToComplex(in, new int[] {dim}, o.norm().factor(n, inverse), inverse);
    }

    /** Computes {@code torch.fft.rfft} or {@code ihfft}. */
    public static Tensor rfft(Tensor x, FftOptions o, boolean inverse) {
        checkReal(inverse ? "ihfft" : "rfft", x);
        return real(x, o, inverse, true);
    }

    private static Tensor real(Tensor x, FftOptions o, boolean inverse, boolean onesided) {
        Tensor in = promote(x, false);
        int dim = Broadcast.sized(o.dim(), x.dim());
        long n = points(o.n() == null ? x.size(dim) : o.n());
        in = resize(in, new int[] {dim}, new long[] {n});
        Tensor out = FourierOps.realToComplex(in, new int[] {dim}, o.norm().factor(n, inverse), onesided);
        return inverse ? ComplexViews.conj(out) : out;
    }

    /** Computes {@code torch.fft.irfft}, or {@code hfft} if it is not the inverse transform. */
    public static Tensor irfft(Tensor x, FftOptions o, boolean inverse) {
        Tensor in = promote(x, true);
        int dim = Broadcast.sized(o.dim(), x.dim());
        long n = points(o.n() == null ? 2 * (x.size(dim) - 1) : o.n());
        if (o.n() != null) in = resize(in, new int[] {dim}, new long[] {n / 2 + 1});
        if (!inverse) in = ComplexViews.conj(in);
        return FourierOps.complexToReal(in, new int[] {dim}, o.norm().factor(n, inverse), n);
    }

    /** Returns the dimensions and sizes that options mean, as PyTorch's {@code canonicalize_fft_shape_and_dim_args}. */
    private static Region region(Tensor x, FftnOptions o) {
        int rank = x.dim();
        int[] dims = o.dim();
        if (dims != null) {
            dims = dims.clone();
            for (int i = 0; i < dims.length; i++) dims[i] = Broadcast.sized(dims[i], rank);
            if (Arrays.stream(dims).distinct().count() < dims.length) {
                throw new CotangentException("FFT dims must be unique");
            }
        }
        long[] sizes = o.s();
        if (sizes != null) {
            if (dims != null && dims.length != sizes.length) {
                throw new CotangentException("When given, dim and shape arguments must have the same length");
            }
            if (sizes.length > rank) {
                throw new CotangentException("Got shape with " + sizes.length + " values but input tensor only has "
                        + rank + " dimensions.");
            }
        }
        if (dims == null) {
            dims = new int[sizes == null ? rank : sizes.length];
            for (int i = 0; i < dims.length; i++) dims[i] = rank - dims.length + i;
        }
        long[] wanted = new long[dims.length];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] = points(sizes == null || sizes[i] == -1 ? x.size(dims[i]) : sizes[i]);
        }
        return new Region(dims, wanted);
    }

    private static Region someRegion(String name, Tensor x, FftnOptions o) {
        Region r = region(x, o);
        if (r.dims.length > 0) return r;
        throw new CotangentException(name + " must transform at least one axis");
    }

    private static double factor(FftNorm norm, Region r, boolean inverse) {
        return norm.factor(r.elements(), inverse);
    }

    /** Computes {@code torch.fft.fftn} or {@code ifftn}. */
    public static Tensor fftn(Tensor x, FftnOptions o, boolean inverse) {
        Region r = region(x, o);
        Tensor in = resize(promote(x, true), r.dims, r.sizes);
        return FourierOps.complexToComplex(in, r.dims, factor(o.norm(), r, inverse), inverse);
    }

    /** Computes {@code torch.fft.rfftn}. */
    public static Tensor rfftn(Tensor x, FftnOptions o) {
        if (x.dtype().isComplex()) {
            throw new CotangentException("rfftn expects a real-valued input tensor, but got "
                    + x.dtype().scalarName());
        }
        Region r = someRegion("rfftn", x, o);
        Tensor in = resize(promote(x, false), r.dims, r.sizes);
        return FourierOps.realToComplex(in, r.dims, factor(o.norm(), r, false), true);
    }

    /** Computes {@code torch.fft.ihfftn}. */
    public static Tensor ihfftn(Tensor x, FftnOptions o) {
        if (x.dtype().isComplex()) {
            throw new CotangentException("ihfftn expects a real-valued input tensor, but got "
                    + x.dtype().scalarName());
        }
        Region r = someRegion("ihfftn", x, o);
        Tensor in = resize(promote(x, false), r.dims, r.sizes);
        double factor = factor(o.norm(), r, true);
        int[] last = {r.last()};
        if (r.dims.length == 1) return ComplexViews.conj(FourierOps.realToComplex(in, last, factor, true));
        Tensor half = ComplexViews.conjPhysical(FourierOps.realToComplex(in, last, 1, true));
        return FourierOps.complexToComplex(half, r.allButLast(), factor, true);
    }

    /** Returns the region of a transform to real numbers; the last of its sizes is that of the result. */
    private static Region toReal(String name, Tensor x, FftnOptions o) {
        Region r = someRegion(name, x, o);
        long[] given = o.s();
        int last = r.sizes.length - 1;
        if (given == null || given[last] == -1) r.sizes[last] = points(2 * (r.sizes[last] - 1));
        return r;
    }

    private static Tensor toHalf(Tensor x, Region r) {
        long[] sizes = r.sizes.clone();
        sizes[sizes.length - 1] = sizes[sizes.length - 1] / 2 + 1;
        return resize(promote(x, true), r.dims, sizes);
    }

    /** Computes {@code torch.fft.irfftn}. */
    public static Tensor irfftn(Tensor x, FftnOptions o) {
        Region r = toReal("irfftn", x, o);
        long n = r.sizes[r.sizes.length - 1];
        return FourierOps.complexToReal(toHalf(x, r), r.dims, factor(o.norm(), r, true), n);
    }

    /** Computes {@code torch.fft.hfftn}. */
    public static Tensor hfftn(Tensor x, FftnOptions o) {
        Region r = toReal("hfftn", x, o);
        long n = r.sizes[r.sizes.length - 1];
        Tensor half = toHalf(x, r);
        if (r.dims.length > 1) half = FourierOps.complexToComplex(half, r.allButLast(), 1, false);
        double factor = factor(o.norm(), r, false);
        return FourierOps.complexToReal(ComplexViews.conj(half), new int[] {r.last()}, factor, n);
    }

    /** Returns options whose dimensions are the last two if none are given. */
    public static FftnOptions two(FftnOptions o) {
        return o.dim() == null ? o.dim(-2, -1) : o;
    }

    /** Computes {@code torch.fft.fftfreq}, or {@code rfftfreq} if it is onesided. */
    public static Tensor frequencies(Tensor steps, long n, double d, boolean onesided) {
        if (!onesided && n > 1) {
            long positive = (n + 1) / 2;
            ViewOps.narrow(steps, 0, positive, n - positive).sub_(n);
        }
        return steps.mul_(1 / (n * d));
    }
}
