package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.IndexedTensor;
import dev.cotangent.Tensor;
import dev.cotangent.ValuesIndices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** PyTorch's calls, made of the library's public methods; here are the forms of call that Java has not. */
final class Calls {
    private static final Map<String, @Nullable Object> NONE = Map.of();

    private final Binder binder;
    private final Device device;

    Calls(Device device) {
        this.device = device;
        this.binder = new Binder(device);
    }

    /** Returns the device of the tensors. */
    Device device() {
        return device;
    }

    /**
     * Works as {@link #call(String, List, Map)} for a variant of an operation, whose arguments may mean something else.
     */
    @Nullable
    Object call(String op, String variant, List<?> args, Map<String, ?> kwargs) {
        return switch (op + "." + variant) {
            case "linalg.pinv.singular" -> {
                Tensor product = tensor("matmul", args.get(0), torch("transpose", args.get(1), -2L, -1L));
                yield call(op, List.of(product), kwargs);
            }
            case "linalg.lstsq.grad_oriented" ->
                Comparison.tensors(call(op, args, kwargs)).subList(0, 2);
            default -> call(op, args, kwargs);
        };
    }

    /** Calls {@code torch.OP(args...)}, or the method or the property of that name. */
    @Nullable
    Object call(String op, List<?> args, Map<String, ?> kwargs) {
        Dtype cast = cast(op);
        if (cast != null) {
            return with(kwargs, "dtype", cast, all -> binder.call(List.of("to"), args, all));
        }
        if (Signatures.has(op)) return named(op, args.subList(0, 1), Signatures.keywords(op, args, kwargs));
        return switch (op) {
            case "__getitem__" -> getItem(args);
            case "__rsub__" -> reflected("sub", "rsub", args);
            case "__rdiv__" -> reflected("div", "rdiv", args);
            case "__rpow__" -> reflected("pow", "rpow", args);
            case "__rmod__" -> reflected("remainder", "rremainder", args);
            case "__rmatmul__" -> reflected("matmul", "rmatmul", args);
            case "__radd__", "__rmul__" -> torch(op.substring(3, op.length() - 2), args.toArray());
            case "__rand__", "__ror__", "__rxor__" ->
                torch("bitwise_" + op.substring(3, op.length() - 2), args.toArray());
            case "where" -> where(args);
            case "item" -> item(args);
            case "nonzero" ->
                Boolean.TRUE.equals(kwargs.get("as_tuple"))
                        ? torch("nonzero_as_tuple", args.toArray())
                        : plain(op, args, kwargs);
            case "einsum", "nn.functional.embedding", "nn.functional.embedding_bag" -> swapped(op, args, kwargs);
            case "tensordot" -> tensordot(args, kwargs);
            case "lu" -> lu(args);
            case "fill", "zero_" -> onCopy(op.endsWith("_") ? op : op + "_", args, kwargs);
            case "H", "mH" -> binder.knows(op) ? plain(op, args, kwargs) : torch("mT", args.toArray());
            default -> plain(op, args, kwargs);
        };
    }

    private @Nullable Object named(String op, List<?> input, Map<String, @Nullable Object> keywords) {
        String name = Signatures.name(op, keywords);
        keywords.remove("return_indices");
        if (op.endsWith("_backward")) {
            // The record pools and differentiates with a gradient of ones.
            Object pooled = plain("max_pool2d_with_indices", input, keywords);
            if (!(pooled instanceof ValuesIndices both)) throw new NotOffered("no indices");
            return with(
                    keywords,
                    "indices",
                    both.indices(),
                    all -> plain(op, List.of(both.values().onesLike(), input.getFirst()), all));
        }
        return plain(name, input, keywords);
    }

    /** Works as {@link #call} without keywords. */
    @Nullable
    Object torch(String op, @Nullable Object... args) {
        return call(op, Arrays.asList(args), NONE);
    }

    /** Works as {@link #torch} for an operation with one result. */
    Tensor tensor(String op, @Nullable Object... args) {
        if (torch(op, args) instanceof Tensor t) return t;
        throw new IllegalStateException(op + " does not give a tensor");
    }

    /** Calls {@code input.op_(args...)}. */
    @Nullable
    Object inPlace(String op, List<?> args, Map<String, ?> kwargs) {
        return plain(op.endsWith("_") ? op : op + "_", args, kwargs);
    }

