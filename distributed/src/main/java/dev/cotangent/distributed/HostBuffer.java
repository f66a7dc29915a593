package dev.cotangent.distributed;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.ElementCodec;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import java.lang.foreign.MemorySegment;

/** Elements of one dtype in a Java array, in which collectives send, receive and reduce them. */
final class HostBuffer {
    private static final long LARGEST = Integer.MAX_VALUE - 8;

    private final Dtype dtype;
    private final int size;
    private final Object array;
    private final MemorySegment segment;

    /** Creates a buffer of zeros. */
    HostBuffer(Dtype dtype, long size) {
        if (size > LARGEST) {
            throw new CotangentException(
                    "a collective takes at most " + LARGEST + " elements, got " + size + "; split the tensor");
        }
        this.dtype = dtype;
        this.size = (int) size;
        // Typed arrays, so that the loops below are vectorized.
        switch (dtype) {
            case FLOAT32 -> segment = MemorySegment.ofArray((float[]) (array = new float[this.size]));
            case FLOAT64 -> segment = MemorySegment.ofArray((double[]) (array = new double[this.size]));
            case INT64 -> segment = MemorySegment.ofArray((long[]) (array = new long[this.size]));
            case INT32 -> segment = MemorySegment.ofArray((int[]) (array = new int[this.size]));
            case FLOAT16, BFLOAT16, INT16 -> segment = MemorySegment.ofArray((short[]) (array = new short[this.size]));
            case INT8, UINT8, BOOL -> segment = MemorySegment.ofArray((byte[]) (array = new byte[this.size]));
            default -> throw new CotangentException("collectives do not take " + dtype);
        }
    }

    /** Returns a copy of a tensor's elements. */
    static HostBuffer of(Tensor x) {
        HostBuffer buffer = new HostBuffer(x.dtype(), x.numel());
        buffer.read(0, x);
        return buffer;
    }

    Dtype dtype() {
        return dtype;
    }

    int size() {
        return size;
    }

    /** Returns the memory of some elements. */
    MemorySegment slice(long start, long count) {
        return segment.asSlice(start * dtype.bytes(), count * dtype.bytes());
    }

    /** Copies a tensor's elements to a place in the buffer. */
    void read(long start, Tensor x) {
        long count = x.numel();
        if (count == 0) return;
        try (var _ = Autograd.noGrad()) {
            Strided data = Internals.strided(x.detach().contiguous());
            data.backend().read(data.storage(), data.layout().offset(), slice(start, count));
        }
    }

    /** Copies elements into a tensor, which may be on any device and have any strides. */
    void write(long start, Tensor to) {
        long count = to.numel();
        if (count == 0) return;
        try (var _ = Autograd.noGrad()) {
            to.detach().copy_(toTensor(start, to.shape(), to.device()));
        }
    }

    /** Returns a new tensor of elements of the buffer. */
    Tensor toTensor(long start, Shape shape, Device device) {
        Storage storage = Backends.of(device).allocateUnset(dtype, shape.numel());
        if (shape.numel() > 0) storage.backend().write(storage, 0, slice(start, shape.numel()));
        return Internals.wrap(new Strided(storage, Layout.contiguous(shape.toArray())));
    }

    /** Combines the first elements of another buffer into elements of this one. */
    void reduce(ReduceOp op, int start, HostBuffer from, int count) {
        switch (array) {
            case float[] a -> reduce(op, a, start, (float[]) from.array, count);
            case double[] a -> reduce(op, a, start, (double[]) from.array, count);
            case long[] a -> {
                long[] b = (long[]) from.array;
                for (int i = 0; i < count; i++) a[start + i] = combined(op, a[start + i], b[i]);
            }
            case int[] a -> {
                int[] b = (int[]) from.array;
                for (int i = 0; i < count; i++) a[start + i] = (int) combined(op, a[start + i], b[i]);
            }
            default -> {
                for (int i = 0; i < count; i++) {
                    if (dtype.isFloatingPoint()) {
                        double a = ElementCodec.getDouble(dtype, segment, start + i);
                        double b = ElementCodec.getDouble(dtype, from.segment, i);
                        ElementCodec.setDouble(dtype, segment, start + i, combined(op, a, b));
                    } else {
                        reduceSmall(op, start + i, from, i);
                    }
                }
            }
        }
    }

    private void reduceSmall(ReduceOp op, int at, HostBuffer from, int i) {
        if (array instanceof short[] a) {
            a[at] = (short) combined(op, a[at], ((short[]) from.array)[i]);
            return;
        }
        byte[] a = (byte[]) array;
        byte b = ((byte[]) from.array)[i];
        a[at] = switch (dtype) {
            case BOOL ->
                (byte) combined(
                        switch (op) {
                            case SUM -> ReduceOp.BOR;
                            case PRODUCT -> ReduceOp.BAND;
                            default -> op;
                        },
                        a[at],
                        b);
            case UINT8 -> (byte) combined(op, a[at] & 0xff, b & 0xff);
            default -> (byte) combined(op, a[at], b);
        };
    }

    private static void reduce(ReduceOp op, float[] a, int start, float[] b, int count) {
        switch (op) {
            case SUM, AVG -> {
                for (int i = 0; i < count; i++) a[start + i] += b[i];
            }
            case PRODUCT -> {
                for (int i = 0; i < count; i++) a[start + i] *= b[i];
            }
            case MIN -> {
                for (int i = 0; i < count; i++) a[start + i] = Math.min(a[start + i], b[i]);
            }
            default -> {
                for (int i = 0; i < count; i++) a[start + i] = Math.max(a[start + i], b[i]);
            }
        }
    }

    private static void reduce(ReduceOp op, double[] a, int start, double[] b, int count) {
        if (op == ReduceOp.SUM || op == ReduceOp.AVG) {
            for (int i = 0; i < count; i++) a[start + i] += b[i];
        } else {
            for (int i = 0; i < count; i++) a[start + i] = combined(op, a[start + i], b[i]);
        }
    }

    private static double combined(ReduceOp op, double a, double b) {
        return switch (op) {
            case SUM, AVG -> a + b;
            case PRODUCT -> a * b;
            case MIN -> Math.min(a, b);
            default -> Math.max(a, b);
        };
    }

    private static long combined(ReduceOp op, long a, long b) {
        return switch (op) {
            case SUM, AVG -> a + b;
            case PRODUCT -> a * b;
            case MIN -> Math.min(a, b);
            case MAX -> Math.max(a, b);
            case BAND -> a & b;
            case BOR -> a | b;
            case BXOR -> a ^ b;
        };
    }

    /** Divides elements of a floating-point type. */
    void divide(int start, int count, int by) {
        switch (array) {
            case float[] a -> {
                for (int i = start; i < start + count; i++) a[i] /= by;
            }
            case double[] a -> {
                for (int i = start; i < start + count; i++) a[i] /= by;
            }
            default -> {
                for (int i = start; i < start + count; i++) {
                    ElementCodec.setDouble(dtype, segment, i, ElementCodec.getDouble(dtype, segment, i) / by);
                }
            }
        }
    }
}
