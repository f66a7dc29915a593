package dev.cotangent.tests.golden;

import dev.cotangent.Complex;
import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.backend.Backends;
import dev.cotangent.internal.ops.creation.CreationOps;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Samples and errors of one operator variant. */
final class OperatorRecords {
    private final String name;
    private final String op;
    private final JsonNode json;
    private final Safetensors data;
    private final Calls calls;
    private final Tolerance.Kind kind;
    private final String variant;

    OperatorRecords(Path folder, String name, Calls calls) throws IOException {
        this.name = name;
        this.json = Json.read(folder.resolve(name + ".json"));
        this.data = Safetensors.read(folder.resolve(name + ".safetensors"));
        this.op = json.get("op").asString();
        this.variant = Json.text(json, "variant");
        this.calls = calls;
        this.kind = Tolerance.kind(op, variant);
    }

    /** Runs all records. */
    void run(Tally samples, Tally errors) {
        for (JsonNode s : json.path("samples")) samples.record(name, s.get("id").asString(), () -> sample(s));
        for (JsonNode e : json.path("errors")) errors.record(null, e.get("id").asString(), () -> error(e));
    }

    private @Nullable String sample(JsonNode s) {
        Operands operands = new Operands(data, calls.device(), true);
        Object result = calls.call(op, variant, arguments(s, operands, true), operands.map(s.path("kwargs")));
        double own = deviation(s, "out");
        boolean tied = false;
        String wrong = Freedom.ofFactors(op)
                ? Freedom.compareFactors(op, s.get("out"), result, data, calls)
                : Comparison.results(s.get("out"), result, data, t -> Tolerance.ofResult(kind, t.dtype(), own));
        if (wrong != null) {
            if (!Freedom.tied(op, s, result, operands, data, calls)
                    && !Freedom.overflowed(op, s, result, operands, data, calls)) return wrong;
            tied = true;
        }
        wrong = tied || !s.has("grads") ? null : gradients(s, result, operands);
        if (wrong != null) return wrong;
        return s.has("inplace") ? inPlace(s) : null;
    }

    /** Returns how much PyTorch's own result deviates from that of float64. */
    private static double deviation(JsonNode s, String of) {
        return s.path(s.has("err16") ? "err16" : "err32").path(of).asDouble(0);
    }

    private List<@Nullable Object> arguments(JsonNode record, Operands operands, boolean wrap) {
        List<@Nullable Object> args = new ArrayList<>();
        args.add(operands.value(record.get("input")));
        args.addAll(operands.list(record.path("args")));
        // Where to split is read on the CPU.
        if (op.equals("tensor_split"))
            args.replaceAll(a -> a instanceof Tensor t && a != args.getFirst() ? t.cpu() : a);
        boolean numbers =
                wrap && json.path("method").asBoolean(false) && args.stream().allMatch(a -> a instanceof Number);
        if (numbers) args.set(0, asTensor((Number) args.getFirst()));
        return args;
    }

    /** Converts a number to a 0-d tensor, as PyTorch does with the first of several numbers. */
    private Tensor asTensor(@Nullable Number n) {
        if (n == null) n = 0.0;
        Dtype dtype = n instanceof Long ? Dtype.INT64 : n instanceof Complex ? Dtype.COMPLEX64 : Dtype.FLOAT32;
        return CreationOps.full(dtype, calls.device(), n);
    }

    private @Nullable String gradients(JsonNode s, @Nullable Object result, Operands operands) {
        Map.Entry<List<Tensor>, Tensor[]> start = outputs(s, result);
        List<String> keys = new ArrayList<>();
        List<Tensor> inputs = new ArrayList<>();
        for (Map.Entry<String, JsonNode> e : s.get("grads").properties()) {
            keys.add(e.getKey());
            inputs.add(operands.tensor(e.getKey()));
        }
        List<@Nullable Tensor> grads = Autograd.grad(start.getKey(), inputs)
                .gradOutputs(start.getValue())
                .allowUnused()
                .run();
        double own = deviation(s, "grad");
        for (int i = 0; i < keys.size(); i++) {
            String wrong = gradient(
                    s.get("grads").get(keys.get(i)), grads.get(i), t -> Tolerance.ofGradient(kind, t.dtype(), own));
            if (wrong != null) return "gradient of " + keys.get(i) + ": " + wrong;
        }
        return null;
    }

