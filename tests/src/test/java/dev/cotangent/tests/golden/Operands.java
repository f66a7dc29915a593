package dev.cotangent.tests.golden;

import dev.cotangent.Complex;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The values of one record: the same key is one and the same tensor. */
final class Operands {
    private final Safetensors data;
    private final Device device;
    private final boolean marked;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    /**
     * Creates operands from a file of tensors.
     *
     * @param marked whether tensors require gradients where the record says so
     */
    Operands(Safetensors data, Device device, boolean marked) {
        this.data = data;
        this.device = device;
        this.marked = marked;
    }

    /** Returns the tensor of a key that occurred in a value. */
    Tensor tensor(String key) {
        return tensors.computeIfAbsent(key, k -> data.get(k).toTensor(device));
    }

    /** Converts a list of values. */
    List<@Nullable Object> list(JsonNode array) {
        List<@Nullable Object> out = new ArrayList<>();
        for (JsonNode n : array) out.add(value(n));
        return out;
    }

    /** Converts named values. */
    Map<String, @Nullable Object> map(JsonNode object) {
        Map<String, @Nullable Object> out = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> e : object.properties()) out.put(e.getKey(), value(e.getValue()));
        return out;
    }

    /** Converts a value. */
    @Nullable
    Object value(JsonNode n) {
        if (n.isNull()) return null;
        if (n.isBoolean()) return n.asBoolean();
        if (n.isIntegralNumber()) return n.asLong();
        if (n.isNumber()) return n.asDouble();
        if (n.isString()) return n.asString();
        if (n.isArray()) return list(n);
        Map.Entry<String, JsonNode> only = n.properties().iterator().next();
        JsonNode inner = only.getValue();
        return switch (n.has("t") ? "t" : only.getKey()) {
            case "t" -> tensor(n);
            case "tuple", "size" -> new Arg.Tuple(list(inner));
            case "complex" -> Complex.of(Json.number(inner.get(0)), Json.number(inner.get(1)));
            case "float" -> Json.special(inner.asString());
            case "slice" -> new Arg.Slice(integer(inner.get(0)), integer(inner.get(1)), integer(inner.path(2)));
            case "ellipsis" -> new Arg.Ellipsis();
            case "dtype" -> dtype(inner.asString());
            default -> new Arg.Named(only.getKey(), inner.asString());
        };
    }

    private static Dtype dtype(String name) {
        Dtype dtype = Dtype.named(name);
        if (dtype == null) throw new IllegalArgumentException("unknown dtype " + name);
        return dtype;
    }

    private static @Nullable Long integer(JsonNode n) {
        return n.isIntegralNumber() ? n.asLong() : null;
    }

    private Tensor tensor(JsonNode n) {
        String key = n.get("t").asString();
        Tensor known = tensors.get(key);
        if (known != null) return known;
        HostTensor host = data.get(key);
        Tensor t = n.has("stride") ? host.toTensor(device, Json.longs(n.get("stride"))) : host.toTensor(device);
        if (n.path("conj").asBoolean(false)) {
            t = Internals.wrap(Internals.data(t.conjPhysical_()).with(ElementForm.CONJUGATED));
        }
        if (marked && n.path("requires_grad").asBoolean(false)) t.requiresGrad_(true);
        tensors.put(key, t);
        return t;
    }
}
