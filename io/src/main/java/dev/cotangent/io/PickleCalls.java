package dev.cotangent.io;

import dev.cotangent.Device;
import dev.cotangent.Shape;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Does in Java what the functions do that a pickle of PyTorch calls. */
final class PickleCalls {
    private static final String DEVICE = "[a-z]{1,20}(:[0-9]{1,4})?";

    private long budget;

    /**
     * Makes calls.
     *
     * @param budget how many elements may be copied: as many as the pickle has bytes, since a short one could otherwise
     *     copy one long text again and again
     */
    PickleCalls(long budget) {
        this.budget = budget;
    }

    private void spend(long elements) {
        budget -= elements;
        if (budget < 0) throw new Malformed("its pickle makes more objects than it has bytes");
    }

    /** Returns what Python's {@code function(*args)} would. */
    Object call(@Nullable Object function, @Nullable Object arguments) {
        if (!(function instanceof PickleGlobal.Callable callable) || !(arguments instanceof Tuple args)) {
            throw new Malformed("its pickle calls " + kind(function) + " with " + kind(arguments));
        }
        return switch (callable) {
            case ORDERED_DICT, DICT, COUNTER -> dict(args);
            case DEFAULT_DICT -> new LinkedHashMap<>();
            case LIST -> args.isEmpty() ? new ArrayList<>() : new ArrayList<>(items(args, 0));
            case SET, FROZENSET -> args.isEmpty() ? new LinkedHashSet<>() : set(items(args, 0));
            case ENCODE -> encode(args);
            case BYTEARRAY ->
                args.isEmpty() ? new byte[0] : arg(args, 0, byte[].class).clone();
            case SIZE -> size(items(args, 0));
            case DEVICE -> device(args);
            case REBUILD_TENSOR, REBUILD_TENSOR_V2 ->
                tensor(args, null, callable == PickleGlobal.Callable.REBUILD_TENSOR);
            case REBUILD_TENSOR_V3 ->
                tensor(args, arg(args, 6, PickleGlobal.Type.class).type(), false);
            case REBUILD_PARAMETER, REBUILD_PARAMETER_WITH_STATE ->
                arg(args, 0, PickledTensor.class).with(arg(args, 1, Boolean.class), true);
            case REBUILD_FROM_TYPE -> fromType(args);
            case INT, FLOAT, TENSOR, TENSOR2, PARAMETER ->
                throw new Malformed("its pickle calls " + callable + " with " + args.size() + " arguments");
        };
    }

    private Map<@Nullable Object, @Nullable Object> dict(Tuple args) {
        Map<@Nullable Object, @Nullable Object> out = new LinkedHashMap<>();
        if (args.isEmpty()) return out;
        if (args.getFirst() instanceof Map<?, ?> map) {
            spend(map.size());
            out.putAll(map);
            return out;
        }
        for (Object item : items(args, 0)) {
            if (!(item instanceof List<?> pair) || pair.size() != 2)
                throw new Malformed("its pickle has a broken dict");
            out.put(key(pair.get(0)), pair.get(1));
        }
        return out;
    }

    private Set<@Nullable Object> set(List<?> items) {
        Set<@Nullable Object> out = new LinkedHashSet<>();
        for (Object item : items) out.add(key(item));
        return out;
    }

    /** Returns a value that is fit to be a key: of a type that cannot change, and nested at most once. */
    static @Nullable Object key(@Nullable Object key) {
        boolean fit = key instanceof Tuple t ? t.stream().allMatch(PickleCalls::isPlain) : isPlain(key);
        if (fit) return key;
        throw new Malformed("its pickle has " + kind(key) + " as a key");
    }

    private static boolean isPlain(@Nullable Object value) {
        return switch (value) {
            case null -> true;
            case String _, Number _, Boolean _, PickleGlobal _ -> true;
            default -> false;
        };
    }

    private byte[] encode(Tuple args) {
        String text = arg(args, 0, String.class);
        spend(text.length());
        return switch (arg(args, 1, String.class)) {
            case "latin1" -> {
                if (text.chars().anyMatch(c -> c > 0xFF)) throw new Malformed("its pickle has bytes above 255");
                yield text.getBytes(StandardCharsets.ISO_8859_1);
            }
            case "utf-8", "utf8" -> text.getBytes(StandardCharsets.UTF_8);
            default -> throw new Malformed("its pickle has bytes in the encoding " + args.get(1));
        };
    }

