package dev.cotangent;

import static dev.cotangent.internal.RecordFunction.end;
import static dev.cotangent.internal.RecordFunction.start;

import dev.cotangent.autograd.GradMode;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.movement.CopyOps;
import dev.cotangent.internal.ops.movement.HostOps;
import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.nio.ShortBuffer;
import java.util.Arrays;

/** Conversions to other dtypes, devices and Java values, and copies. */
sealed interface ConversionMethods permits Tensor {
    /** Returns this on a device in a dtype; itself if nothing changes. {@code torch.Tensor.to}. */
    default Tensor to(Device device, Dtype dtype) {
        Arguments.notNull("to", "device", device);
        Arguments.notNull("to", "dtype", dtype);
        return end(start("to", this), CopyOps.to((Tensor) this, device, dtype));
    }

    /** Returns this in the dtype and on the device of the options. {@code torch.Tensor.to}. */
    default Tensor to(TensorOptions options) {
        Tensor t = (Tensor) this;
        Arguments.notNull("to", "options", options);
        return end(start("to", this), CopyOps.to(t, options.deviceOr(t.device()), options.dtypeOr(t.dtype())));
    }

    /** Returns this on a device; the backward copies the gradient back. {@code torch.Tensor.to}. */
    default Tensor to(Device device) {
        Arguments.notNull("to", "device", device);
        return end(start("to", this), CopyOps.to((Tensor) this, device, ((Tensor) this).dtype()));
    }

    /** Returns this in a dtype. {@code torch.Tensor.to}. */
    default Tensor to(Dtype dtype) {
        Arguments.notNull("to", "dtype", dtype);
        return end(start("to", this), CopyOps.to((Tensor) this, ((Tensor) this).device(), dtype));
    }

    /** Works as {@link #to(TensorOptions)}, always copying if {@code copy}. {@code torch.Tensor.to}. */
    default Tensor to(TensorOptions options, boolean copy) {
        return to(options, copy, MemoryFormat.PRESERVE_FORMAT);
    }

    /**
     * Returns this in the dtype and on the device of the options. {@code torch.Tensor.to}.
     *
     * @param options the dtype and the device
     * @param copy whether to copy even if nothing changes
     * @param memoryFormat the memory order of the dimensions
     */
    default Tensor to(TensorOptions options, boolean copy, MemoryFormat memoryFormat) {
        Tensor t = (Tensor) this;
        Arguments.notNull("to", "options", options);
        Arguments.notNull("to", "memory_format", memoryFormat);
        return end(
                start("to", this),
                CopyOps.to(t, options.deviceOr(t.device()), options.dtypeOr(t.dtype()), copy, memoryFormat));
    }

    /** Returns a copy in a memory format; part of the graph. {@code torch.clone}. */
    default Tensor clone(MemoryFormat memoryFormat) {
        Arguments.notNull("clone", "memory_format", memoryFormat);
        return end(start("clone", this), CopyOps.clone((Tensor) this, memoryFormat));
    }

    /** Returns this if it has the memory format, else a copy. {@code torch.Tensor.contiguous}. */
    default Tensor contiguous(MemoryFormat memoryFormat) {
        Arguments.notNull("contiguous", "memory_format", memoryFormat);
        Tensor t = (Tensor) this;
        if (memoryFormat == MemoryFormat.PRESERVE_FORMAT) {
            throw new CotangentException("preserve memory format is unsupported by the contiguous operator");
        }
        Tensor out = CopyOps.clone(t, memoryFormat);
        return Arrays.equals(
                        Internals.layout(out).strides(), Internals.layout(t).strides())
                ? t
                : out;
    }

    /** Returns this on the device and in the dtype of another. {@code torch.Tensor.to}. */
    default Tensor to(Tensor other) {
        Arguments.notNull("to", "other", other);
        return to(other.device(), other.dtype());
    }

    /** Returns this in the dtype of another. {@code torch.Tensor.type_as}. */
    default Tensor typeAs(Tensor other) {
        Arguments.notNull("type_as", "other", other);
        return to(other.dtype());
    }

