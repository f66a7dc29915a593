package dev.cotangent.tests.golden;

import dev.cotangent.Tensor;
import dev.cotangent.optim.*;
import dev.cotangent.optim.ASGD;
import dev.cotangent.optim.Adadelta;
import dev.cotangent.optim.Adafactor;
import dev.cotangent.optim.Adagrad;
import dev.cotangent.optim.Adam;
import dev.cotangent.optim.AdamW;
import dev.cotangent.optim.Adamax;
import dev.cotangent.optim.LBFGS;
import dev.cotangent.optim.Muon;
import dev.cotangent.optim.NAdam;
import dev.cotangent.optim.Optimizer;
import dev.cotangent.optim.RAdam;
import dev.cotangent.optim.RMSprop;
import dev.cotangent.optim.Rprop;
import dev.cotangent.optim.SGD;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Optimisers over twelve steps: the losses, and the parameters after some of the steps. */
final class OptimizerRecords {
    private static final Tolerance VALUES = new Tolerance(1e-9, 1e-10, 0);
    private static final int GAP = 5;

    private final JsonNode json;
    private final Safetensors data;
    private final Calls calls;

    OptimizerRecords(Path folder, Calls calls) throws IOException {
        this.json = Json.read(folder.resolve("optimizers.json"));
        this.data = Safetensors.read(folder.resolve("optimizers.safetensors"));
        this.calls = calls;
    }

    /** Runs all. */
    void run(Tally tally) {
        for (JsonNode r : json) tally.record(null, Json.text(r, "id"), () -> train(r));
    }

    private @Nullable String train(JsonNode r) {
        String id = Json.text(r, "id");
        List<Tensor> params = new ArrayList<>();
        for (int j = 0; j < r.get("shapes").size(); j++) {
            params.add(data.get(id + ".init." + j).toTensor(calls.device()).requiresGrad_(true));
        }
        String name = Json.text(r, "optimizer");
        Optimizer optimizer = make(name, params, new Operands(data, calls.device(), false).map(r.get("options")));
        boolean closure = name.equals("LBFGS");
        for (int step = 0; step < r.get("steps").asInt(); step++) {
            int now = step;
            Supplier<Tensor> loss = () -> {
                optimizer.zeroGrad();
                Tensor sum = closure ? quartic(params) : waves(params);
                sum.backward();
                if (!closure) leaveOut(params, now);
                return sum;
            };
            double value;
            if (closure) {
                Tensor first = optimizer.step(loss);
                value = first == null ? Double.NaN : first.itemDouble();
            } else {
                value = loss.get().itemDouble();
                optimizer.step();
            }
            double expected = r.get("losses").get(step).asDouble();
            if (!VALUES.accepts(value, expected)) {
                return "loss of step " + step + ": expected " + expected + ", got " + value;
            }
            for (int j = 0; j < params.size(); j++) {
                String key = id + ".step" + (step + 1) + "." + j;
                if (!data.keys().contains(key)) continue;
                String wrong = Comparison.tensors(data.get(key), params.get(j).detach(), _ -> VALUES);
                if (wrong != null) return "parameter " + j + " after step " + (step + 1) + ": " + wrong;
            }
        }
        return null;
    }

    private static Tensor waves(List<Tensor> params) {
        Tensor sum = null;
        for (int j = 0; j < params.size(); j++) {
            Tensor p = params.get(j);
            Tensor part = p.mul(1.5 + 0.25 * j).cos().add(p.pow(4).mul(0.05)).sum();
            sum = sum == null ? part : sum.add(part);
        }
        return java.util.Objects.requireNonNull(sum);
    }

    private static Tensor quartic(List<Tensor> params) {
        Tensor sum = null;
        for (Tensor p : params) {
            Tensor part = p.sub(0.3).pow(4).add(p.sub(0.1).square().mul(0.5)).sum();
            sum = sum == null ? part : sum.add(part);
        }
        return java.util.Objects.requireNonNull(sum);
    }

    private static void leaveOut(List<Tensor> params, int step) {
        for (int j = 0; j < params.size(); j++) {
            if ((step + j) % GAP == GAP - 1) params.get(j).setGrad(null);
        }
    }

    private static Optimizer make(String name, List<Tensor> p, Map<String, @Nullable Object> options) {
        return switch (name) {
            case "SGD" -> new SGD(p, OptionCalls.with(SGD.options(), options));
            case "Adam" -> new Adam(p, OptionCalls.with(Adam.options(), options));
            case "AdamW" -> new AdamW(p, OptionCalls.with(AdamW.options(), options));
            case "Adamax" -> new Adamax(p, OptionCalls.with(Adamax.options(), options));
            case "NAdam" -> new NAdam(p, OptionCalls.with(NAdam.options(), options));
            case "RAdam" -> new RAdam(p, OptionCalls.with(RAdam.options(), options));
            case "RMSprop" -> new RMSprop(p, OptionCalls.with(RMSprop.options(), options));
            case "Rprop" -> new Rprop(p, OptionCalls.with(Rprop.options(), options));
            case "Adagrad" -> new Adagrad(p, OptionCalls.with(Adagrad.options(), options));
            case "Adadelta" -> new Adadelta(p, OptionCalls.with(Adadelta.options(), options));
            case "ASGD" -> new ASGD(p, OptionCalls.with(ASGD.options(), options));
            case "Adafactor" -> new Adafactor(p, OptionCalls.with(Adafactor.options(), options));
            case "Muon" -> new Muon(p, OptionCalls.with(Muon.options(), options));
            case "LBFGS" -> {
                LBFGS.Options all = LBFGS.options();
                Map<String, @Nullable Object> rest = new java.util.LinkedHashMap<>(options);
                if (rest.remove("line_search_fn") != null) all = all.strongWolfe();
                yield new LBFGS(p, OptionCalls.with(all, rest));
            }
            default -> throw new NotOffered("no optimiser " + name);
        };
    }
}
