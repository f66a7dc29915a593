package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.MemoryFormat;
import dev.cotangent.Tensor;
import dev.cotangent.Warnings;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Overlap;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.util.Arrays;

/** Copies between layouts, dtypes and devices. */
public final class CopyOps {
    private static final String COPY = "torch::autograd::CopyBackwards";

    private CopyOps() {}

    /** Implements {@code torch.clone}: new memory in the same memory order. */
    public static Tensor clone(Tensor x) {
        Tensor out = CreationOps.uninitializedLike(x);
        Transfers.copy(Internals.data(x), Internals.data(out));
        return GradientRule.of("CloneBackward0", out).input(x, g -> g).done();
    }

    /** Returns a row-major copy. */
    public static Tensor contiguousCopy(Tensor x) {
        Layout dense = Layout.contiguous(Internals.layout(x).sizes());
        Tensor out = CreationOps.uninitialized(x.dtype(), x.device(), dense);
        Transfers.copy(Internals.data(x), Internals.data(out));
        return GradientRule.of("CloneBackward0", out).input(x, g -> g).done();
    }

    /** Implements {@code torch.Tensor.to}: returns the tensor itself if nothing changes. */
    public static Tensor to(Tensor x, Device device, Dtype dtype) {
        boolean moves = !device.equals(x.device());
        if (!moves && dtype == x.dtype()) return x;
        warnOfReal(x.dtype(), dtype);
        Tensor out = CreationOps.uninitializedLike(x, dtype, device);
        Transfers.copy(Internals.data(x), Internals.data(out));
        Device back = x.device();
        Dtype type = x.dtype();
        return GradientRule.of(moves ? COPY : "ToCopyBackward0", out)
                .input(x, g -> returned(g, back, type))
                .done();
    }

    /** Implements {@code torch.Tensor.to}: returns the tensor itself if nothing changes and {@code copy} is false. */
    public static Tensor to(Tensor x, Device device, Dtype dtype, boolean copy, MemoryFormat format) {
        boolean moves = !device.equals(x.device());
        Tensor out = CreationOps.uninitializedLike(x, dtype, device, format);
        boolean ordered = format == MemoryFormat.PRESERVE_FORMAT
                || Arrays.equals(
                        Internals.layout(out).strides(), Internals.layout(x).strides());
        if (!moves && dtype == x.dtype() && !copy && ordered) return x;
        warnOfReal(x.dtype(), dtype);
        Transfers.copy(Internals.data(x), Internals.data(out));
        Device back = x.device();
        Dtype type = x.dtype();
        return GradientRule.of(moves ? COPY : "ToCopyBackward0", out)
                .input(x, g -> returned(g, back, type))
                .done();
    }

    /** Warns as PyTorch does when imaginary parts are dropped. */
    private static void warnOfReal(Dtype from, Dtype to) {
        if (!from.isComplex() || to.isComplex() || to == Dtype.BOOL) return;
        Warnings.warn("Casting complex values to real discards the imaginary part. In Java: real() says so.");
    }

    /** Returns a gradient where and as what its tensor was; of a real tensor its real part. */
    private static Tensor returned(Tensor g, Device device, Dtype dtype) {
        return (dtype.isComplex() ? g : ComplexViews.real(g)).to(device, dtype);
    }

    /** Implements {@code torch.clone} and {@code torch.Tensor.contiguous} in a memory format. */
    public static Tensor clone(Tensor x, MemoryFormat format) {
        Tensor out = CreationOps.uninitializedLike(x, x.dtype(), x.device(), format);
        Transfers.copy(Internals.data(x), Internals.data(out));
        return GradientRule.of("CloneBackward0", out).input(x, g -> g).done();
    }

    /** Implements {@code torch.Tensor.copy_}: the source is broadcast and converted. */
    public static Tensor copyInPlace(Tensor self, Tensor source) {
        GradientRule.checkHistory(self, source);
        if (self != source) {
            GradientRule.checkInPlace(self, source);
            Overlap.check(self, source);
            long[] sizes = Internals.layout(self).sizes();
            checkExpands(Internals.layout(source).sizes(), sizes);
            Strided from = Overlap.withoutOverlap(
                    Internals.data(source).with(Internals.layout(source).expand(sizes)), source, self);
            warnOfReal(source.dtype(), self.dtype());
            Transfers.copy(from, Internals.data(self));
        }
        Internals.version(self).bump();
        return GradientRule.of(COPY, self)
                .input(self, g -> g.zerosLike())
                .input(source, g -> g)
                .inPlace(self);
    }

    private static void checkExpands(long[] from, long[] to) {
        boolean fits = from.length <= to.length;
        int at = 0;
        for (int i = 1; fits && i <= from.length; i++) {
            long f = from[from.length - i];
            at = to.length - i;
            fits = f == 1 || f == to[at];
        }
        if (fits) return;
        if (from.length > to.length) {
            throw new CotangentException("output with shape " + Arrays.toString(to)
                    + " doesn't match the broadcast shape " + Arrays.toString(Broadcast.shape(from, to)));
        }
        throw new CotangentException("The size of tensor a (" + to[at] + ") must match the size of tensor b ("
                + from[at - to.length + from.length] + ") at non-singleton dimension " + at);
    }
}