    private @Nullable Object plain(String op, List<?> args, Map<String, ?> kwargs) {
        return binder.call(Names.methods(op), args, kwargs);
    }

    /** Returns the dtype of a method that casts, such as {@code float} or {@code byte}, which are keywords of Java. */
    static @Nullable Dtype cast(String op) {
        if (op.equals("cfloat")) return Dtype.COMPLEX64;
        if (op.equals("cdouble")) return Dtype.COMPLEX128;
        for (Dtype d : Dtype.values())
            if (d.scalarName().toLowerCase(Locale.ROOT).equals(op)) return d;
        return null;
    }

    private interface Named {
        @Nullable
        Object call(Map<String, @Nullable Object> kwargs);
    }

    private static @Nullable Object with(Map<String, ?> kwargs, String name, Object value, Named call) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>(kwargs);
        all.put(name, value);
        return call.call(all);
    }

    /** Calls the method for the kind of number, since Python has one for all. */
    private @Nullable Object item(List<?> args) {
        Dtype dtype = args.getFirst() instanceof Tensor t ? t.dtype() : Dtype.FLOAT64;
        String method = dtype.isDifferentiable() ? "item" : dtype == Dtype.BOOL ? "item_boolean" : "item_long";
        return plain(method, args, NONE);
    }

    /** Calls {@code other OP self}: the operation itself for two tensors, the reflected method for a number. */
    private @Nullable Object reflected(String op, String ofNumber, List<?> args) {
        if (args.get(1) instanceof Tensor) return torch(op, args.get(1), args.get(0));
        try {
            return torch(ofNumber, args.toArray());
        } catch (NotOffered e) {
            return torch(op, args.get(1), args.get(0));
        }
    }

    /**
     * Calls where. The record has the first choice before the condition, as a method of a tensor; with a number it is a
     * function.
     */
    private @Nullable Object where(List<?> args) {
        if (args.size() < 3 || args.getFirst() instanceof Tensor) return plain("where", args, NONE);
        if (!(args.getFirst() instanceof Boolean b)) {
            return plain("where", Arrays.asList(args.get(1), args.get(0), args.get(2)), NONE);
        }
        // A truth value could be taken for the condition of a method.
        return plain(
                "where",
                Arrays.asList(
                        HostTensor.of(Dtype.BOOL, new long[0], b ? 1 : 0).toTensor(device), args.get(1), args.get(2)),
                NONE);
    }

    /** Calls lu, which with its status is another method. */
    private @Nullable Object lu(List<?> args) {
        boolean infos = args.size() > 2 && Boolean.TRUE.equals(args.get(2));
        return plain(infos ? "linalg.lu_factor_ex" : "lu", List.of(args.getFirst()), NONE);
    }

    /** Calls tensordot with two lists of dimensions as two arguments. */
    private @Nullable Object tensordot(List<?> args, Map<String, ?> kwargs) {
        List<@Nullable Object> both = Arg.items(kwargs.get("dims"));
        if (both == null) return plain("tensordot", args, kwargs);
        return plain("tensordot", args, Map.of("dims_self", both.get(0), "dims_other", both.get(1)));
    }

    private @Nullable Object swapped(String op, List<?> args, Map<String, ?> kwargs) {
        List<Object> turned = new ArrayList<>(args);
        turned.set(0, args.get(1));
        turned.set(1, args.get(0));
        return plain(op, turned, kwargs);
    }

    /** Returns whether a record's in-place call is one on a copy of its input. */
    static boolean actsOnCopy(String op) {
        return op.equals("fill") || op.equals("zero_");
    }

    private @Nullable Object onCopy(String op, List<?> args, Map<String, ?> kwargs) {
        List<Object> copied = new ArrayList<>(args);
        if (args.getFirst() instanceof Tensor t) copied.set(0, t.clone());
        return plain(op, copied, kwargs);
    }

    /** Calls {@code x[index]}. */
    @Nullable
    Object getItem(List<?> args) {
        return ((Tensor) args.get(0)).get(Indices.of(args.get(1), device));
    }

    /** Calls {@code x[index] = value}. */
    void setItem(Tensor x, @Nullable Object index, Object value) {
        IndexedTensor place = x.at(Indices.of(index, device));
        switch (value) {
            case Tensor t -> place.set(t);
            case Boolean b -> place.set(b);
            case Number n -> place.set(n);
            default -> throw new NotOffered("no set of " + Arg.kind(value));
        }
    }
}
