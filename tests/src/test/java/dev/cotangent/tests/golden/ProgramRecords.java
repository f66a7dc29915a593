package dev.cotangent.tests.golden;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.GradRequest;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Small programs over views, writes in place and backward passes: the state they leave, or the error they end with. */
final class ProgramRecords {
    private static final Tolerance TOLERANCE = new Tolerance(1e-9, 1e-10, 0);
    private static final Set<String> OF_SIZES = Set.of("view", "reshape", "expand");

    private final Calls calls;

    ProgramRecords(Calls calls) {
        this.calls = calls;
    }

    /** Runs a program. */
    @Nullable
    String run(JsonNode program) {
        Map<String, Tensor> variables = new HashMap<>();
        JsonNode error = program.get("error");
        JsonNode steps = program.get("steps");
        for (int i = 0; i < steps.size(); i++) {
            CotangentException raised = null;
            try {
                step(steps.get(i), variables);
            } catch (CotangentException e) {
                raised = e;
            }
            boolean expected = !error.isNull() && error.get("step").asInt() == i;
            if (expected) {
                String wrong = Raised.compare(
                        raised,
                        error.get("type").asString(),
                        error.get("message").asString());
                if (wrong != null) return "step " + i + ": " + wrong;
            } else if (raised != null) {
                return "step " + i + " (" + steps.get(i).path("s").asString() + " " + Json.text(steps.get(i), "f")
                        + ") raised " + raised.getMessage();
            }
        }
        for (Map.Entry<String, JsonNode> e : program.get("state").properties()) {
            Tensor t = variables.get(e.getKey());
            String wrong = t == null ? "not there" : state(e.getValue(), t);
            if (wrong != null) return e.getKey() + ": " + wrong;
        }
        return null;
    }

    private void step(JsonNode s, Map<String, Tensor> variables) {
        boolean quiet = s.path("no_grad").asBoolean(false);
        try (var _ = Autograd.setGradEnabled(!quiet)) {
            perform(s, variables);
        }
    }

    private void perform(JsonNode s, Map<String, Tensor> variables) {
        List<Tensor> a = new ArrayList<>();
        for (JsonNode name : s.path("a")) a.add(variable(variables, name));
        switch (s.get("s").asString()) {
            case "leaf" ->
                put(variables, s, tensor(s).requiresGrad_(s.get("requires_grad").asBoolean()));
            case "op" -> operation(s, a, variables);
            case "inplace" -> inPlace(Json.text(s, "f"), a, numbers(s));
            case "setitem" ->
                calls.setItem(
                        a.get(0),
                        index(s.get("index")),
                        a.size() > 1 ? a.get(1) : number(s.get("n").get(0)));
            case "split" -> split(s, a.get(0), variables);
            case "detach" -> put(variables, s, a.get(0).detach());
            case "data" -> put(variables, s, a.get(0).data());
            case "detach_" -> a.get(0).detach_();
            case "requires_grad_" -> a.get(0).requiresGrad_(s.get("value").asBoolean());
            case "retain_grad" -> a.get(0).retainGrad();
            case "zero_grad" -> {
                Tensor g = a.get(0).grad();
                if (g != null) g.zero_();
            }
            case "none_grad" -> a.get(0).setGrad(null);
            case "backward" ->
                a.get(0)
                        .backward(
                                gradient(s),
                                Autograd.options()
                                        .retainGraph(s.path("retain_graph").asBoolean(false)));
            case "grad" -> grad(s, a.get(0), variables);
            default -> throw new NotOffered("no step " + s.get("s").asString());
        }
    }

    private static Tensor variable(Map<String, Tensor> variables, JsonNode name) {
        Tensor t = variables.get(name.asString());
        if (t == null) throw new IllegalStateException("no variable " + name.asString());
        return t;
    }

    private static void put(Map<String, Tensor> variables, JsonNode s, Tensor value) {
        variables.put(s.get("out").asString(), value);
    }

    private Tensor tensor(JsonNode t) {
        return HostTensor.of(Dtype.FLOAT64, Json.longs(t.get("shape")), Json.doubles(t.get("data")))
                .toTensor(calls.device());
    }

    /** Computes the gradient. PyTorch's was made by reshaping a row of numbers: it is a view. */
    private @Nullable Tensor gradient(JsonNode s) {
        JsonNode g = s.path("gradient");
        if (!g.isObject()) return null;
        double[] values = Json.doubles(g.get("data"));
        return HostTensor.of(Dtype.FLOAT64, new long[] {values.length}, values)
                .toTensor(calls.device())
                .view(Json.longs(g.get("shape")));
    }

    private static Number number(JsonNode n) {
        return n.isIntegralNumber() ? (Number) n.asLong() : (Number) n.asDouble();
    }

    private static List<Object> numbers(JsonNode s) {
        List<Object> out = new ArrayList<>();
        for (JsonNode n : s.path("n")) out.add(number(n));
        return out;
    }

    private static Arg.Tuple index(JsonNode parts) {
        List<@Nullable Object> out = new ArrayList<>();
        for (JsonNode p : parts) {
            JsonNode slice = p.path("slice");
            out.add(
                    slice.isArray()
                            ? new Arg.Slice(bound(slice.get(0)), bound(slice.get(1)), bound(slice.path(2)))
                            : (Object) p.asLong());
        }
        return new Arg.Tuple(out);
    }

