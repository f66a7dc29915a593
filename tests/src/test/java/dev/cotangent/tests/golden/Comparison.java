package dev.cotangent.tests.golden;

import dev.cotangent.Complex;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compares results with recorded ones: null if they agree, else a short reason. */
final class Comparison {
    private Comparison() {}

    /** Compares a call's result with its record, with the dtype's tolerance. */
    static @Nullable String results(
            JsonNode expected, @Nullable Object actual, Safetensors data, Function<HostTensor, Tolerance> tolerance) {
        return compare(expected, plain(actual, !expected.has("tuple")), data, tolerance);
    }

    /** Returns the tensors of a result, in order. */
    static List<@Nullable Tensor> tensors(@Nullable Object result) {
        List<@Nullable Tensor> out = new ArrayList<>();
        Object plain = plain(result, true);
        if (plain instanceof Tensor t) out.add(t);
        List<@Nullable Object> items = Arg.items(plain);
        if (items != null) items.forEach(i -> out.addAll(tensors(i)));
        return out;
    }

    /** Converts records, arrays and shapes to lists; leaves out components of a record that were not requested. */
    private static @Nullable Object plain(@Nullable Object value, boolean single) {
        return switch (value) {
            case Record r -> {
                List<Object> parts = new ArrayList<>();
                for (RecordComponent c : r.getClass().getRecordComponents()) {
                    Object part = component(r, c);
                    if (part != null) parts.add(part);
                }
                yield single && parts.size() == 1 ? parts.getFirst() : parts;
            }
            case Object[] array -> Arrays.asList(array);
            case Shape s -> Arrays.stream(s.toArray()).boxed().toList();
            case long[] s -> Arrays.stream(s).boxed().toList();
            case Integer i -> i.longValue();
            case null, default -> value;
        };
    }

    private static @Nullable Object component(Record r, RecordComponent c) {
        try {
            return c.getAccessor().invoke(r);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable String compare(
            JsonNode expected, @Nullable Object actual, Safetensors data, Function<HostTensor, Tolerance> tolerance) {
        if (expected.isNull()) return actual == null ? null : "expected None, got " + Arg.kind(actual);
        if (expected.has("t")) {
            if (!(actual instanceof Tensor t)) return "expected a tensor, got " + Arg.kind(actual);
            boolean marked = expected.path("requires_grad").asBoolean(false);
            if (t.requiresGrad() != marked) return "requires_grad is " + t.requiresGrad() + ", expected " + marked;
            return tensors(data.get(expected.get("t").asString()), t, tolerance);
        }
        if (expected.has("complex")) {
            JsonNode parts = expected.get("complex");
            Complex value = Complex.of(Json.number(parts.get(0)), Json.number(parts.get(1)));
            return value.equals(actual) ? null : "expected " + value + ", got " + Arg.kind(actual);
        }
        JsonNode list =
                expected.has("tuple") ? expected.get("tuple") : expected.has("size") ? expected.get("size") : expected;
        if (list.isArray()) {
            List<@Nullable Object> items = Arg.items(actual);
            if (items == null || items.size() != list.size()) {
                return "expected " + list.size() + " results, got " + (items == null ? Arg.kind(actual) : items.size());
            }
            for (int i = 0; i < list.size(); i++) {
                String wrong = compare(list.get(i), plain(items.get(i), true), data, tolerance);
                if (wrong != null) return "result " + i + ": " + wrong;
            }
            return null;
        }
        Object value = expected.isBoolean()
                ? (Object) expected.asBoolean()
                : expected.isIntegralNumber()
                        ? (Object) expected.asLong()
                        : expected.isNumber() ? (Object) expected.asDouble() : expected.asString();
        return value.equals(actual) ? null : "expected " + value + ", got " + Arg.kind(actual);
    }

    /** Compares a tensor with the recorded one. */
    static @Nullable String tensors(HostTensor expected, Tensor actual, Function<HostTensor, Tolerance> tolerance) {
        return tensors(expected, HostTensor.of(actual), tolerance);
    }

    /** Compares elements with the recorded ones. */
    static @Nullable String tensors(HostTensor expected, HostTensor actual, Function<HostTensor, Tolerance> tolerance) {
        if (actual.dtype() != expected.dtype() || !Arrays.equals(actual.shape(), expected.shape())) {
            return "expected " + expected.kind() + ", got " + actual.kind();
        }
        if (expected.dtype().isComplex()) return tensors(expected.parts(), actual.parts(), tolerance);
        Tolerance t = tolerance.apply(expected);
        boolean floats = expected.dtype().isFloatingPoint();
        for (int i = 0; i < expected.numel(); i++) {
            boolean same = floats
                    ? t.accepts(actual.getDouble(i), expected.getDouble(i))
                    : actual.getLong(i) == expected.getLong(i);
            if (!same) {
                return "element " + i + " of " + expected.kind() + ": expected " + shown(expected, i) + ", got "
                        + shown(actual, i);
            }
        }
        return null;
    }

    private static String shown(HostTensor t, int i) {
        return t.dtype().isFloatingPoint() ? Double.toString(t.getDouble(i)) : Long.toString(t.getLong(i));
    }
}
