package dev.cotangent.internal.ops.movement;

import dev.cotangent.Complex;
import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.backend.Transfers;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Scalar;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Array;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;

/** Conversions between tensors and Java values. */
public final class HostOps {
    private HostOps() {}

    /** Implements {@code torch.Tensor.fill_} and {@code zero_}; elements may alias, since all get the same value. */
    public static Tensor fill(Tensor self, Object value, String node) {
        GradientRule.checkHistory(self);
        Scalar scalar = Scalar.of(value);
        scalar.checkHeldBy(self.dtype());
        scalar.fill(distinctElements(self));
        Internals.version(self).bump();
        return GradientRule.of(node, self).input(self, g -> g.zerosLike()).inPlace(self);
    }

    /** Returns the distinct elements: expanded dimensions are reduced to size 1. */
    private static Strided distinctElements(Tensor t) {
        Layout l = Internals.layout(t);
        for (int d = 0; d < l.rank(); d++) if (l.stride(d) == 0 && l.size(d) > 1) l = l.slice(d, 0, 1, 1);
        return Internals.data(t).with(l);
    }

    /** Implements {@code torch.Tensor.fill_} with a 0-dimensional tensor. */
    public static Tensor fill(Tensor self, Tensor value) {
        if (value.dim() != 0) {
            throw new CotangentException(
                    "fill_ only supports 0-dimension value tensor but got tensor with " + value.dim() + " dimensions.");
        }
        GradientRule.checkHistory(self, value);
        Tensor there = value.detach().to(self.device());
        Strided to = distinctElements(self);
        Transfers.copy(
                Internals.data(there)
                        .with(Internals.layout(there).expand(to.layout().sizes())),
                to);
        Internals.version(self).bump();
        return GradientRule.of("FillBackward3", self)
                .input(self, g -> g.zerosLike())
                .input(value, g -> g.sum())
                .inPlace(self);
    }

    /** Returns the only element, converted: the bits of a double, a long, or 0 and 1 for bool. */
    public static long item(Tensor t, Dtype as) {
        if (t.numel() != 1) {
            throw new CotangentException("a Tensor with " + t.numel() + " elements cannot be converted to Scalar");
        }
        if (as == Dtype.FLOAT64) return Double.doubleToRawLongBits(doubles(t)[0]);
        if (as == Dtype.INT64) return longs(t)[0];
        if (t.dtype().isComplex()) return complexes(t)[0].abs() != 0 ? 1 : 0;
        byte[] truth = new byte[1];
        read(t, Dtype.BOOL, MemorySegment.ofArray(truth));
        return truth[0];
    }

    /** Returns the length of a Java array for all elements. */
    private static int length(Tensor t) {
        if (t.numel() <= Integer.MAX_VALUE - 8) return (int) t.numel();
        throw new ValueException("a Java array has at most 2147483639 elements, but the tensor has " + t.numel());
    }

    /** Returns the elements in row-major order as doubles. */
    public static double[] doubles(Tensor t) {
        double[] out = new double[length(t)];
        read(t, Dtype.FLOAT64, MemorySegment.ofArray(out));
        return out;
    }

    /** Returns the elements in row-major order as floats. */
    public static float[] floats(Tensor t) {
        float[] out = new float[length(t)];
        read(t, Dtype.FLOAT32, MemorySegment.ofArray(out));
        return out;
    }

    /** Returns the elements in row-major order as longs. */
    public static long[] longs(Tensor t) {
        long[] out = new long[length(t)];
        read(t, Dtype.INT64, MemorySegment.ofArray(out));
        return out;
    }

    /** Returns the elements in row-major order as ints. */
    public static int[] ints(Tensor t) {
        int[] out = new int[length(t)];
        read(t, Dtype.INT32, MemorySegment.ofArray(out));
        return out;
    }

    /** Returns the elements in row-major order as complex numbers. */
    public static Complex[] complexes(Tensor t) {
        Complex[] out = new Complex[length(t)];
        double[] parts = new double[2 * out.length];
        read(t, Dtype.COMPLEX128, MemorySegment.ofArray(parts));
        for (int i = 0; i < out.length; i++) out[i] = Complex.of(parts[2 * i], parts[2 * i + 1]);
        return out;
    }