    private Map.Entry<List<Tensor>, Tensor[]> outputs(JsonNode s, @Nullable Object result) {
        List<@Nullable Tensor> all = Comparison.tensors(result);
        List<Tensor> outputs = new ArrayList<>();
        List<Tensor> cotangents = new ArrayList<>();
        JsonNode cot = s.get("cot");
        for (int i = 0; i < cot.size(); i++) {
            Tensor out = i < all.size() ? all.get(i) : null;
            if (cot.get(i).isNull() || out == null) continue;
            outputs.add(out);
            cotangents.add(data.get(cot.get(i).get("t").asString()).toTensor(calls.device()));
        }
        return Map.entry(outputs, cotangents.toArray(Tensor[]::new));
    }

    private @Nullable String gradient(
            JsonNode expected, @Nullable Tensor actual, java.util.function.Function<HostTensor, Tolerance> tolerance) {
        if (expected.isNull()) return actual == null ? null : "expected none";
        if (actual == null) return "none flows";
        return Comparison.tensors(data.get(expected.get("t").asString()), actual, tolerance);
    }

    private @Nullable String inPlace(JsonNode s) {
        Operands operands = new Operands(data, calls.device(), false);
        List<@Nullable Object> args = arguments(s, operands, true);
        if (!(args.getFirst() instanceof Tensor first)) return null;
        Tensor self = Calls.actsOnCopy(op) ? first.clone() : first;
        args.set(0, self);
        JsonNode expected = s.get("inplace");
        Object result;
        try {
            result = calls.inPlace(op, args, operands.map(s.path("kwargs")));
        } catch (CotangentException e) {
            if (!expected.isObject()) return "in place: raised " + Raised.kind(e) + ": " + e.getMessage();
            String wrong = Raised.compare(
                    e, expected.get("error").asString(), expected.get("message").asString());
            return wrong == null ? null : "in place: " + wrong;
        }
        if (expected.isObject())
            return "in place: nothing raised, expected "
                    + expected.get("message").asString();
        String effect = expected.asString();
        if (effect.equals("other")) return null;
        if ((result == self) == effect.equals("not-self"))
            return "in place: the result is " + (result == self ? "" : "not ") + "the tensor";
        if (effect.equals("not-self") || !s.get("out").has("t")) return null;
        HostTensor out = data.get(s.get("out").get("t").asString());
        if (effect.equals("same-cast"))
            out = HostTensor.of(out.toTensor(calls.device()).to(self.dtype()));
        double own = deviation(s, "out");
        String wrong = Comparison.tensors(out, self, t -> Tolerance.ofResult(kind, t.dtype(), own));
        return wrong == null ? null : "in place: " + wrong;
    }

    private @Nullable String error(JsonNode e) {
        Operands operands = new Operands(data, calls.device(), true);
        List<@Nullable Object> args = arguments(e, operands, false);
        String regex = Json.text(e, "error_regex");
        JsonNode actual = e.get("actual");
        String kind = actual.get("type").asString();
        String message = actual.get("message").asString();
        if (!Set.of("RuntimeError", "IndexError", "TypeError", "ValueError", "NotImplementedError")
                .contains(kind)) {
            throw new NotOffered("an error of Python itself: " + kind);
        }
        CotangentException raised = null;
        try {
            calls.call(op, variant, args, operands.map(e.path("kwargs")));
            // What a device's kernel complains of is raised when it is waited for.
            Backends.of(calls.device()).synchronize();
        } catch (CotangentException x) {
            raised = x;
        }
        if (raised == null) return "nothing raised, expected " + kind + ": " + message;
        // By then it is not known what raises another kind of error for a wrong index.
        boolean late = !calls.device().isCpu() && raised instanceof IndexException;
        if (Raised.says(raised, message) && (late || Raised.isKind(raised, List.of(kind)))) return null;
        boolean demanded = !regex.isEmpty() && Raised.matches(regex, Raised.message(raised));
        return demanded && Raised.isKind(raised, kinds(e.path("error_type")))
                ? null
                : Raised.compare(raised, kind, message);
    }

