package dev.cotangent.tests.golden;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.nn.Module;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Modules: text, names, state, forward, gradients, and the buffers afterwards. All of float64. */
final class ModuleRecords {
    private static final Tolerance VALUES = new Tolerance(1e-9, 1e-10, 0);
    private static final Tolerance GRADIENTS = new Tolerance(1e-8, 1e-9, 0);

    private final JsonNode json;
    private final Safetensors data;
    private final Calls calls;

    ModuleRecords(Path folder, String name, Calls calls) throws IOException {
        this.json = Json.read(folder.resolve(name + ".json"));
        this.data = Safetensors.read(folder.resolve(name + ".safetensors"));
        this.calls = calls;
    }

    /** Runs all. */
    void run(Tally tally) {
        for (JsonNode r : json) tally.record(null, Json.text(r, "id"), () -> check(r));
    }

    private @Nullable String check(JsonNode r) {
        Operands operands = new Operands(data, calls.device(), true);
        JsonNode constructor = r.get("constructor");
        Module module = ModuleFactory.make(
                Json.text(r, "module"),
                operands.list(constructor.get("args")),
                operands.map(constructor.get("kwargs")));
        module.to(Dtype.FLOAT64).to(calls.device());
        String text = Json.text(r, "repr");
        if (!module.toString().equals(text)) return "repr: expected " + text + ", got " + module;
        Map<String, Tensor> parameters = module.namedParameters();
        List<String> names =
                r.get("parameters").valueStream().map(JsonNode::asString).toList();
        if (!names.equals(List.copyOf(parameters.keySet()))) {
            return "parameters: expected " + names + ", got " + parameters.keySet();
        }
        List<String> keys = List.copyOf(r.get("state").propertyNames());
        if (!keys.equals(List.copyOf(module.stateDict().keySet()))) {
            return "state: expected " + keys + ", got " + module.stateDict().keySet();
        }
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (String key : keys) state.put(key, tensor(r.get("state").get(key)));
        module.loadStateDict(state);
        module.train(r.get("training").asBoolean());
        JsonNode forward = r.get("forward");
        Object result =
                ModuleFactory.forward(module, operands.list(forward.get("args")), operands.map(forward.get("kwargs")));
        String wrong = Comparison.results(r.get("out"), result, data, _ -> VALUES);
        if (wrong == null) wrong = gradients(r, operands, parameters, result);
        return wrong == null ? buffers(r, module) : wrong;
    }

    private Tensor tensor(JsonNode n) {
        return data.get(n.get("t").asString()).toTensor(calls.device());
    }

    private @Nullable String gradients(JsonNode r, Operands operands, Map<String, Tensor> parameters, Object result) {
        List<@Nullable Tensor> all = Comparison.tensors(result);
        List<Tensor> outputs = new ArrayList<>();
        List<Tensor> cotangents = new ArrayList<>();
        for (int i = 0; i < r.path("cot").size(); i++) {
            Tensor out = all.get(i);
            if (out == null || r.get("cot").get(i).isNull()) continue;
            outputs.add(out);
            cotangents.add(tensor(r.get("cot").get(i)));
        }
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        Map<String, JsonNode> expected = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> e : r.path("grads").properties()) {
            inputs.put(e.getKey(), operands.tensor(e.getKey()));
            expected.put(e.getKey(), e.getValue());
        }
        for (Map.Entry<String, JsonNode> e : r.path("parameter_grads").properties()) {
            inputs.put(e.getKey(), java.util.Objects.requireNonNull(parameters.get(e.getKey())));
            expected.put(e.getKey(), e.getValue());
        }
        if (outputs.isEmpty() || inputs.isEmpty()) return null;
        List<@Nullable Tensor> grads = Autograd.grad(outputs, List.copyOf(inputs.values()))
                .gradOutputs(cotangents.toArray(Tensor[]::new))
                .allowUnused()
                .run();
        int i = 0;
        for (Map.Entry<String, JsonNode> e : expected.entrySet()) {
            Tensor g = grads.get(i++);
            if (e.getValue().isNull() || g == null) {
                if (e.getValue().isNull() && g == null) continue;
                return "gradient of " + e.getKey() + ": " + (g == null ? "none flows" : "expected none");
            }
            String wrong = Comparison.tensors(data.get(e.getValue().get("t").asString()), g, _ -> GRADIENTS);
            if (wrong != null) return "gradient of " + e.getKey() + ": " + wrong;
        }
        return null;
    }

    private @Nullable String buffers(JsonNode r, Module module) {
        for (Map.Entry<String, JsonNode> e : r.path("buffers_after").properties()) {
            Tensor now = module.getBuffer(e.getKey());
            String wrong = Comparison.tensors(data.get(e.getValue().get("t").asString()), now, _ -> VALUES);
            if (wrong != null) return "buffer " + e.getKey() + " afterwards: " + wrong;
        }
        return null;
    }
}