    /** Returns in row-major order whether each element is nonzero. */
    public static boolean[] booleans(Tensor t) {
        byte[] bytes = new byte[length(t)];
        if (t.dtype().isComplex()) t = t.detach().to(Dtype.BOOL);
        read(t, Dtype.BOOL, MemorySegment.ofArray(bytes));
        boolean[] out = new boolean[bytes.length];
        for (int i = 0; i < out.length; i++) out[i] = bytes[i] != 0;
        return out;
    }

    /** Returns the elements as nested arrays, or a single boxed value. */
    public static Object nested(Tensor t) {
        Object flat = switch (t.dtype()) {
            case FLOAT64 -> doubles(t);
            case FLOAT32, FLOAT16, BFLOAT16 -> floats(t);
            case INT64 -> longs(t);
            case INT32, UINT8 -> ints(t);
            case BOOL -> booleans(t);
            case COMPLEX64, COMPLEX128 -> complexes(t);
            case INT16 -> {
                short[] out = new short[length(t)];
                read(t, Dtype.INT16, MemorySegment.ofArray(out));
                yield out;
            }
            case INT8 -> {
                byte[] out = new byte[length(t)];
                read(t, Dtype.INT8, MemorySegment.ofArray(out));
                yield out;
            }
        };
        long[] sizes = Internals.layout(t).sizes();
        return sizes.length == 0 ? Array.get(flat, 0) : level(flat, sizes, 0, new int[1]);
    }

    private static Object level(Object flat, long[] sizes, int dim, int[] at) {
        int size = Math.toIntExact(sizes[dim]);
        int[] rest = new int[sizes.length - dim];
        for (int d = 0; d < rest.length; d++) rest[d] = Math.toIntExact(sizes[dim + d]);
        Object out = Array.newInstance(flat.getClass().componentType(), rest);
        if (rest.length == 1) {
            System.arraycopy(flat, at[0], out, 0, size);
            at[0] += size;
        } else {
            for (int i = 0; i < size; i++) Array.set(out, i, level(flat, sizes, dim + 1, at));
        }
        return out;
    }

    /** Returns a tensor of a buffer's remaining elements, sharing the buffer's array if possible. */
    public static Tensor from(Buffer buffer) {
        Dtype dtype = switch (buffer) {
            case FloatBuffer _ -> Dtype.FLOAT32;
            case DoubleBuffer _ -> Dtype.FLOAT64;
            case LongBuffer _ -> Dtype.INT64;
            case IntBuffer _ -> Dtype.INT32;
            case ShortBuffer _ -> Dtype.INT16;
            case ByteBuffer _ -> Dtype.INT8;
            default -> throw new TypeException("a " + buffer.getClass().getSimpleName() + " has no dtype");
        };
        Backend cpu = Backends.of(Device.cpu());
        long size = buffer.remaining();
        Layout flat = Layout.contiguous(size);
        Class<?> view = buffer.hasArray() ? buffer.array().getClass() : null;
        // The backing array of a buffer over bytes has another type or is missing.
        boolean own = view != null && view == arrayOf(dtype, 0).getClass();
        Storage shared = own ? cpu.share(dtype, buffer.array()) : null;
        if (shared != null) {
            shared.markAliased();
            return Internals.wrap(new Strided(
                    shared, Layout.of(flat.sizes(), flat.strides(), buffer.arrayOffset() + buffer.position())));
        }
        Object copy = arrayOf(dtype, buffer.remaining());
        Buffer from = buffer.duplicate();
        switch (from) {
            case FloatBuffer b -> b.get((float[]) copy);
            case DoubleBuffer b -> b.get((double[]) copy);
            case LongBuffer b -> b.get((long[]) copy);
            case IntBuffer b -> b.get((int[]) copy);
            case ShortBuffer b -> b.get((short[]) copy);
            case ByteBuffer b -> b.get((byte[]) copy);
            default -> throw new IllegalStateException();
        }
        Storage storage = cpu.share(dtype, copy);
        if (storage == null) {
            storage = cpu.allocateUnset(dtype, size);
            cpu.write(storage, 0, segment(copy));
        }
        return Internals.wrap(new Strided(storage, flat));
    }

