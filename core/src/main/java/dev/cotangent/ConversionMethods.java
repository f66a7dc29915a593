package dev.cotangent;

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

/** Other dtypes, other devices, Java values, and copies in place. */
sealed interface ConversionMethods permits Tensor {
    /** On a device and of a dtype; itself where that changes nothing. {@code torch.Tensor.to}. */
    default Tensor to(Device device, Dtype dtype) {
        Arguments.notNull("to", "device", device);
        Arguments.notNull("to", "dtype", dtype);
        return CopyOps.to((Tensor) this, device, dtype);
    }

    /** Returns this in the dtype and on the device of the options. {@code torch.Tensor.to}. */
    default Tensor to(TensorOptions options) {
        Tensor t = (Tensor) this;
        Arguments.notNull("to", "options", options);
        return CopyOps.to(t, options.deviceOr(t.device()), options.dtypeOr(t.dtype()));
    }

    /** On a device; its backward copies the gradient back. {@code torch.Tensor.to}. */
    default Tensor to(Device device) {
        Arguments.notNull("to", "device", device);
        return CopyOps.to((Tensor) this, device, ((Tensor) this).dtype());
    }

    /** Of a dtype. {@code torch.Tensor.to}. */
    default Tensor to(Dtype dtype) {
        Arguments.notNull("to", "dtype", dtype);
        return CopyOps.to((Tensor) this, ((Tensor) this).device(), dtype);
    }

    /** {@link #to(TensorOptions)}, with memory of its own in any case if {@code copy}. {@code torch.Tensor.to}. */
    default Tensor to(TensorOptions options, boolean copy) {
        return to(options, copy, MemoryFormat.PRESERVE_FORMAT);
    }

    /**
     * Returns this in the dtype and on the device of the options. {@code torch.Tensor.to}.
     *
     * @param options the dtype and the device
     * @param copy whether to have memory of its own in any case
     * @param memoryFormat the order of the dimensions in memory
     */
    default Tensor to(TensorOptions options, boolean copy, MemoryFormat memoryFormat) {
        Tensor t = (Tensor) this;
        Arguments.notNull("to", "options", options);
        Arguments.notNull("to", "memory_format", memoryFormat);
        return CopyOps.to(t, options.deviceOr(t.device()), options.dtypeOr(t.dtype()), copy, memoryFormat);
    }

    /** A copy, its dimensions in memory in an order; part of the graph. {@code torch.clone}. */
    default Tensor clone(MemoryFormat memoryFormat) {
        Arguments.notNull("clone", "memory_format", memoryFormat);
        return CopyOps.clone((Tensor) this, memoryFormat);
    }

    /** Its dimensions in memory in an order: itself, or a copy. {@code torch.Tensor.contiguous}. */
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

    /** On the device and of the dtype of another. {@code torch.Tensor.to}. */
    default Tensor to(Tensor other) {
        Arguments.notNull("to", "other", other);
        return to(other.device(), other.dtype());
    }

    /** Of the dtype of another. {@code torch.Tensor.type_as}. */
    default Tensor typeAs(Tensor other) {
        Arguments.notNull("type_as", "other", other);
        return to(other.dtype());
    }

    /** As float64. {@code torch.Tensor.double}. */
    default Tensor toDouble() {
        return to(Dtype.FLOAT64);
    }

    /** As float32. {@code torch.Tensor.float}. */
    default Tensor toFloat() {
        return to(Dtype.FLOAT32);
    }

    /** As float16, rounded to nearest even. {@code torch.Tensor.half}. */
    default Tensor toHalf() {
        return to(Dtype.FLOAT16);
    }

    /** As bfloat16, rounded to nearest even. {@code torch.Tensor.bfloat16}. */
    default Tensor toBfloat16() {
        return to(Dtype.BFLOAT16);
    }

    /** As int64, without fraction. {@code torch.Tensor.long}. */
    default Tensor toLong() {
        return to(Dtype.INT64);
    }

    /** As int32, without fraction. {@code torch.Tensor.int}. */
    default Tensor toInt() {
        return to(Dtype.INT32);
    }

    /** As int16, without fraction. {@code torch.Tensor.short}. */
    default Tensor toShort() {
        return to(Dtype.INT16);
    }

    /** As int8, without fraction. {@code torch.Tensor.char}. */
    default Tensor toChar() {
        return to(Dtype.INT8);
    }

    /** As uint8, without fraction. {@code torch.Tensor.byte}. */
    default Tensor toByte() {
        return to(Dtype.UINT8);
    }

    /** As bool: whether not 0. {@code torch.Tensor.bool}. */
    default Tensor toBool() {
        return to(Dtype.BOOL);
    }

    /** In the memory of the current CUDA device, {@link Cuda#currentDevice}. {@code torch.Tensor.cuda}. */
    default Tensor cuda() {
        return to(Device.cuda(Cuda.currentDevice()));
    }

