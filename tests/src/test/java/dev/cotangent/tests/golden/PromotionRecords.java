package dev.cotangent.tests.golden;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Dtypes of results, by the kinds of their operands. */
final class PromotionRecords {
    private final Calls calls;

    PromotionRecords(Calls calls) {
        this.calls = calls;
    }

    /** Runs a record: two operands, or one. */
    @Nullable
    String run(JsonNode r) {
        Object a = operand(r.get("a"));
        Object b = r.has("b") ? operand(r.get("b")) : null;
        if (r.has("result_type")) {
            String type = calls.torch("result_type", a, b) instanceof Dtype d ? d.torchName() : "none";
            if (!type.equals(r.get("result_type").asString())) {
                return "result_type: expected " + r.get("result_type").asString() + ", got " + type;
            }
        }
        for (Map.Entry<String, JsonNode> e : r.get("ops").properties()) {
            String wrong = compare(e.getKey(), e.getValue(), a, b);
            if (wrong != null) return e.getKey() + ": " + wrong;
        }
        return null;
    }

    private Object operand(JsonNode o) {
        if (o.get("kind").asString().equals("number")) {
            JsonNode value = o.get("value");
            return value.isBoolean()
                    ? (Object) value.asBoolean()
                    : value.isIntegralNumber() ? (Object) value.asLong() : (Object) value.asDouble();
        }
        Dtype dtype = Dtype.named(o.get("dtype").asString());
        if (dtype == null) throw new IllegalArgumentException("unknown dtype in " + o);
        boolean zeroDim = o.get("kind").asString().equals("zerodim");
        return (zeroDim ? HostTensor.of(dtype, new long[0], 1) : HostTensor.of(dtype, new long[] {2}, 1, 1))
                .toTensor(calls.device());
    }

    private @Nullable String compare(String op, JsonNode expected, Object a, @Nullable Object b) {
        // A truth value is no number in Java; among integers it is taken as one.
        if (op.equals("pow") && b instanceof Boolean && a instanceof Tensor t && t.dtype() == Dtype.BOOL) return null;
        Object result;
        try {
            result = b == null ? ofOne(op, (Tensor) a) : ofTwo(op, a, b);
        } catch (CotangentException e) {
            return expected.isObject()
                    ? Raised.compare(
                            e,
                            expected.get("error").asString(),
                            expected.get("message").asString())
                    : "raised " + e.getMessage();
        }
        if (expected.isObject()) {
            String message = expected.get("message").asString();
            if (!calls.device().isCpu() && Raised.isOfTheCpuAlone(message)) return null;
            return Raised.compare(null, expected.get("error").asString(), message);
        }
        String dtype = result instanceof Tensor t ? t.dtype().torchName() : Arg.kind(result);
        return dtype.equals(expected.asString()) ? null : "expected " + expected.asString() + ", got " + dtype;
    }

    private @Nullable Object ofTwo(String op, Object a, Object b) {
        return switch (op) {
            case "floor_divide" -> calls.call("div", Arrays.asList(a, b), Map.of("rounding_mode", "floor"));
            case "where" ->
                calls.torch(
                        "where",
                        a,
                        HostTensor.of(Dtype.BOOL, new long[] {2}, 1, 0).toTensor(calls.device()),
                        b);
            case "cat" -> calls.torch("cat", List.of(a, b));
            default -> calls.torch(op, a, b);
        };
    }

    private @Nullable Object ofOne(String op, Tensor t) {
        return switch (op) {
            case "cumsum", "softmax" -> calls.torch(op, t, 0L);
            case "clamp_int" -> calls.torch("clamp", t, 0L, 1L);
            case "clamp_float" -> calls.torch("clamp", t, 0.0, 0.5);
            case "masked_fill_float" ->
                calls.torch(
                        "masked_fill",
                        t,
                        HostTensor.of(Dtype.BOOL, new long[] {2}, 1, 0).toTensor(calls.device()),
                        0.5);
            case "pow_2" -> calls.torch("pow", t, 2L);
            case "pow_half" -> calls.torch("pow", t, 0.5);
            case "rpow" -> calls.torch("__rpow__", t, 2L);
            case "rsub" -> calls.torch("__rsub__", t, 1L);
            case "rdiv" -> calls.torch("__rdiv__", t, 1L);
            case "floordiv" -> calls.torch("floor_divide", t, 2L);
            case "requires_grad_" -> t.requiresGrad_(true);
            default -> calls.torch(op, t);
        };
    }
}
