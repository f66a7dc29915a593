package dev.cotangent.tests.golden;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.optim.*;
import dev.cotangent.optim.ChainedScheduler;
import dev.cotangent.optim.ConstantLR;
import dev.cotangent.optim.CosineAnnealingLR;
import dev.cotangent.optim.CosineAnnealingWarmRestarts;
import dev.cotangent.optim.CyclicLR;
import dev.cotangent.optim.ExponentialLR;
import dev.cotangent.optim.LRScheduler;
import dev.cotangent.optim.LinearLR;
import dev.cotangent.optim.MultiStepLR;
import dev.cotangent.optim.OneCycleLR;
import dev.cotangent.optim.Optimizer;
import dev.cotangent.optim.ParamGroup;
import dev.cotangent.optim.PolynomialLR;
import dev.cotangent.optim.ReduceLROnPlateau;
import dev.cotangent.optim.SGD;
import dev.cotangent.optim.SequentialLR;
import dev.cotangent.optim.StepLR;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Learning rates, and momenta where they change, over thirty steps. */
final class SchedulerRecords {
    private static final Tolerance VALUES = new Tolerance(1e-9, 1e-10, 0);

    private final JsonNode json;
    private final Calls calls;

    SchedulerRecords(Path folder, Calls calls) throws IOException {
        this.json = Json.read(folder.resolve("schedulers.json"));
        this.calls = calls;
    }

    /** Runs all. */
    void run(Tally tally) {
        for (JsonNode r : json) tally.record(null, Json.text(r, "id"), () -> schedule(r));
    }

    private @Nullable String schedule(JsonNode r) {
        List<ParamGroup> groups = new ArrayList<>();
        for (JsonNode lr : r.get("base_lrs")) {
            Tensor p = Tensors.zeros(1).to(calls.device()).requiresGrad_(true);
            groups.add(ParamGroup.of(List.of(p), SGD.options().lr(lr.asDouble())));
        }
        SGD.Options options = SGD.options();
        if (r.has("momentum")) options = options.momentum(r.get("momentum").asDouble());
        SGD optimizer = new SGD(options, groups.toArray(ParamGroup[]::new));
        LRScheduler scheduler = make(r, optimizer);
        String wrong = compare(r, optimizer, 0);
        for (int step = 1; step < r.get("lrs").size() && wrong == null; step++) {
            optimizer.step();
            if (scheduler instanceof ReduceLROnPlateau plateau) {
                plateau.step(r.get("metrics").get(step - 1).asDouble());
            } else {
                scheduler.step();
            }
            wrong = compare(r, optimizer, step);
        }
        return wrong;
    }

    private static @Nullable String compare(JsonNode r, Optimizer optimizer, int step) {
        for (int g = 0; g < optimizer.paramGroups().size(); g++) {
            ParamGroup group = optimizer.paramGroups().get(g);
            double lr = r.get("lrs").get(step).get(g).asDouble();
            if (!VALUES.accepts(group.lr(), lr)) {
                return "rate " + g + " after step " + step + ": expected " + lr + ", got " + group.lr();
            }
            if (!r.has("momenta")) continue;
            JsonNode all = r.get("momenta").get(step);
            double momentum = (all.isArray() ? all.get(g) : all).asDouble();
            if (!VALUES.accepts(group.number("momentum"), momentum)) {
                return "momentum " + g + " after step " + step + ": expected " + momentum + ", got "
                        + group.number("momentum");
            }
        }
        return null;
    }

    private LRScheduler make(JsonNode r, Optimizer o) {
        String name = Json.text(r, "scheduler");
        if (r.has("text")) return composed(Json.text(r, "text"), o);
        Map<String, @Nullable Object> options =
                new Operands(Safetensors.none(), calls.device(), false).map(r.get("options"));
        return make(name, options, o);
    }

