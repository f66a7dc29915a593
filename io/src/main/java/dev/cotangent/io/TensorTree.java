package dev.cotangent.io;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.nn.Parameter;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes tensors of those in an unpickled value; views of one storage share memory again. */
final class TensorTree {
    private static final int DEEPEST = 400;

    private final LoadOptions options;
    private final ByteOrder order;
    private final Function<PickledTensor.Storage, MemorySegment> bytes;
    private final Map<String, Storage> storages = new HashMap<>();
    private final Map<Object, Object> done = new IdentityHashMap<>();
    private final Map<Object, Object> begun = new IdentityHashMap<>();

    /**
     * Makes tensors.
     *
     * @param order of the bytes in the file
     * @param bytes returns the elements of all of a storage
     */
    TensorTree(LoadOptions options, ByteOrder order, Function<PickledTensor.Storage, MemorySegment> bytes) {
        this.options = options;
        this.order = order;
        this.bytes = bytes;
    }

    /** Returns a value with its tensors; changes the lists and dictionaries in it. */
    @Nullable
    Object materialize(@Nullable Object value) {
        return materialize(value, 0);
    }

    private @Nullable Object materialize(@Nullable Object value, int depth) {
        switch (value) {
            case PickledTensor _, Tuple _, List<?> _, Map<?, ?> _ -> {}
            case PickleGlobal.Type type -> {
                return type.type().dtype(options);
            }
            case PickleGlobal other -> throw new Malformed("its pickle has " + other + " as a value");
            case PickledTensor.Storage s ->
                throw new Malformed("its pickle has storage \"" + s.key() + "\" without a tensor");
            case null, default -> {
                return value;
            }
        }
        Object known = done.get(value);
        if (known != null) return known;
        if (depth > DEEPEST) throw new Malformed("its pickle nests more than " + DEEPEST + " values");
        if (begun.put(value, value) != null) throw new Malformed("its pickle has a value that contains itself");
        Object made = make(value, depth + 1);
        begun.remove(value);
        done.put(value, made);
        return made;
    }

    @SuppressWarnings("unchecked")
    private Object make(Object value, int depth) {
        switch (value) {
            case PickledTensor t -> {
                return tensor(t);
            }
            case Tuple t -> {
                return Tuple.of(t.stream().map(v -> materialize(v, depth)).toArray());
            }
            case List<?> list -> ((List<@Nullable Object>) list).replaceAll(v -> materialize(v, depth));
            default -> ((Map<@Nullable Object, @Nullable Object>) value).replaceAll((_, v) -> materialize(v, depth));
        }
        return value;
    }

    private Tensor tensor(PickledTensor t) {
        Storage storage = storages.get(t.storage().key());
        boolean pair = t.type().isPair(options);
        if (storage == null) {
            storage = RawElements.read(bytes.apply(t.storage()), order, t.type().dtype(options), options.toDevice());
            storages.put(t.storage().key(), storage);
        }
        Dtype dtype = t.type().dtype(options);
        if (storage.dtype() != dtype.realType()) {
            throw new Malformed("storage \"" + t.storage().key() + "\" has tensors of several types");
        }
        long offset = t.storage().start() + t.offset();
        long[] sizes = t.sizes();
        long[] strides = t.strides();
        if (pair) {
            offset *= 2;
            sizes = Arrays.copyOf(sizes, sizes.length + 1);
            sizes[sizes.length - 1] = 2;
            strides = Arrays.copyOf(Arrays.stream(strides).map(s -> 2 * s).toArray(), sizes.length);
            strides[sizes.length - 1] = 1;
        }
        ElementForm form = dtype.isComplex() ? ElementForm.COMPLEX : ElementForm.REAL;
        Tensor tensor = Internals.wrap(new Strided(storage, Layout.of(sizes, strides, offset), form));
        if (t.requiresGrad() && !tensor.dtype().isDifferentiable()) {
            throw new Malformed("a tensor of " + tensor.dtype() + " requires a gradient");
        }
        return t.isParameter() ? Parameter.of(tensor, t.requiresGrad()) : tensor.requiresGrad_(t.requiresGrad());
    }
}
