package dev.cotangent;

import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.ops.Promotion;
import java.util.List;

/**
 * Functions that create tensors from literals, as PyTorch interprets them; use them through {@link Tensors}. A number
 * becomes a 0-dimensional tensor, several a vector: integers int64, others the default dtype. Arrays of any depth keep
 * their type; lists of numbers and boxed arrays are PyTorch's lists. Values that a dtype cannot hold throw PyTorch's
 * error.
 */
sealed class LiteralFunctions permits CreationFunctions {
    LiteralFunctions() {}

    /** Returns an empty tensor of the default dtype; {@code torch.tensor([])}. */
    public static Tensor tensor() {
        return LiteralReader.of(List.of(), ChosenOptions.NONE);
    }

    /** Returns a 0-dimensional tensor, int64; {@code torch.tensor(value)}. */
    public static Tensor tensor(long value) {
        return LiteralReader.of(value, ChosenOptions.NONE);
    }

    /** Returns a vector, int64; {@code torch.tensor([first, second, ...])}. */
    public static Tensor tensor(long first, long second, long... others) {
        Arguments.notNull("tensor", "others", others);
        long[] values = new long[others.length + 2];
        values[0] = first;
        values[1] = second;
        System.arraycopy(others, 0, values, 2, others.length);
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a 0-dimensional tensor, of the default dtype; {@code torch.tensor(value)}. */
    public static Tensor tensor(double value) {
        return LiteralReader.of(value, ChosenOptions.NONE);
    }

    /** Returns a vector, of the default dtype; {@code torch.tensor([first, second, ...])}. */
    public static Tensor tensor(double first, double second, double... others) {
        Arguments.notNull("tensor", "others", others);
        double[] values = new double[others.length + 2];
        values[0] = first;
        values[1] = second;
        System.arraycopy(others, 0, values, 2, others.length);
        return LiteralReader.of(values, Promotion.defaultDtype());
    }

    /** Returns a 0-dimensional tensor, float32; {@code torch.tensor(value)}. */
    public static Tensor tensor(float value) {
        return LiteralReader.of(value, Dtype.FLOAT32);
    }

    /** Returns a vector, float32; {@code torch.tensor([first, second, ...])}. */
    public static Tensor tensor(float first, float second, float... others) {
        Arguments.notNull("tensor", "others", others);
        float[] values = new float[others.length + 2];
        values[0] = first;
        values[1] = second;
        System.arraycopy(others, 0, values, 2, others.length);
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a 0-dimensional tensor, bool; {@code torch.tensor(value)}. */
    public static Tensor tensor(boolean value) {
        return LiteralReader.of(value, ChosenOptions.NONE);
    }

    /** Returns a vector, bool; {@code torch.tensor([first, second, ...])}. */
    public static Tensor tensor(boolean first, boolean second, boolean... others) {
        Arguments.notNull("tensor", "others", others);
        boolean[] values = new boolean[others.length + 2];
        values[0] = first;
        values[1] = second;
        System.arraycopy(others, 0, values, 2, others.length);
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a vector with a copy of the elements, float32. */
    public static Tensor tensor(float[] values) {
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a vector with a copy of the elements, float64. */
    public static Tensor tensor(double[] values) {
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a vector with a copy of the elements, int64. */
    public static Tensor tensor(long[] values) {
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a vector with a copy of the elements, int32. */
    public static Tensor tensor(int[] values) {
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a vector with a copy of the elements, int16. */
    public static Tensor tensor(short[] values) {
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a vector with a copy of the elements, int8. */
    public static Tensor tensor(byte[] values) {
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a vector with a copy of the elements, bool. */
    public static Tensor tensor(boolean[] values) {
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a tensor of a nested array, such as a {@code float[][]}; throws PyTorch's ValueError if it is ragged. */
    public static Tensor tensor(Object[] values) {
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a tensor of a list, however nested: int64 of integers, bool of booleans, else of the default dtype. */
    public static Tensor tensor(List<?> values) {
        Arguments.notNull("tensor", "values", values);
        return LiteralReader.of(values, ChosenOptions.NONE);
    }

    /** Returns a tensor of a number, a Boolean, an array, a list, or a copy of a tensor or NdArray. {@code torch.tensor}. */
    public static Tensor tensor(Object data) {
        return LiteralReader.of(data, ChosenOptions.NONE);
    }

    /** Returns {@link #tensor(Object)} with a dtype, on a device. {@code torch.tensor(data, dtype=..., device=...)}. */
    public static Tensor tensor(Object data, TensorOptions options) {
        return LiteralReader.of(data, options);
    }

    // Java's types unchanged

    /** Returns a 0-dimensional float32 tensor. */
    public static Tensor scalar(float value) {
        return LiteralReader.of(value, Dtype.FLOAT32);
    }

    /**
     * Returns a 0-dimensional float64 tensor, as arrays of double are; {@link #tensor(double)} is of the default dtype.
     */
    public static Tensor scalar(double value) {
        return LiteralReader.of(value, Dtype.FLOAT64);
    }

    /** Returns a 0-dimensional int64 tensor. */
    public static Tensor scalar(long value) {
        return LiteralReader.of(value, Dtype.INT64);
    }

    /** Returns a 0-dimensional bool tensor. */
    public static Tensor scalar(boolean value) {
        return LiteralReader.of(value, Dtype.BOOL);
    }

    // PyTorch's legacy constructors, with elements (not sizes) as arguments

    /** Returns a vector of these elements; {@code torch.FloatTensor([...])}. */
    public static Tensor floatTensor(double... values) {
        return LiteralReader.of(values, Dtype.FLOAT32);
    }

    /** Returns a vector of these elements; {@code torch.DoubleTensor([...])}. */
    public static Tensor doubleTensor(double... values) {
        return LiteralReader.of(values, Dtype.FLOAT64);
    }

    /** Returns a vector of these elements; {@code torch.HalfTensor([...])}. */
    public static Tensor halfTensor(double... values) {
        return LiteralReader.of(values, Dtype.FLOAT16);
    }

    /** Returns a vector of these elements; {@code torch.BFloat16Tensor([...])}. */
    public static Tensor bfloat16Tensor(double... values) {
        return LiteralReader.of(values, Dtype.BFLOAT16);
    }

    /** Returns a vector of these elements; {@code torch.LongTensor([...])}. */
    public static Tensor longTensor(long... values) {
        return LiteralReader.of(values, Dtype.INT64);
    }

    /** Returns a vector of these elements; {@code torch.IntTensor([...])}. */
    public static Tensor intTensor(long... values) {
        return LiteralReader.of(values, Dtype.INT32);
    }

    /** Returns a vector of these elements; {@code torch.ShortTensor([...])}. */
    public static Tensor shortTensor(long... values) {
        return LiteralReader.of(values, Dtype.INT16);
    }

    /** Returns a vector of these elements; {@code torch.CharTensor([...])}. */
    public static Tensor charTensor(long... values) {
        return LiteralReader.of(values, Dtype.INT8);
    }

    /** Returns a vector of these elements; {@code torch.ByteTensor([...])}. */
    public static Tensor byteTensor(long... values) {
        return LiteralReader.of(values, Dtype.UINT8);
    }

    /** Returns a vector of these elements; {@code torch.BoolTensor([...])}. */
    public static Tensor boolTensor(boolean... values) {
        return LiteralReader.of(values, Dtype.BOOL);
    }
}
