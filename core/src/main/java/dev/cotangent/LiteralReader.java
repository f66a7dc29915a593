package dev.cotangent;

import dev.cotangent.backend.Backends;
import dev.cotangent.backend.ElementCodec;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the data of {@code torch.tensor}: numbers, truth values, arrays and lists of any depth. Primitive arrays keep
 * their type; numbers and lists of numbers are int64 if all are integers, else of the default dtype.
 */
final class LiteralReader {
    private final List<Object> elements = new ArrayList<>();
    private final List<Long> sizes = new ArrayList<>();
    private @Nullable Dtype common;
    private int depth = -1;

    private LiteralReader() {}

    /** Returns a tensor of a literal; throws PyTorch's errors for ragged data and values that the dtype cannot hold. */
    static Tensor of(@Nullable Object data, TensorOptions options) {
        Arguments.notNull("tensor", "options", options);
        Tensor t = read(data, options);
        if (!options.requiresGrad()) return t;
        if (!t.dtype().isDifferentiable()) {
            throw new CotangentException("Only Tensors of floating point and complex dtype can require gradients");
        }
        return t.requiresGrad_(true);
    }

    private static Tensor read(@Nullable Object data, TensorOptions options) {
        Device device = options.deviceOr(Device.cpu());
        switch (data) {
            case null -> throw new TypeException("tensor(): argument 'data' must not be null");
            case Tensor t -> {
                return t.detach()
                        .to(options.deviceOr(t.device()), options.dtypeOr(t.dtype()))
                        .clone();
            }
            case NdArray array -> {
                return CreationFunctions.fromNumpy(array.copy()).to(device, options.dtypeOr(array.dtype()));
            }
            case Number n
            when isNumber(n) -> {
                return CreationOps.scalar(options.dtypeOr(Promotion.numberType(n)), device, n);
            }
            case Boolean b -> {
                return CreationOps.scalar(options.dtypeOr(Dtype.BOOL), device, b);
            }
            default -> {
                return isPrimitive(data.getClass()) ? ofArray(data, options, device) : ofList(data, options, device);
            }
        }
    }

    private static boolean isNumber(Object o) {
        return o instanceof Long
                || o instanceof Integer
                || o instanceof Double
                || o instanceof Float
                || o instanceof Complex
                || o instanceof Short
                || o instanceof Byte;
    }

    private static Tensor tensor(NdArray array, Device device, Dtype dtype) {
        return Internals.wrap(array.strided(Backends.of(Device.cpu()))).to(device, dtype);
    }

    private static boolean isPrimitive(Class<?> type) {
        Class<?> innermost = type;
        while (innermost.isArray()) innermost = innermost.componentType();
        return type.isArray() && innermost.isPrimitive();
    }

    private static Tensor ofArray(Object data, TensorOptions options, Device device) {
        NestedArray nested = NestedArray.of(data);
        Dtype dtype = options.dtypeOr(nested.dtype());
        if (!dtype.isDifferentiable() && dtype != Dtype.BOOL && dtype != nested.dtype()) {
            int n = Array.getLength(nested.elements());
            for (int i = 0; i < n; i++) Promotion.checkElement(Array.get(nested.elements(), i), dtype);
        }
        NdArray array = NdArray.wrap(nested.dtype(), nested.elements(), nested.sizes());
        return tensor(array, device, dtype);
    }

    private static Tensor ofList(Object data, TensorOptions options, Device device) {
        LiteralReader literal = new LiteralReader();
        literal.visit(data, 0);
        Dtype inferred = literal.common == null ? Promotion.defaultDtype() : literal.common;
        Dtype dtype = options.dtypeOr(inferred);
        if (dtype.isComplex()) return literal.complex(device, dtype);
        // NumPy has no bfloat16; float64 holds all of its values.
        Dtype written = dtype == Dtype.BFLOAT16 ? Dtype.FLOAT64 : dtype;
        long[] sizes = literal.sizes.stream().mapToLong(Long::longValue).toArray();
        NdArray array = NdArray.zeros(written, sizes);
        for (int i = 0; i < literal.elements.size(); i++) {
            Object value = literal.elements.get(i);
            Promotion.checkElement(value, dtype);
            switch (value) {
                case Boolean b -> ElementCodec.setLong(written, array.memory(), i, b ? 1 : 0);
                case Number n
                when n instanceof Double || n instanceof Float ->
                    ElementCodec.setDouble(written, array.memory(), i, n.doubleValue());
                default -> ElementCodec.setLong(written, array.memory(), i, ((Number) value).longValue());
            }
        }
        return tensor(array, device, dtype);
    }

    private Tensor complex(Device device, Dtype dtype) {
        double[] parts = new double[2 * elements.size()];
        for (int i = 0; i < elements.size(); i++) {
            Number n = elements.get(i) instanceof Boolean b ? Integer.valueOf(b ? 1 : 0) : (Number) elements.get(i);
            parts[2 * i] = Complex.re(n);
            parts[2 * i + 1] = Complex.im(n);
        }
        long[] shape = LongStream.concat(sizes.stream().mapToLong(Long::longValue), LongStream.of(2))
                .toArray();
        NdArray pairs = NdArray.wrap(Dtype.FLOAT64, parts, shape);
        Tensor wide = Internals.wrap(pairs.strided(Backends.of(Device.cpu()))).viewAsComplex();
        Tensor out = wide.to(device, dtype);
        return Internals.wrap(Internals.data(out));
    }

    /** Collects the elements of one level, whose first row determines the sizes of all. */
    private void visit(@Nullable Object data, int dim) {
        switch (data) {
            case null ->
                throw new TypeException(
                        "Could not infer dtype of null: an element or a row at dim " + dim + " of the data is null");
            case List<?> list -> level(list.size(), list::get, dim, null);
            case Object array
            when array.getClass().isArray() -> {
                Dtype componentDtype = NestedArray.dtype(array.getClass().componentType());
                int length = Array.getLength(array);
                level(length, i -> Array.get(array, i), dim, componentDtype);
            }
            case Tensor t
            when t.numel() == 1 -> element(t.dtype() == Dtype.BOOL ? t.itemBoolean() : t.item(), t.dtype(), dim);
            case Object o when o instanceof Boolean || isNumber(o) -> element(o, Promotion.numberType(o), dim);
            default ->
                throw new TypeException("tensor(): data is of numbers, booleans, arrays and lists of them, but got "
                        + data.getClass().getName()
                        + (data instanceof Tensor ? "; stack(...) makes one tensor of several" : ""));
        }
    }

    private interface Row {
        @Nullable
        Object get(int index);
    }

    /** Visits the rows of a level; elements of a primitive array have its type. */
    private void level(int length, Row row, int dim, @Nullable Dtype componentDtype) {
        if (depth >= 0 && dim >= depth)
            throw new TypeException("expected a number at dim " + dim + ", but got a sequence");
        if (dim == sizes.size()) {
            sizes.add((long) length);
        } else if (sizes.get(dim) != length) {
            throw new ValueException(
                    "expected sequence of length " + sizes.get(dim) + " at dim " + dim + " (got " + length + ")");
        }
        for (int i = 0; i < length; i++) {
            Object value = row.get(i);
            if (componentDtype != null && value != null) element(value, componentDtype, dim + 1);
            else visit(value, dim + 1);
        }
    }

    private void element(Object value, Dtype dtype, int dim) {
        if (depth < 0) depth = dim;
        if (dim != depth)
            throw new TypeException("expected a sequence at dim " + dim + ", but got a number: not a sequence");
        common = common == null ? dtype : Dtype.promote(common, dtype);
        elements.add(value);
    }
}
