package dev.cotangent.tests.golden;

import static dev.cotangent.Tensors.*;

import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.nn.Bilinear;
import dev.cotangent.nn.Conv2d;
import dev.cotangent.nn.Embedding;
import dev.cotangent.nn.Init;
import dev.cotangent.nn.LSTM;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.MultiheadAttention;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What PyTorch's CPU generator draws after {@code manual_seed}, of calls in PyTorch's words. */
final class RandomRecords {
    private static final Tolerance SINGLE = new Tolerance(1e-6, 0, 0);
    private static final Tolerance DOUBLE = new Tolerance(1e-13, 0, 0);
    private static final Tolerance SUM = new Tolerance(1e-5, 1e-4, 0);

    private final Path file;
    private final Calls calls;

    RandomRecords(Path file, Calls calls) {
        this.file = file;
        this.calls = calls;
    }

    /** Runs all. */
    void run(Tally tally) throws IOException {
        for (JsonNode r : Json.lines(file)) {
            tally.record(null, Json.text(r, "id"), () -> {
                try (var _ = Generator.pytorch(r.get("seed").asLong()).use()) {
                    return draw(r);
                }
            });
        }
    }

    private @Nullable String draw(JsonNode r) {
        String call = Json.text(r, "call");
        List<Tensor> results = results(call);
        JsonNode expected = r.get("results");
        if (expected.size() != results.size()) {
            return "expected " + expected.size() + " results, got " + results.size();
        }
        for (int i = 0; i < results.size(); i++) {
            Tensor result = results.get(i).detach();
            String wrong = call.contains("orthogonal_") ? orthogonal(result) : compare(expected.get(i), result, call);
            if (wrong != null) return "result " + i + ": " + wrong;
        }
        return null;
    }

    private static @Nullable String orthogonal(Tensor t) {
        double off = t.matmul(t.t()).sub(eye(t.size(0))).abs().max().itemDouble();
        return off < 1e-5 ? null : "the rows are not orthonormal, by " + off;
    }

    private static @Nullable String compare(JsonNode expected, Tensor actual, String call) {
        if (!actual.dtype().torchName().endsWith(Json.text(expected, "dtype"))) return "dtype " + actual.dtype();
        if (!Arrays.equals(Json.longs(expected.get("shape")), actual.shape().toArray())) {
            return "shape " + actual.shape();
        }
        boolean normal = call.contains("randn") || call.contains("normal_") || call.contains("exponential_");
        // Parameters that are drawn evenly are exact, those of embeddings are normal numbers.
        boolean approximate = normal || call.contains("Embedding") || call.contains("MultiheadAttention");
        Tolerance t = !approximate ? Tolerance.EXACT : actual.dtype() == Dtype.FLOAT64 ? DOUBLE : SINGLE;
        double[] values = actual.to(Dtype.FLOAT64).flatten().toDoubleArray();
        if (expected.has("data")) return compare(Json.doubles(expected.get("data")), values, 0, t);
        double[] first = Json.doubles(expected.get("first"));
        double[] last = Json.doubles(expected.get("last"));
        String wrong = compare(first, values, 0, t);
        if (wrong == null) wrong = compare(last, values, values.length - last.length, t);
        if (wrong != null) return wrong;
        double sum = Arrays.stream(values).sum();
        return SUM.accepts(sum, expected.get("sum").asDouble()) ? null : "sum " + sum;
    }

    private static @Nullable String compare(double[] expected, double[] actual, int from, Tolerance t) {
        for (int i = 0; i < expected.length; i++) {
            if (!t.accepts(actual[from + i], expected[i])) {
                return "element " + (from + i) + ": expected " + expected[i] + ", got " + actual[from + i];
            }
        }
        return null;
    }

