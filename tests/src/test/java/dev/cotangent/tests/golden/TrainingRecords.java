package dev.cotangent.tests.golden;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Training runs of one model: the loss of each step, gradients and parameters. */
final class TrainingRecords {
    private final String name;
    private final JsonNode json;
    private final Safetensors data;
    private final Calls calls;

    TrainingRecords(Path folder, String name, Calls calls) throws IOException {
        this.name = name;
        this.json = Json.read(folder.resolve(name + ".json"));
        this.data = Safetensors.read(folder.resolve(name + ".safetensors"));
        this.calls = calls;
    }

    /** Trains each run in each dtype. */
    void run(Tally tally) {
        for (JsonNode dtype : json.path("dtypes")) {
            for (Map.Entry<String, JsonNode> run : json.path("runs").properties()) {
                String id = name + "." + run.getKey() + "." + dtype.asString();
                tally.record(null, id, () -> train(run.getKey(), run.getValue(), dtype.asString()));
            }
        }
    }

    private @Nullable String train(String runName, JsonNode run, String dtype) {
        String prefix = dtype + "/" + runName + "/";
        Map<String, Object> variables = constants(dtype);
        Map<String, Tensor> parameters = new LinkedHashMap<>();
        Map<String, Optimizers> optimizers = new HashMap<>();
        for (JsonNode n : run.path("buffers")) variables.put(n.asString(), start(prefix, n.asString()));
        for (JsonNode n : run.get("params")) {
            parameters.put(n.asString(), start(prefix, n.asString()).requiresGrad_(true));
            optimizers.put(n.asString(), new Optimizers(calls, run.get("optimizer")));
        }
        List<Double> losses = new ArrayList<>();
        for (int step = 0; step < run.get("steps").asInt(); step++) {
            variables.putAll(parameters);
            List<Tensor> grads = gradients(variables, parameters, losses);
            int i = 0;
            for (Map.Entry<String, Tensor> p : parameters.entrySet()) {
                Tensor g = grads.get(i++);
                String wrong = step == 0 ? compare(run, prefix + "grad0/", p.getKey(), g) : null;
                if (wrong != null) return wrong;
                Tensor before = p.getValue().detach();
                p.setValue(Autograd.noGrad(() -> optimizers.get(p.getKey()).step(before, g))
                        .requiresGrad_(true));
                wrong = step == 0 ? compare(run, prefix + "step1/", p.getKey(), p.getValue()) : null;
                if (wrong != null) return wrong;
            }
        }
        String wrong = losses(run, prefix, losses);
        for (Map.Entry<String, Tensor> p : parameters.entrySet()) {
            if (wrong == null) wrong = compare(run, prefix + "final/", p.getKey(), p.getValue());
        }
        for (JsonNode n : run.path("buffers")) {
            if (wrong == null)
                wrong = compare(run, prefix + "final/", n.asString(), (Tensor) variables.get(n.asString()));
        }
        return wrong;
    }

    private List<Tensor> gradients(Map<String, Object> variables, Map<String, Tensor> parameters, List<Double> losses) {
        Formula.run(Json.text(json, "forward"), calls, variables);
        if (!(variables.get("loss") instanceof Tensor loss)) throw new NotOffered("the text names no loss");
        losses.add(loss.itemDouble());
        List<Tensor> grads = new ArrayList<>();
        for (Tensor g :
                Autograd.grad(List.of(loss), List.copyOf(parameters.values())).run()) {
            if (g == null) throw new IllegalStateException("no gradient flows to a parameter");
            grads.add(g);
        }
        return grads;
    }

    private Map<String, Object> constants(String dtype) {
        Map<String, Object> out = new HashMap<>();
        for (String key : data.keys()) {
            for (String prefix : List.of("data/", dtype + "/data/")) {
                if (key.startsWith(prefix))
                    out.put(key.substring(prefix.length()), data.get(key).toTensor(calls.device()));
            }
        }
        return out;
    }

    private Tensor start(String prefix, String tensor) {
        return data.get(prefix + "init/" + tensor).toTensor(calls.device());
    }

    private @Nullable String compare(JsonNode run, String prefix, String tensor, Tensor actual) {
        if (!data.keys().contains(prefix + tensor)) return null;
        double gap = run.path("final_gap_f32_f64_per_tensor").path(tensor).asDouble(0);
        String wrong = Comparison.tensors(data.get(prefix + tensor), actual, t -> tolerance(t.dtype(), gap));
        return wrong == null ? null : prefix + tensor + ": " + wrong;
    }

    private @Nullable String losses(JsonNode run, String prefix, List<Double> losses) {
        HostTensor expected = data.get(prefix + "loss");
        if (expected.numel() != losses.size()) return "expected " + expected.numel() + " losses, got " + losses.size();
        for (int i = 0; i < losses.size(); i++) {
            double gap = run.path("loss_gap_f32_f64_per_step")
                    .path(i)
                    .asDouble(run.path("max_abs_loss_gap_f32_f64").asDouble(0));
            if (!tolerance(expected.dtype(), gap).accepts(losses.get(i), expected.getDouble(i))) {
                return "loss " + i + ": expected " + expected.getDouble(i) + ", got " + losses.get(i);
            }
        }
        return null;
    }

    private static Tolerance tolerance(Dtype dtype, double gap) {
        return dtype == Dtype.FLOAT64 ? new Tolerance(1e-8, 1e-9, 0) : new Tolerance(0, Math.max(1e-5, 20 * gap), 0);
    }
}
