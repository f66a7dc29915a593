package dev.cotangent.internal.ops.movement;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.MemoryFormat;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Overlap;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Copies between layouts, dtypes and devices. */
public final class CopyOps {
    private static final String COPY = "torch::autograd::CopyBackwards";

    /** Chunk size in bytes of copies through the host. */
    private static final int CHUNK_BYTES = 1 << 24;

    private CopyOps() {}

    /** Implements {@code torch.clone}: new memory in the same memory order. */
    public static Tensor clone(Tensor x) {
        Tensor out = CreationOps.uninitializedLike(x);
        transfer(Internals.strided(x), Internals.strided(out));
        return GradientRule.of("CloneBackward0", out).input(x, g -> g).done();
    }

    /** Returns a row-major copy. */
    public static Tensor contiguousCopy(Tensor x) {
        Layout dense = Layout.contiguous(Internals.layout(x).sizes());
        Tensor out = CreationOps.uninitialized(x.dtype(), x.device(), dense);
        transfer(Internals.strided(x), Internals.strided(out));
        return GradientRule.of("CloneBackward0", out).input(x, g -> g).done();
    }

    /** Implements {@code torch.Tensor.to}: returns the tensor itself if nothing changes. */
    public static Tensor to(Tensor x, Device device, Dtype dtype) {
        boolean moves = !device.equals(x.device());
        if (!moves && dtype == x.dtype()) return x;
        Tensor out = CreationOps.uninitializedLike(x, dtype, device);
        transfer(Internals.strided(x), Internals.strided(out));
        Device back = x.device();
        Dtype type = x.dtype();
        return GradientRule.of(moves ? COPY : "ToCopyBackward0", out)
                .input(x, g -> g.to(back, type))
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
        transfer(Internals.strided(x), Internals.strided(out));
        Device back = x.device();
        Dtype type = x.dtype();
        return GradientRule.of(moves ? COPY : "ToCopyBackward0", out)
                .input(x, g -> g.to(back, type))
                .done();
    }

    /** Implements {@code torch.clone} and {@code torch.Tensor.contiguous} in a memory format. */
    public static Tensor clone(Tensor x, MemoryFormat format) {
        Tensor out = CreationOps.uninitializedLike(x, x.dtype(), x.device(), format);
        transfer(Internals.strided(x), Internals.strided(out));
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
                    Internals.strided(source).with(Internals.layout(source).expand(sizes)), source, self);
            transfer(from, Internals.strided(self));
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

    /** Copies elements to a layout of the same shape, converting the dtype. */
    public static void transfer(Strided from, Strided to) {
        if (from.numel() == 0) return;
        to.storage().materializeReaders();
        if (from.device().equals(to.device())) {
            to.backend().copy(from, to);
            return;
        }
        Strided packed = from;
        boolean whole = from.layout().isContiguous() && from.dtype() == to.dtype();
        if (!whole) {
            Layout flat = Layout.contiguous(from.layout().sizes());
            packed = new Strided(from.backend().allocateUnset(to.dtype(), from.numel()), flat);
            from.backend().copy(from, packed);
        }
        if (to.layout().isContiguous()) {
            copyAcrossDevices(packed, to);
        } else {
            Storage storage = to.backend().allocateUnset(to.dtype(), to.numel());
            Strided landed = new Strided(storage, Layout.contiguous(to.layout().sizes()));
            copyAcrossDevices(packed, landed);
            to.backend().copy(landed, to);
        }
    }

    /** Copies to another device, in chunks through the host if the devices have no direct copy. */
    private static void copyAcrossDevices(Strided from, Strided to) {
        if (to.backend().receive(from, to)) return;
        int bytes = from.dtype().bytes();
        long all = from.numel();
        long most = Math.min(all, CHUNK_BYTES / bytes);
        MemorySegment host = MemorySegment.ofArray(new byte[(int) most * bytes]);
        for (long done = 0; done < all; done += most) {
            MemorySegment part = host.asSlice(0, Math.min(most, all - done) * bytes);
            from.backend().read(from.storage(), from.layout().offset() + done, part);
            to.backend().write(to.storage(), to.layout().offset() + done, part);
        }
    }
}
