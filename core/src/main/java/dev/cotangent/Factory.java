package dev.cotangent;

import dev.cotangent.backend.Backends;
import dev.cotangent.backend.Strided;
import dev.cotangent.op.Factories;
import dev.cotangent.op.HostOps;
import dev.cotangent.op.Promotion;
import dev.cotangent.op.RandomOps;
import java.nio.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * New tensors; use them through {@link Tensors}. Where a dtype or a device is null, PyTorch's default is meant: float32, or
 * what the values say, on the CPU.
 */
public sealed class Factory permits Joining {
    Factory() {}

    private static Device or(@Nullable Device device) {
        return device == null ? Device.cpu() : device;
    }

    private static Dtype or(@Nullable Dtype dtype) {
        return dtype == null ? Dtype.FLOAT32 : dtype;
    }

    /** A shape, to tell sizes from other arguments. */
    public static Shape shape(long... sizes) {
        return Shape.of(sizes);
    }

    // Values

    /** A tensor with one dimension of these float32 elements. {@code torch.tensor}. */
    public static Tensor tensor(float... values) {
        return Tensor.of(values);
    }

    /** A tensor with one dimension of these float64 elements. */
    public static Tensor tensor(double[] values) {
        return Tensor.of(values);
    }

    /** A tensor with one dimension of these int64 elements. */
    public static Tensor tensor(long[] values) {
        return Tensor.of(values);
    }

    /** A tensor with one dimension of these int32 elements. */
    public static Tensor tensor(int[] values) {
        return Tensor.of(values);
    }

    /** A tensor with one dimension of these int16 elements. */
    public static Tensor tensor(short[] values) {
        return Tensor.of(values);
    }

    /** A tensor with one dimension of these int8 elements. */
    public static Tensor tensor(byte[] values) {
        return Tensor.of(values);
    }

    /** A tensor with one dimension of these elements. */
    public static Tensor tensor(boolean[] values) {
        return Tensor.of(values);
    }

    /** A tensor of a nested array such as a {@code float[][]}; a ragged one raises PyTorch's ValueError. */
    public static Tensor tensor(Object[] values) {
        return Tensor.of(values);
    }

    /** A tensor of a number, a Boolean or an array, of a dtype. {@code torch.tensor}. */
    public static Tensor tensor(Object data, Dtype dtype) {
        return Tensor.of(data, dtype, null, false);
    }

    /** A tensor of a number, a Boolean or an array, which wants a gradient or not. {@code torch.tensor}. */
    public static Tensor tensor(Object data, @Nullable Dtype dtype, @Nullable Device device, boolean requiresGrad) {
        return Tensor.of(data, dtype, device, requiresGrad);
    }

    /** A float32 tensor without dimensions. */
    public static Tensor scalar(float value) {
        return Factories.full(Dtype.FLOAT32, Device.cpu(), value);
    }

    /** A float64 tensor without dimensions. */
    public static Tensor scalar(double value) {
        return Factories.full(Dtype.FLOAT64, Device.cpu(), value);
    }

    /** An int64 tensor without dimensions. */
    public static Tensor scalar(long value) {
        return Factories.full(Dtype.INT64, Device.cpu(), value);
    }

    /** A bool tensor without dimensions. */
    public static Tensor scalar(boolean value) {
        return Factories.full(Dtype.BOOL, Device.cpu(), value);
    }

    /** A tensor of a number, without dimensions. {@code torch.scalar_tensor}. */
    public static Tensor scalarTensor(Number s, @Nullable Dtype dtype, @Nullable Device device) {
        return Factories.full(or(dtype), or(device), s);
    }

    /**
     * A tensor with one dimension of a buffer's elements from its position to its limit; of a byte buffer int8. It shares
     * the buffer's array where there is one and the CPU's backend can use it.
     */
    public static Tensor from(Buffer buffer) {
        return HostOps.from(buffer);
    }

    /**
     * A tensor of an array, sharing its memory where that is a Java array; an array with a negative stride raises a
     * ValueException. {@code torch.from_numpy}.
     */
    public static Tensor fromNumpy(NdArray array) {
        Strided data = array.strided(Backends.of(Device.cpu()));
        data.storage().expose();
        return Tensor.wrap(data);
    }

    // Constants

    /** Zeros, float32. {@code torch.zeros}. */
    public static Tensor zeros(long... size) {
        return Factories.zeros(Dtype.FLOAT32, Device.cpu(), size);
    }