    /** Converts to float64. {@code torch.Tensor.double}. */
    default Tensor toDouble() {
        return to(Dtype.FLOAT64);
    }

    /** Converts to float32. {@code torch.Tensor.float}. */
    default Tensor toFloat() {
        return to(Dtype.FLOAT32);
    }

    /** Converts to float16, rounded to nearest even. {@code torch.Tensor.half}. */
    default Tensor toHalf() {
        return to(Dtype.FLOAT16);
    }

    /** Converts to bfloat16, rounded to nearest even. {@code torch.Tensor.bfloat16}. */
    default Tensor toBfloat16() {
        return to(Dtype.BFLOAT16);
    }

    /** Converts to int64, truncated. {@code torch.Tensor.long}. */
    default Tensor toLong() {
        return to(Dtype.INT64);
    }

    /** Converts to int32, truncated. {@code torch.Tensor.int}. */
    default Tensor toInt() {
        return to(Dtype.INT32);
    }

    /** Converts to int16, truncated. {@code torch.Tensor.short}. */
    default Tensor toShort() {
        return to(Dtype.INT16);
    }

    /** Converts to int8, truncated. {@code torch.Tensor.char}. */
    default Tensor toChar() {
        return to(Dtype.INT8);
    }

    /** Converts to uint8, truncated. {@code torch.Tensor.byte}. */
    default Tensor toByte() {
        return to(Dtype.UINT8);
    }

    /** Converts to bool: whether nonzero. {@code torch.Tensor.bool}. */
    default Tensor toBool() {
        return to(Dtype.BOOL);
    }

    /** Returns this on the current CUDA device, {@link Cuda#currentDevice}. {@code torch.Tensor.cuda}. */
    default Tensor cuda() {
        return to(Device.cuda(Cuda.currentDevice()));
    }

    /** Returns this on a CUDA device. {@code torch.Tensor.cuda}. */
    default Tensor cuda(int index) {
        return to(Device.cuda(index));
    }

    /** Returns this on the CPU. {@code torch.Tensor.cpu}. */
    default Tensor cpu() {
        return to(Device.cpu());
    }

    /** Copies another tensor's elements into this one, broadcast and converted. {@code torch.Tensor.copy_}. */
    default Tensor copy_(Tensor source) {
        Arguments.notNull("copy_", "source", source);
        return end(start("copy_", this, source), CopyOps.copyInPlace((Tensor) this, source));
    }

    /**
     * Returns the only element: a Double for floating point, a {@link Complex} for complex numbers, a Long for integers and, as 0 or 1, for bool. Throws if
     * there is not exactly one. {@code torch.Tensor.item}.
     */
    default Number item() {
        Tensor t = (Tensor) this;
        if (t.isComplex()) return t.itemComplex();
        return t.dtype().isFloatingPoint() ? (Number) itemDouble() : (Number) itemLong();
    }

    /** Returns the only element as a double; throws if there is not exactly one. {@code torch.Tensor.item}. */
    default double itemDouble() {
        return Double.longBitsToDouble(HostOps.item((Tensor) this, Dtype.FLOAT64));
    }

    /** Returns the only element as a long. {@code torch.Tensor.item}. */
    default long itemLong() {
        return HostOps.item((Tensor) this, Dtype.INT64);
    }

    /** Returns whether the only element is nonzero. Python's {@code bool(tensor)}. */
    default boolean itemBoolean() {
        Tensor t = (Tensor) this;
        if (t.numel() != 1) {
            throw new CotangentException("Boolean value of Tensor with "
                    + (t.numel() == 0 ? "no values" : "more than one value") + " is ambiguous");
        }
        return HostOps.item(t, Dtype.BOOL) != 0;
    }

    /** Returns the elements in row-major order in a new array. */
    default double[] toDoubleArray() {
        return HostOps.doubles((Tensor) this);
    }

    /** Returns the elements in row-major order in a new array. */
    default float[] toFloatArray() {
        return HostOps.floats((Tensor) this);
    }