    /** In the memory of a CUDA device. {@code torch.Tensor.cuda}. */
    default Tensor cuda(int index) {
        return to(Device.cuda(index));
    }

    /** In the CPU's memory. {@code torch.Tensor.cpu}. */
    default Tensor cpu() {
        return to(Device.cpu());
    }

    /** Elements of another tensor, broadcast and converted, written here. {@code torch.Tensor.copy_}. */
    default Tensor copy_(Tensor source) {
        Arguments.notNull("copy_", "source", source);
        return CopyOps.copyInPlace((Tensor) this, source);
    }

    /**
     * Returns the only element: a Double of floating point, a Long of integers and, as 0 or 1, of bool. Throws if there is not
     * exactly one. {@code torch.Tensor.item}.
     */
    default Number item() {
        return ((Tensor) this).dtype().isFloatingPoint() ? (Number) itemDouble() : (Number) itemLong();
    }

    /** Returns the only element as a double; throws if there is not exactly one. {@code torch.Tensor.item}. */
    default double itemDouble() {
        return Double.longBitsToDouble(HostOps.item((Tensor) this, Dtype.FLOAT64));
    }

    /** The only element as a long. {@code torch.Tensor.item}. */
    default long itemLong() {
        return HostOps.item((Tensor) this, Dtype.INT64);
    }

    /** Whether the only element is not zero. Python's {@code bool(tensor)}. */
    default boolean itemBoolean() {
        Tensor t = (Tensor) this;
        if (t.numel() != 1) {
            throw new CotangentException("Boolean value of Tensor with "
                    + (t.numel() == 0 ? "no values" : "more than one value") + " is ambiguous");
        }
        return HostOps.item(t, Dtype.BOOL) != 0;
    }

    /** The elements, row-major, as a new array. */
    default double[] toDoubleArray() {
        return HostOps.doubles((Tensor) this);
    }

    /** The elements, row-major, as a new array. */
    default float[] toFloatArray() {
        return HostOps.floats((Tensor) this);
    }

    /** The elements, row-major, as a new array; floating point without its fraction. */
    default long[] toLongArray() {
        return HostOps.longs((Tensor) this);
    }

    /** The elements, row-major, as a new array: the low bits of an int64; floating point without its fraction. */
    default int[] toIntArray() {
        return HostOps.ints((Tensor) this);
    }

    /** Whether the elements are not zero, row-major, as a new array. */
    default boolean[] toBooleanArray() {
        return HostOps.booleans((Tensor) this);
    }

    /**
     * The elements as a new Java array with as many levels as there are dimensions, such as a {@code float[][]}, or as one
     * object; of the type that {@link Dtype} names, float for the half types, int for uint8. {@code torch.Tensor.tolist}.
     */
    default Object toNestedArray() {
        return HostOps.nested((Tensor) this);
    }

    /**
     * The elements of a float32 tensor on the CPU, row-major: the tensor's memory itself where it is contiguous and lies in
     * a Java array, else a copy.
     */
    default FloatBuffer asFloatBuffer() {
        return (FloatBuffer) HostOps.buffer((Tensor) this, Dtype.FLOAT32);
    }

    /** {@link #asFloatBuffer} of a float64 tensor. */
    default DoubleBuffer asDoubleBuffer() {
        return (DoubleBuffer) HostOps.buffer((Tensor) this, Dtype.FLOAT64);
    }

    /** {@link #asFloatBuffer} of an int64 tensor. */
    default LongBuffer asLongBuffer() {
        return (LongBuffer) HostOps.buffer((Tensor) this, Dtype.INT64);
    }

    /** {@link #asFloatBuffer} of an int32 tensor. */
    default IntBuffer asIntBuffer() {
        return (IntBuffer) HostOps.buffer((Tensor) this, Dtype.INT32);
    }

    /** {@link #asFloatBuffer} of a tensor of int16, or of a half type as its bits. */
    default ShortBuffer asShortBuffer() {
        return (ShortBuffer) HostOps.buffer((Tensor) this, Dtype.INT16);
    }

    /** {@link #asFloatBuffer} of a tensor of int8, uint8 or, as 0 and 1, bool. */
    default ByteBuffer asByteBuffer() {
        return (ByteBuffer) HostOps.buffer((Tensor) this, Dtype.INT8);
    }

    /**
     * The elements as an array without history, sharing memory where the CPU's backend keeps that in Java arrays. {@code
     * torch.Tensor.numpy}.
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

    /**
     * A leaf of its own with copies of the elements and of the gradient; only of a leaf. {@code copy.deepcopy}.
     */
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

    /** The common dtype of this and another operand; {@code torch.result_type}. */
    default Dtype resultType(Tensor other) {
        Arguments.notNull("result_type", "other", other);
        return Promotion.resultType(this, other);
    }

    /** The common dtype of this and a number; {@code torch.result_type}. */
    default Dtype resultType(Number other) {
        Arguments.notNull("result_type", "other", other);
        return Promotion.resultType(this, other);
    }
}