    /** Zeros of a dtype. {@code torch.zeros}. */
    public static Tensor zeros(Shape size, @Nullable Dtype dtype) {
        return zeros(size, dtype, null);
    }

    /** Zeros of a dtype on a device. {@code torch.zeros}. */
    public static Tensor zeros(Shape size, @Nullable Dtype dtype, @Nullable Device device) {
        return Factories.zeros(or(dtype), or(device), size.toArray());
    }

    /** Ones, float32. {@code torch.ones}. */
    public static Tensor ones(long... size) {
        return Factories.ones(Dtype.FLOAT32, Device.cpu(), size);
    }

    /** Ones of a dtype. {@code torch.ones}. */
    public static Tensor ones(Shape size, @Nullable Dtype dtype) {
        return ones(size, dtype, null);
    }

    /** Ones of a dtype on a device. {@code torch.ones}. */
    public static Tensor ones(Shape size, @Nullable Dtype dtype, @Nullable Device device) {
        return Factories.ones(or(dtype), or(device), size.toArray());
    }

    /** A tensor to be written, float32; its elements happen to be zero. {@code torch.empty}. */
    public static Tensor empty(long... size) {
        return zeros(size);
    }

    /** A tensor to be written, of a dtype on a device; its elements happen to be zero. {@code torch.empty}. */
    public static Tensor empty(Shape size, @Nullable Dtype dtype, @Nullable Device device) {
        return zeros(size, dtype, device);
    }

    /** A tensor to be written, with these strides. {@code torch.empty_strided}. */
    public static Tensor emptyStrided(Shape size, long[] stride, @Nullable Dtype dtype, @Nullable Device device) {
        return Factories.emptyStrided(size.toArray(), stride, or(dtype), or(device));
    }

    /** All one number: integers give int64, floating point float32. {@code torch.full}. */
    public static Tensor full(Shape size, Number fillValue) {
        return full(size, fillValue, null, null);
    }

    /** All one truth value. {@code torch.full}. */
    public static Tensor full(Shape size, boolean fillValue) {
        return Factories.full(Dtype.BOOL, Device.cpu(), fillValue, size.toArray());
    }

    /** All one number, of a dtype on a device. {@code torch.full}. */
    public static Tensor full(Shape size, Number fillValue, @Nullable Dtype dtype, @Nullable Device device) {
        Dtype type = dtype == null ? Promotion.numberType(fillValue) : dtype;
        return Factories.full(type, or(device), fillValue, size.toArray());
    }

    /** The identity matrix. {@code torch.eye}. */
    public static Tensor eye(long n) {
        return eye(n, null, null, null);
    }

    /** Ones on the main diagonal of a matrix, which is square where {@code m} is null. {@code torch.eye}. */
    public static Tensor eye(long n, @Nullable Long m, @Nullable Dtype dtype, @Nullable Device device) {
        return Factories.eye(n, m == null ? n : m, or(dtype), or(device));
    }

    // Sequences

    /** 0, 1 and so on, below {@code end}: int64 if that is an integer, else float32. {@code torch.arange}. */
    public static Tensor arange(Number end) {
        return arange(0, end, 1, null, null);
    }

    /** {@link #arange(Number, Number, Number, Dtype, Device)} in steps of 1. {@code torch.arange}. */
    public static Tensor arange(Number start, Number end) {
        return arange(start, end, 1, null, null);
    }

    /** {@link #arange(Number, Number, Number, Dtype, Device)}. {@code torch.arange}. */
    public static Tensor arange(Number start, Number end, Number step) {
        return arange(start, end, step, null, null);
    }

    /** {@link #arange(Number)} of a dtype on a device. {@code torch.arange}. */
    public static Tensor arange(Number end, @Nullable Dtype dtype, @Nullable Device device) {
        return arange(0, end, 1, dtype, device);
    }

    /**
     * {@code start}, {@code start + step} and so on, up to and without {@code end}: int64 if all three are integers, else
     * float32, unless a dtype is given. {@code torch.arange}.
     */
    public static Tensor arange(Number start, Number end, Number step, @Nullable Dtype dtype, @Nullable Device device) {
        Dtype type = dtype != null ? dtype : Promotion.resultType(start, end, step);
        return Factories.arange(start, end, step, type, or(device));
    }

    /** So many numbers, evenly from {@code start} to {@code end}. {@code torch.linspace}. */
    public static Tensor linspace(Number start, Number end, long steps) {
        return linspace(start, end, steps, null, null);
    }