    /** Returns the elements in row-major order in a new array; floating point is truncated. */
    default long[] toLongArray() {
        return HostOps.longs((Tensor) this);
    }

    /** Returns the elements in row-major order in a new array: the low bits of int64; floating point is truncated. */
    default int[] toIntArray() {
        return HostOps.ints((Tensor) this);
    }

    /** Returns in row-major order in a new array whether elements are nonzero. */
    default boolean[] toBooleanArray() {
        return HostOps.booleans((Tensor) this);
    }

    /**
     * Returns the elements as a nested Java array of this rank, such as a {@code float[][]}, or a boxed value if
     * 0-dimensional; of the type that {@link Dtype} names, float for the half types, int for uint8. {@code
     * torch.Tensor.tolist}.
     */
    default Object toNestedArray() {
        return HostOps.nested((Tensor) this);
    }

    /**
     * Returns the elements of a float32 CPU tensor in row-major order: the tensor's own memory if that is contiguous
     * in a Java array, else a copy.
     */
    default FloatBuffer asFloatBuffer() {
        return (FloatBuffer) HostOps.buffer((Tensor) this, Dtype.FLOAT32);
    }

    /** Works as {@link #asFloatBuffer} for a float64 tensor. */
    default DoubleBuffer asDoubleBuffer() {
        return (DoubleBuffer) HostOps.buffer((Tensor) this, Dtype.FLOAT64);
    }

    /** Works as {@link #asFloatBuffer} for an int64 tensor. */
    default LongBuffer asLongBuffer() {
        return (LongBuffer) HostOps.buffer((Tensor) this, Dtype.INT64);
    }

    /** Works as {@link #asFloatBuffer} for an int32 tensor. */
    default IntBuffer asIntBuffer() {
        return (IntBuffer) HostOps.buffer((Tensor) this, Dtype.INT32);
    }

    /** Works as {@link #asFloatBuffer} for an int16 tensor, or a half type as its bits. */
    default ShortBuffer asShortBuffer() {
        return (ShortBuffer) HostOps.buffer((Tensor) this, Dtype.INT16);
    }

    /** Works as {@link #asFloatBuffer} for an int8, uint8 or, as 0 and 1, bool tensor. */
    default ByteBuffer asByteBuffer() {
        return (ByteBuffer) HostOps.buffer((Tensor) this, Dtype.INT8);
    }

    /**
     * Returns the elements as an array without history, sharing memory if the CPU backend stores it in Java arrays.
     * {@code torch.Tensor.numpy}.
     */
    default NdArray numpy() {
        Tensor t = (Tensor) this;
        if (!t.device().isCpu()) {
            throw new TypeException("can't convert " + t.device()
                    + " device type tensor to numpy. Use Tensor.cpu() to copy the tensor to host memory first.");
        }
        if (GradMode.isEnabled() && t.requiresGrad()) {
            throw new CotangentException(
                    "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.");
        }
        return NdArray.sharing(Internals.strided(t));
    }

    /** Returns a new leaf with copies of this leaf's elements and gradient. {@code copy.deepcopy}. */
    default Tensor deepCopy() {
        Tensor t = (Tensor) this;
        if (!t.isLeaf()) {
            throw new CotangentException(
                    "Only Tensors created explicitly by the user (graph leaves) support the deepcopy"
                            + " protocol at the moment");
        }
        Tensor copy = t.detach().clone().requiresGrad_(t.requiresGrad());
        Tensor grad = t.grad();
        if (grad != null) copy.setGrad(grad.deepCopy());
        return copy;
    }

    /** Returns the common dtype of this and another operand; {@code torch.result_type}. */
    default Dtype resultType(Tensor other) {
        Arguments.notNull("result_type", "other", other);
        return Promotion.resultType(this, other);
    }

    /** Returns the common dtype of this and a scalar; {@code torch.result_type}. */
    default Dtype resultType(Number other) {
        Arguments.notNull("result_type", "other", other);
        return Promotion.resultType(this, other);
    }
}