    private static List<String> kinds(JsonNode type) {
        return type.isArray() ? type.valueStream().map(JsonNode::asString).toList() : List.of(type.asString());
    }

    /** Records of double backward, float64. */
    void runDoubleBackward(Tally tally) {
        for (JsonNode s : json.path("samples")) tally.record(name, s.get("id").asString(), () -> doubleBackward(s));
    }

    private @Nullable String doubleBackward(JsonNode s) {
        Operands operands = new Operands(data, calls.device(), true);
        Object result = calls.call(op, variant, arguments(s, operands, true), operands.map(s.path("kwargs")));
        String wrong = Comparison.results(s.get("out"), result, data, t -> Tolerance.ofResult(kind, t.dtype(), 0));
        if (wrong != null) return wrong;

        Map.Entry<List<Tensor>, Tensor[]> start = outputs(s, result);
        List<String> cotKeys = new ArrayList<>();
        for (JsonNode c : s.get("cot")) if (!c.isNull()) cotKeys.add(c.get("t").asString());
        Arrays.stream(start.getValue()).forEach(c -> c.requiresGrad_(true));
        List<String> keys =
                s.get("grads").propertyStream().map(Map.Entry::getKey).toList();
        List<@Nullable Tensor> grads = Autograd.grad(
                        start.getKey(), keys.stream().map(operands::tensor).toList())
                .gradOutputs(start.getValue())
                .createGraph()
                .allowUnused()
                .run();
        for (int i = 0; i < keys.size(); i++) {
            wrong = gradient(
                    s.get("grads").get(keys.get(i)), grads.get(i), t -> Tolerance.ofGradient(kind, t.dtype(), 0));
            if (wrong != null) return "gradient of " + keys.get(i) + ": " + wrong;
        }
        return second(s, operands, keys, grads, cotKeys, start.getValue());
    }

    private @Nullable String second(
            JsonNode s,
            Operands operands,
            List<String> keys,
            List<@Nullable Tensor> grads,
            List<String> cotKeys,
            Tensor[] cotangents) {
        List<Tensor> outputs = new ArrayList<>();
        List<Tensor> weights = new ArrayList<>();
        for (Map.Entry<String, JsonNode> e : s.get("cot2").properties()) {
            int at = keys.indexOf(e.getKey());
            Tensor g = at < 0 ? null : grads.get(at);
            if (g == null || e.getValue().isNull() || !g.requiresGrad()) continue;
            outputs.add(g);
            weights.add(data.get(e.getValue().get("t").asString()).toTensor(calls.device()));
        }
        List<String> wanted =
                s.get("grads2").propertyStream().map(Map.Entry::getKey).toList();
        List<Tensor> inputs = new ArrayList<>();
        for (String key : wanted) {
            int cot = cotKeys.indexOf(key);
            inputs.add(cot < 0 ? operands.tensor(key) : cotangents[cot]);
        }
        List<@Nullable Tensor> grads2 = outputs.isEmpty()
                ? java.util.Collections.nCopies(inputs.size(), null)
                : Autograd.grad(outputs, inputs)
                        .gradOutputs(weights.toArray(Tensor[]::new))
                        .allowUnused()
                        .run();
        for (int i = 0; i < wanted.size(); i++) {
            String wrong = gradient(s.get("grads2").get(wanted.get(i)), grads2.get(i), t -> Tolerance.DOUBLE_BACKWARD);
            if (wrong != null) return "second gradient of " + wanted.get(i) + ": " + wrong;
        }
        return null;
    }
}