    private static @Nullable Long bound(JsonNode n) {
        return n.isIntegralNumber() ? n.asLong() : null;
    }

    private void operation(JsonNode s, List<Tensor> a, Map<String, Tensor> variables) {
        Object result = compute(Json.text(s, "f"), a, numbers(s));
        Tensor out = Comparison.tensors(result).getFirst();
        if (out == null) throw new IllegalStateException(Json.text(s, "f") + " returns no tensor");
        if (s.has("same_as") && out != variable(variables, s.get("same_as"))) {
            throw new IllegalStateException(Json.text(s, "f") + " returns another tensor than "
                    + s.get("same_as").asString());
        }
        put(variables, s, out);
    }

    private @Nullable Object compute(String f, List<Tensor> a, List<Object> n) {
        List<@Nullable Object> args = new ArrayList<>(a);
        return switch (f) {
            case "sum_keepdim" -> calls.call("sum", List.of(a.get(0), n.get(0)), Map.of("keepdim", true));
            case "sum_dim", "mean_dim" -> calls.torch(f.substring(0, f.length() - 4), a.get(0), n.get(0));
            case "max_dim_values" -> calls.torch("max", a.get(0), n.get(0));
            case "softmax" -> calls.torch(f, a.get(0), -1L);
            case "cumsum" -> calls.torch(f, a.get(0), 0L);
            case "cat", "stack" -> calls.torch(f, a, 0L);
            case "rsub_scalar" -> calls.torch("__rsub__", a.get(0), n.get(0));
            default -> {
                if (OF_SIZES.contains(f)) args.add(new Arg.Tuple(new ArrayList<>(n)));
                else args.addAll(n);
                yield calls.torch(f.endsWith("_scalar") ? f.substring(0, f.length() - 7) : f, args.toArray());
            }
        };
    }

    private void inPlace(String f, List<Tensor> a, List<Object> n) {
        List<Object> args = new ArrayList<>(a);
        args.addAll(n);
        String op = f.endsWith("_scalar_") ? f.substring(0, f.length() - 8) : f.substring(0, f.length() - 1);
        calls.inPlace(op, args, Map.of());
    }

    private void split(JsonNode s, Tensor t, Map<String, Tensor> variables) {
        Object result =
                Json.text(s, "f").equals("split") ? calls.torch("split", t, 1L, 0L) : calls.torch("unbind", t, 0L);
        List<@Nullable Tensor> parts = Comparison.tensors(result);
        for (int i = 0; i < s.get("outs").size(); i++) {
            Tensor part = parts.get(i);
            if (part != null) variables.put(s.get("outs").get(i).asString(), part);
        }
    }

    private void grad(JsonNode s, Tensor output, Map<String, Tensor> variables) {
        List<Tensor> inputs = new ArrayList<>();
        for (JsonNode name : s.get("inputs")) inputs.add(variable(variables, name));
        GradRequest call = Autograd.grad(List.of(output), inputs);
        Tensor gradient = gradient(s);
        if (gradient != null) call.gradOutputs(gradient);
        if (s.path("create_graph").asBoolean(false)) call.createGraph();
        if (s.path("retain_graph").isBoolean())
            call.retainGraph(s.get("retain_graph").asBoolean());
        if (s.path("allow_unused").asBoolean(false)) call.allowUnused();
        List<@Nullable Tensor> grads = call.run();
        JsonNode outs = s.path("outs");
        for (int i = 0; i < outs.size(); i++) {
            Tensor g = grads.get(i);
            if (outs.get(i).isNull() != (g == null)) {
                throw new IllegalStateException("gradient " + i + " is " + Arg.kind(g) + ", expected " + outs.get(i));
            }
            if (g != null) variables.put(outs.get(i).asString(), g);
        }
    }

    private @Nullable String state(JsonNode s, Tensor t) {
        HostTensor expected = HostTensor.of(Dtype.FLOAT64, Json.longs(s.get("shape")), Json.doubles(s.get("data")));
        String wrong = Comparison.tensors(expected, t, x -> TOLERANCE);
        if (wrong != null) return wrong;
        if (t.requiresGrad() != s.get("requires_grad").asBoolean()) return "requires_grad is " + t.requiresGrad();
        if (t.isLeaf() != s.get("is_leaf").asBoolean()) return "is_leaf is " + t.isLeaf();
        int version = Internals.version(t).current();
        if (version != s.get("version").asInt())
            return "version " + version + ", expected " + s.get("version").asInt();
        if (!s.has("grad")) return null;
        Tensor grad = t.grad();
        if (s.get("grad").isNull()) return grad == null ? null : "grad is not None";
        if (grad == null) return "grad is None";
        HostTensor g = HostTensor.of(Dtype.FLOAT64, expected.shape(), Json.doubles(s.get("grad")));
        wrong = Comparison.tensors(g, grad, x -> TOLERANCE);
        return wrong == null ? null : "grad: " + wrong;
    }
}
