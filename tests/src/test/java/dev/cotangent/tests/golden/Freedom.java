package dev.cotangent.tests.golden;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Results that are not unique: factors up to signs, and the order of equal elements. */
final class Freedom {
    private static final Set<String> FACTORS =
            Set.of("svd", "linalg.svd", "qr", "linalg.qr", "linalg.eigh", "linalg.eig");

    private static final Set<String> PLACES = Set.of(
            "argmax", "argmin", "argsort", "kthvalue", "max", "median", "min", "mode", "nanmedian", "sort", "topk");

    private Freedom() {}

    /** Returns whether an operation's factors are unique only up to signs. */
    static boolean ofFactors(String op) {
        return FACTORS.contains(op);
    }

    /** Factors against recorded ones by their shapes, the values among them, and their product. */
    static @Nullable String compareFactors(
            String op, JsonNode expected, @Nullable Object actual, Safetensors data, Calls calls) {
        List<@Nullable Tensor> got = Comparison.tensors(actual);
        List<Tensor> wanted = expected.get("tuple")
                .valueStream()
                .map(n -> data.get(n.get("t").asString()).toTensor(calls.device()))
                .toList();
        if (got.size() != wanted.size()) return "expected " + wanted.size() + " factors, got " + got.size();
        for (int i = 0; i < wanted.size(); i++) {
            Tensor g = got.get(i);
            if (g == null
                    || !g.shape().equals(wanted.get(i).shape())
                    || g.dtype() != wanted.get(i).dtype()) {
                return "factor " + i + ": expected " + Arg.kind(wanted.get(i)) + ", got " + Arg.kind(g);
            }
        }
        return Comparison.tensors(
                HostTensor.of(product(op, wanted, calls)),
                product(
                        op,
                        got.stream()
                                .map(t -> java.util.Objects.requireNonNull(t).detach())
                                .toList(),
                        calls),
                t -> Tolerance.ofResult(Tolerance.Kind.LINALG, t.dtype(), 0));
    }

    private static Tensor product(String op, List<Tensor> f, Calls calls) {
        if (op.endsWith("qr")) return calls.tensor("matmul", f.get(0), f.get(1));
        if (op.endsWith("eig")) {
            Tensor scaled = calls.tensor("mul", f.get(1), calls.tensor("unsqueeze", f.get(0), -2L));
            return calls.tensor("matmul", scaled, calls.tensor("linalg.inv", f.get(1)));
        }
        boolean eigen = op.endsWith("eigh");
        Tensor values = eigen ? f.get(0) : f.get(1);
        Tensor left = eigen ? f.get(1) : f.get(0);
        Tensor right = eigen || op.equals("svd") ? calls.tensor("mH", eigen ? left : f.get(2)) : f.get(2);
        long rank = values.size(-1);
        Tensor scaled = calls.tensor(
                "mul", calls.tensor("narrow", left, -1L, 0L, rank), calls.tensor("unsqueeze", values, -2L));
        return calls.tensor("matmul", scaled, calls.tensor("narrow", right, -2L, 0L, rank));
    }

    /** Returns whether a result differs from its record only in which of several equal elements it names. */
    static boolean tied(
            String op, JsonNode s, @Nullable Object result, Operands operands, Safetensors data, Calls calls) {
        if (!PLACES.contains(op) || !(operands.value(s.get("input")) instanceof Tensor input)) return false;
        List<@Nullable Tensor> got = Comparison.tensors(result);
        JsonNode out = s.get("out");
        List<JsonNode> wanted =
                out.has("tuple") ? out.get("tuple").valueStream().toList() : List.of(out);
        Map<String, @Nullable Object> kwargs = operands.map(s.path("kwargs"));
        if (got.size() != wanted.size() || Boolean.TRUE.equals(kwargs.get("stable"))) return false;
        Tensor x = input.detach();
        for (int i = 0; i < got.size(); i++) {
            Tensor g = got.get(i);
            if (g == null) return false;
            HostTensor expected = data.get(wanted.get(i).get("t").asString());
            boolean places = i == got.size() - 1;
            Tensor e = expected.toTensor(calls.device());
            try {
                Tensor a = places ? at(x, g, s, kwargs, calls) : g.detach();
                HostTensor b = places ? HostTensor.of(at(x, e, s, kwargs, calls)) : expected;
                if (Comparison.tensors(b, a, t -> Tolerance.EXACT) != null) return false;
            } catch (CotangentException notComparable) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns whether PyTorch's half-precision result is all NaN because of an overflow midway, and ours is float64's,
     * rounded.
     */
    static boolean overflowed(
            String op, JsonNode s, @Nullable Object result, Operands operands, Safetensors data, Calls calls) {
        if (!(result instanceof Tensor got)
                || got.dtype().bytes() != 2
                || !s.get("out").has("t")) return false;
        HostTensor recorded = data.get(s.get("out").get("t").asString());
        for (int i = 0; i < recorded.numel(); i++) if (!Double.isNaN(recorded.getDouble(i))) return false;
        if (!(operands.value(s.get("input")) instanceof Tensor input)
                || !s.path("args").isEmpty()) return false;
        Tensor wide = calls.tensor(op, input.detach().to(Dtype.FLOAT64));
        return Comparison.tensors(
                        HostTensor.of(wide.to(got.dtype())),
                        got.detach(),
                        t -> Tolerance.ofResult(Tolerance.Kind.LINALG, t.dtype(), 0))
                == null;
    }

    /** Gathers the elements at indices along the operation's dimension. */
    private static Tensor at(Tensor x, Tensor places, JsonNode s, Map<String, @Nullable Object> kwargs, Calls calls) {
        String op = s.get("id").asString();
        int position = op.startsWith("topk") || op.startsWith("kthvalue") ? 1 : 0;
        JsonNode positional = s.path("args").path(position);
        Object dim = kwargs.getOrDefault("dim", positional.isIntegralNumber() ? (Object) positional.asLong() : null);
        if (dim == null && op.startsWith("arg") && !op.startsWith("argsort")) {
            return calls.tensor("gather", calls.tensor("flatten", x), 0L, calls.tensor("flatten", places));
        }
        long d = dim == null ? -1 : (Long) dim;
        Tensor index = places.dim() < x.dim() ? calls.tensor("unsqueeze", places, d) : places;
        return calls.tensor("gather", x, d, index);
    }
}