    /** {@link #linspace(Number, Number, long)} of a dtype on a device. {@code torch.linspace}. */
    public static Tensor linspace(
            Number start, Number end, long steps, @Nullable Dtype dtype, @Nullable Device device) {
        return Factories.linspace(start, end, steps, or(dtype), or(device));
    }

    /** Powers of 10, the exponents evenly from {@code start} to {@code end}. {@code torch.logspace}. */
    public static Tensor logspace(Number start, Number end, long steps) {
        return logspace(start, end, steps, 10, null, null);
    }

    /** Powers of a base, the exponents evenly from {@code start} to {@code end}. {@code torch.logspace}. */
    public static Tensor logspace(
            Number start, Number end, long steps, double base, @Nullable Dtype dtype, @Nullable Device device) {
        return Factories.logspace(start, end, steps, base, or(dtype), or(device));
    }

    /** Where the lower triangle of a matrix is: rows and columns as a 2 x n tensor. {@code torch.tril_indices}. */
    public static Tensor trilIndices(long row, long col, long offset, @Nullable Dtype dtype, @Nullable Device device) {
        return Factories.triangle(false, row, col, offset, dtype == null ? Dtype.INT64 : dtype, or(device));
    }

    /** Where the upper triangle of a matrix is: rows and columns as a 2 x n tensor. {@code torch.triu_indices}. */
    public static Tensor triuIndices(long row, long col, long offset, @Nullable Dtype dtype, @Nullable Device device) {
        return Factories.triangle(true, row, col, offset, dtype == null ? Dtype.INT64 : dtype, or(device));
    }

    // Random numbers

    private static Tensor unset(long... size) {
        return Factories.unset(Dtype.FLOAT32, Device.cpu(), size);
    }

    private static Tensor unset(Shape size, @Nullable Dtype dtype, @Nullable Device device) {
        return Factories.unset(or(dtype), or(device), size.toArray());
    }

    /** Sets the seed of the random numbers, the same for every device. {@code torch.manual_seed}. */
    public static void manualSeed(long seed) {
        Generator.standard().manualSeed(seed);
    }

    /** Even in [0, 1), float32. {@code torch.rand}. */
    public static Tensor rand(long... size) {
        return unset(size).uniform_().data();
    }

    /** Even in [0, 1). {@code torch.rand}. */
    public static Tensor rand(Shape size, @Nullable Dtype dtype, @Nullable Device device) {
        return unset(size, dtype, device).uniform_().data();
    }

    /** Normal with mean 0 and deviation 1, float32. {@code torch.randn}. */
    public static Tensor randn(long... size) {
        return unset(size).normal_().data();
    }

    /** Normal with mean 0 and deviation 1. {@code torch.randn}. */
    public static Tensor randn(Shape size, @Nullable Dtype dtype, @Nullable Device device) {
        return unset(size, dtype, device).normal_().data();
    }

    /** Whole numbers from 0 on, below {@code high}, int64. {@code torch.randint}. */
    public static Tensor randint(long high, Shape size) {
        return randint(0, high, size, null, null);
    }

    /** Whole numbers from {@code low} on, below {@code high}, int64. {@code torch.randint}. */
    public static Tensor randint(long low, long high, Shape size) {
        return randint(low, high, size, null, null);
    }

    /** Whole numbers from {@code low} on, below {@code high}. {@code torch.randint}. */
    public static Tensor randint(long low, long high, Shape size, @Nullable Dtype dtype, @Nullable Device device) {
        return unset(size, dtype == null ? Dtype.INT64 : dtype, device)
                .random_(low, high)
                .data();
    }

    /** The numbers 0 to n - 1 in random order, int64. {@code torch.randperm}. */
    public static Tensor randperm(long n) {
        return randperm(n, null, null);
    }

    /** The numbers 0 to n - 1 in random order. {@code torch.randperm}. */
    public static Tensor randperm(long n, @Nullable Dtype dtype, @Nullable Device device) {
        return RandomOps.randperm(n, dtype == null ? Dtype.INT64 : dtype, or(device), null);
    }

    /** Normal numbers of one mean and deviation, float32. {@code torch.normal}. */
    public static Tensor normal(double mean, double std, Shape size) {
        return unset(size.toArray()).normal_(mean, std).data();
    }

    /** Normal numbers, each with a mean and a deviation of its own. {@code torch.normal}. */
    public static Tensor normal(Tensor mean, Tensor std) {
        Tensor sum = mean.add(std);
        return sum.detach().zerosLike().normal_().mul(std).add(mean);
    }
}