    /** Makes a scheduler of such text as {@code SequentialLR([A(x=1), B(y=2)], milestones=[3])}. */
    private static LRScheduler composed(String text, Optimizer o) {
        List<LRScheduler> parts = new ArrayList<>();
        var part = java.util.regex.Pattern.compile("(\\w+)\\(([^()\\[\\]]*)\\)").matcher(text);
        while (part.find()) {
            Map<String, @Nullable Object> options = new LinkedHashMap<>();
            for (String option : part.group(2).split(",")) {
                String[] pair = option.split("=");
                double value = Double.parseDouble(pair[1]);
                boolean whole = !pair[1].contains(".");
                options.put(pair[0], whole ? (Object) (long) value : (Object) value);
            }
            parts.add(make(part.group(1), options, o));
        }
        if (text.startsWith("ChainedScheduler")) return new ChainedScheduler(parts);
        List<Integer> milestones = new ArrayList<>();
        String list = text.substring(text.indexOf("milestones=[") + "milestones=[".length(), text.lastIndexOf(']'));
        for (String m : list.split(",")) milestones.add(Integer.parseInt(m.trim()));
        return new SequentialLR(o, parts, milestones);
    }

    private static LRScheduler make(String name, Map<String, @Nullable Object> all, Optimizer o) {
        Given given = new Given(new LinkedHashMap<>(all));
        LRScheduler made = switch (name) {
            case "StepLR" -> new StepLR(o, given.integer("step_size", 0), given.number("gamma", 0.1));
            case "MultiStepLR" -> new MultiStepLR(o, given.integers("milestones"), given.number("gamma", 0.1));
            case "ConstantLR" -> new ConstantLR(o, given.number("factor", 1.0 / 3), given.integer("total_iters", 5));
            case "LinearLR" ->
                new LinearLR(
                        o,
                        given.number("start_factor", 1.0 / 3),
                        given.number("end_factor", 1),
                        given.integer("total_iters", 5));
            case "ExponentialLR" -> new ExponentialLR(o, given.number("gamma", 0));
            case "PolynomialLR" -> new PolynomialLR(o, given.integer("total_iters", 5), given.number("power", 1));
            case "CosineAnnealingLR" -> new CosineAnnealingLR(o, given.integer("T_max", 0), given.number("eta_min", 0));
            case "CosineAnnealingWarmRestarts" ->
                new CosineAnnealingWarmRestarts(
                        o, given.integer("T_0", 0), given.integer("T_mult", 1), given.number("eta_min", 0));
            case "CyclicLR" ->
                new CyclicLR(
                        o,
                        given.number("base_lr", 0),
                        given.number("max_lr", 0),
                        OptionCalls.with(CyclicLR.options(), given.rest()));
            case "OneCycleLR" ->
                new OneCycleLR(
                        o,
                        given.number("max_lr", 0),
                        given.integer("total_steps", 0),
                        OptionCalls.with(OneCycleLR.options(), given.rest()));
            case "ReduceLROnPlateau" ->
                new ReduceLROnPlateau(o, OptionCalls.with(ReduceLROnPlateau.options(), given.rest()));
            default -> throw new NotOffered("no scheduler " + name);
        };
        if (!given.rest().isEmpty()) throw new NotOffered("options of " + name + ": " + given.rest());
        return made;
    }

    /** Options, each taken out when it is used. */
    private record Given(Map<String, @Nullable Object> values) {
        double number(String name, double byDefault) {
            return values.remove(name) instanceof Number n ? n.doubleValue() : byDefault;
        }

        int integer(String name, int byDefault) {
            return values.remove(name) instanceof Number n ? n.intValue() : byDefault;
        }

        List<Integer> integers(String name) {
            List<Integer> out = new ArrayList<>();
            if (values.remove(name) instanceof List<?> list) {
                for (Object i : list) out.add(((Number) i).intValue());
            }
            return out;
        }

        Map<String, @Nullable Object> rest() {
            Map<String, @Nullable Object> rest = new LinkedHashMap<>(values);
            values.clear();
            return rest;
        }
    }
}