    private Shape size(List<?> items) {
        long[] sizes = longs(items);
        for (long s : sizes) if (s < 0) throw new Malformed("its pickle has a size of " + s);
        return Shape.of(sizes);
    }

    private static Object device(Tuple args) {
        String type = arg(args, 0, String.class);
        String text = args.size() > 1 ? type + ":" + args.get(1) : type;
        if (!text.matches(DEVICE)) throw new Malformed("its pickle has a device without a name");
        int colon = text.indexOf(':');
        return colon < 0
                ? new Device(text, 0)
                : new Device(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    private PickledTensor tensor(Tuple args, @Nullable ElementType type, boolean old) {
        PickledTensor.Storage storage = arg(args, 0, PickledTensor.Storage.class);
        ElementType elements = type == null ? storage.type() : type;
        if (elements == null || (type != null && storage.type() != null && storage.type() != type)) {
            throw new Malformed("a tensor and its storage \"" + storage.key() + "\" are of different types");
        }
        long[] sizes = longs(items(args, 2));
        long[] strides = longs(items(args, 3));
        boolean gradient = !old && arg(args, 4, Boolean.class);
        PickledTensor tensor =
                new PickledTensor(storage, elements, arg(args, 1, Long.class), sizes, strides, gradient, false);
        tensor.check();
        return tensor;
    }

    /**
     * Implements {@code _rebuild_from_type_v2(function, type, arguments, attributes)}, which adds attributes to a
     * tensor.
     */
    private PickledTensor fromType(Tuple args) {
        Object type = args.size() > 1 ? args.get(1) : null;
        boolean parameter = type == PickleGlobal.Callable.PARAMETER;
        if (!parameter && type != PickleGlobal.Callable.TENSOR && type != PickleGlobal.Callable.TENSOR2) {
            throw new Malformed("its pickle has a tensor of a type of its own");
        }
        // The call of a call would be recursion without an end.
        if (args.getFirst() == PickleGlobal.Callable.REBUILD_FROM_TYPE) throw new Malformed("its pickle nests calls");
        if (call(args.getFirst(), args.size() > 2 ? args.get(2) : null) instanceof PickledTensor t) {
            return t.with(t.requiresGrad(), parameter || t.isParameter());
        }
        throw new Malformed("its pickle has a tensor that is none");
    }

    private static <T> T arg(Tuple args, int index, Class<T> type) {
        Object value = index < args.size() ? args.get(index) : null;
        if (type.isInstance(value)) return type.cast(value);
        throw new Malformed("its pickle has " + kind(value) + " where a " + type.getSimpleName() + " belongs");
    }

    private List<?> items(Tuple args, int index) {
        Object value = index < args.size() ? args.get(index) : null;
        if (!(value instanceof List<?> list))
            throw new Malformed("its pickle has " + kind(value) + " where a list belongs");
        spend(list.size());
        return list;
    }

    private static long[] longs(List<?> items) {
        long[] out = new long[items.size()];
        for (int i = 0; i < out.length; i++) {
            if (!(items.get(i) instanceof Long n)) throw new Malformed("its pickle has a size that is no integer");
            out[i] = n;
        }
        return out;
    }

    /** Returns words for the kind of a value. */
    static String kind(@Nullable Object value) {
        return switch (value) {
            case null -> "None";
            case String _ -> "a text";
            case Boolean _ -> "a bool";
            case Long _, BigInteger _ -> "an integer";
            case Double _ -> "a float";
            case Tuple _ -> "a tuple";
            case List<?> _ -> "a list";
            case Map<?, ?> _ -> "a dict";
            case Set<?> _ -> "a set";
            case PickledTensor _ -> "a tensor";
            case PickledTensor.Storage _ -> "a storage";
            case PickleGlobal.Callable c -> c.toString();
            default -> "a " + value.getClass().getSimpleName();
        };
    }
}