    private List<Tensor> results(String call) {
        if (call.contains("; ")) {
            List<Tensor> all = new ArrayList<>();
            for (String one : call.split("; ")) all.addAll(results(one));
            return all;
        }
        return switch (call) {
            case "nn.functional.dropout(ones(40), 0.4)" -> List.of(on(ones(40)).dropout(0.4));
            case "bernoulli(full((40,), 0.3))" ->
                List.of(on(full(shape(40), 0.3f, Dtype.FLOAT32)).bernoulli());
            case "multinomial(arange(1., 9.), 4)" ->
                List.of(on(arange(1.0, 9.0)).multinomial(4, false));
            case "multinomial(tensor([.1, .2, .3, .4]), 20, replacement)" ->
                List.of(on(tensor(new float[] {0.1f, 0.2f, 0.3f, 0.4f})).multinomial(20, true));
            case "indices of random_split(range(10), [7, 3])" -> {
                Tensor order = randperm(10);
                yield List.of(order.narrow(0, 0, 7), order.narrow(0, 7, 3));
            }
            default -> call.startsWith("parameters of nn.") ? parameters(call) : List.of(one(call));
        };
    }

    private static List<Tensor> parameters(String call) {
        String name = call.substring("parameters of nn.".length(), call.indexOf('('));
        double[] n = numbers(call.substring(call.indexOf('(')));
        Module module = switch (name) {
            case "Linear" -> new Linear((int) n[0], (int) n[1]);
            case "Bilinear" -> new Bilinear((int) n[0], (int) n[1], (int) n[2]);
            case "Embedding" -> new Embedding((int) n[0], (int) n[1]);
            case "Conv2d" -> new Conv2d((int) n[0], (int) n[1], (int) n[2]);
            case "LSTM" -> new LSTM((int) n[0], (int) n[1], LSTM.options().numLayers((int) n[2]));
            case "MultiheadAttention" -> new MultiheadAttention((int) n[0], (int) n[1]);
            default -> throw new NotOffered("no module " + name);
        };
        return module.parameters();
    }

    private Tensor init(String name) {
        Tensor t = empty(Dtype.FLOAT32.device(calls.device()), 4, 6);
        return switch (name) {
            case "xavier_uniform_" -> Init.xavierUniform_(t);
            case "xavier_normal_" -> Init.xavierNormal_(t);
            case "kaiming_uniform_" -> Init.kaimingUniform_(t);
            case "kaiming_normal_" -> Init.kaimingNormal_(t);
            case "trunc_normal_" -> Init.truncNormal_(t);
            case "orthogonal_" -> Init.orthogonal_(t);
            default -> throw new NotOffered("no initialisation " + name);
        };
    }

    private Tensor on(Tensor t) {
        return t.to(calls.device());
    }

    private Tensor one(String call) {
        if (call.startsWith("nn.init")) return init(call.substring(8, call.indexOf('(')));
        String name = call.substring(0, call.indexOf('('));
        if (name.equals("empty")) return inPlace(call);
        double[] numbers = numbers(call.substring(call.indexOf('(')));
        Dtype dtype = call.contains("float64") ? Dtype.FLOAT64 : Dtype.FLOAT32;
        return switch (name) {
            case "rand" -> rand(sizes(numbers), dtype.device(calls.device()));
            case "randn" -> randn(sizes(numbers), dtype.device(calls.device()));
            case "randint" ->
                randint(
                        (long) numbers[0],
                        (long) numbers[1],
                        shape((long) numbers[2]),
                        options().device(calls.device()));
            case "randperm" -> randperm((long) numbers[0], options().device(calls.device()));
            default -> throw new NotOffered(call);
        };
    }

    private Tensor inPlace(String call) {
        String[] parts = call.split("\\)\\.");
        double[] n = numbers(parts[1]);
        Dtype dtype = parts[0].contains("int64") ? Dtype.INT64 : Dtype.FLOAT32;
        Tensor t = empty(sizes(numbers(parts[0])), dtype.device(calls.device()));
        return switch (parts[1].substring(0, parts[1].indexOf('('))) {
            case "uniform_" -> t.uniform_(n[0], n[1]);
            case "normal_" -> t.normal_(n[0], n[1]);
            case "exponential_" -> t.exponential_(n[0]);
            case "bernoulli_" -> t.bernoulli_(n[0]);
            case "random_" -> t.random_();
            default -> throw new NotOffered(call);
        };
    }

    private static Shape sizes(double[] numbers) {
        return shape(Arrays.stream(numbers).mapToLong(n -> (long) n).toArray());
    }

    private static double[] numbers(String text) {
        return java.util.regex.Pattern.compile("(?<![\\w.])-?\\d+(\\.\\d+)?")
                .matcher(text)
                .results()
                .mapToDouble(m -> Double.parseDouble(m.group()))
                .toArray();
    }
}