    private static Object arrayOf(Dtype dtype, int size) {
        return switch (dtype) {
            case FLOAT32 -> new float[size];
            case FLOAT64 -> new double[size];
            case INT64 -> new long[size];
            case INT32 -> new int[size];
            case INT16, FLOAT16, BFLOAT16 -> new short[size];
            case INT8, UINT8, BOOL -> new byte[size];
            case COMPLEX64, COMPLEX128 -> new Complex[size];
        };
    }

    private static MemorySegment segment(Object array) {
        return switch (array) {
            case float[] a -> MemorySegment.ofArray(a);
            case double[] a -> MemorySegment.ofArray(a);
            case long[] a -> MemorySegment.ofArray(a);
            case int[] a -> MemorySegment.ofArray(a);
            case short[] a -> MemorySegment.ofArray(a);
            default -> MemorySegment.ofArray((byte[]) array);
        };
    }

    /** Returns a buffer that shares the tensor's memory if that is contiguous in a Java array, else a copy. */
    public static Buffer buffer(Tensor t, Dtype like) {
        if (arrayOf(t.dtype(), 0).getClass() != arrayOf(like, 0).getClass()) {
            throw new TypeException(
                    "a tensor of " + t.dtype() + " has no such buffer; convert it to " + like + " first");
        }
        if (!t.device().isCpu()) {
            throw new TypeException(
                    "can't convert " + t.device() + " device type tensor to a buffer. Use Tensor.cpu() to"
                            + " copy the tensor to host memory first.");
        }
        if (GradMode.isEnabled() && t.requiresGrad()) {
            String method =
                    "as" + arrayOf(like, 0).getClass().getComponentType().getSimpleName() + "Buffer()";
            method = "as" + Character.toUpperCase(method.charAt(2)) + method.substring(3);
            throw new CotangentException("Can't call " + method + " on Tensor that requires grad. Use tensor.detach()."
                    + method + " instead.");
        }
        Object array = t.isContiguous() ? Internals.backend(t).array(Internals.storage(t)) : null;
        if (array != null) Internals.storage(t).markAliased();
        int offset = array == null ? 0 : Math.toIntExact(Internals.layout(t).offset());
        int size = length(t);
        if (array == null) {
            array = arrayOf(t.dtype(), size);
            read(t, t.dtype(), segment(array));
        }
        return switch (array) {
            case float[] a -> FloatBuffer.wrap(a, offset, size).slice();
            case double[] a -> DoubleBuffer.wrap(a, offset, size).slice();
            case long[] a -> LongBuffer.wrap(a, offset, size).slice();
            case int[] a -> IntBuffer.wrap(a, offset, size).slice();
            case short[] a -> ShortBuffer.wrap(a, offset, size).slice();
            default -> ByteBuffer.wrap((byte[]) array, offset, size).slice();
        };
    }

    /** Copies the elements in row-major order to host memory, converted to a dtype. */
    public static void read(Tensor t, Dtype as, MemorySegment to) {
        if (t.numel() == 0) return;
        if (t.dtype().isComplex() && !as.isComplex()) {
            throw new TypeException(
                    "can't convert complex to " + as.torchName() + ": take real(), imag() or abs() first");
        }
        Strided from = Internals.data(t);
        if (from.dtype() != as || !t.isContiguous() || from.form().isLazy()) {
            Layout dense = Layout.contiguous(Internals.layout(t).sizes());
            from = Strided.uninitialized(Internals.backend(t), as, dense);
            Transfers.copy(Internals.data(t), from);
        }
        long start = from.layout().offset();
        Internals.backend(t).read(from.storage(), as.isComplex() ? 2 * start : start, to);
    }

    /** Copies row-major elements of the tensor's dtype from host memory. */
    public static Tensor write(Tensor to, MemorySegment from) {
        Internals.storage(to).materializeReaders();
        long start = Internals.layout(to).offset();
        Internals.backend(to).write(Internals.storage(to), to.dtype().isComplex() ? 2 * start : start, from);
        return to;
    }
}
