package dev.cotangent.tests.golden;

import dev.cotangent.Tensor;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * One step of an optimiser for one parameter, after the algorithms in PyTorch's documentation of {@code torch.optim},
 * written with tensors; the state between steps is stored by name.
 */
final class Optimizers {
    private final Calls calls;
    private final JsonNode options;
    private final Map<String, Tensor> memory = new HashMap<>();
    private long steps;

    Optimizers(Calls calls, JsonNode options) {
        this.calls = calls;
        this.options = options;
    }

    private double option(String name, double otherwise) {
        return options.path(name).asDouble(otherwise);
    }

    private boolean flag(String name) {
        return options.path(name).asBoolean(false);
    }

    /** Computes the parameter after a step from its gradient, without recording and without in-place operations. */
    Tensor step(Tensor p, Tensor gradient) {
        steps++;
        double lr = option("lr", 1e-3);
        double decay = option("weight_decay", 0);
        String type = Json.text(options, "type");
        if (type.equals("AdamW")) {
            return adam(times(p, 1 - lr * decay), gradient, lr);
        }
        Tensor g = decay == 0 ? gradient : plus(gradient, p, decay);
        if (flag("maximize")) g = times(g, -1);
        return switch (type) {
            case "SGD" -> sgd(p, g, lr);
            case "Adam" -> adam(p, g, lr);
            case "RMSprop" -> rmsProp(p, g, lr);
            case "Adagrad" -> adagrad(p, g, lr);
            case "Adadelta" -> adadelta(p, g, option("lr", 1));
            case "Adamax" -> adamax(p, g, lr);
            default -> throw new NotOffered("no optimizer " + type);
        };
    }

    private Tensor sgd(Tensor p, Tensor g, double lr) {
        double momentum = option("momentum", 0);
        if (momentum == 0) return plus(p, g, -lr);
        Tensor last = memory.get("momentum");
        Tensor b = last == null ? g : plus(times(last, momentum), g, 1 - option("dampening", 0));
        memory.put("momentum", b);
        return plus(p, flag("nesterov") ? plus(g, b, momentum) : b, -lr);
    }

    private Tensor adam(Tensor p, Tensor g, double lr) {
        double beta1 = options.path("betas").path(0).asDouble(0.9);
        double beta2 = options.path("betas").path(1).asDouble(0.999);
        Tensor m = average("first", g, beta1);
        Tensor v = average("second", g.mul(g), beta2);
        if (flag("amsgrad")) {
            v = calls.tensor("maximum", memory.getOrDefault("largest", v.zerosLike()), v);
            memory.put("largest", v);
        }
        Tensor deviation = root(times(v, 1 / (1 - Math.pow(beta2, steps))), option("eps", 1e-8));
        return plus(p, m.div(deviation), -lr / (1 - Math.pow(beta1, steps)));
    }

    private Tensor rmsProp(Tensor p, Tensor g, double lr) {
        double alpha = option("alpha", 0.99);
        Tensor v = average("square", g.mul(g), alpha);
        if (flag("centered")) {
            Tensor mean = average("mean", g, alpha);
            v = v.sub(mean.mul(mean));
        }
        Tensor step = g.div(root(v, option("eps", 1e-8)));
        double momentum = option("momentum", 0);
        if (momentum == 0) return plus(p, step, -lr);
        Tensor b =
                times(memory.getOrDefault("momentum", g.zerosLike()), momentum).add(step);
        memory.put("momentum", b);
        return plus(p, b, -lr);
    }

    private Tensor adagrad(Tensor p, Tensor g, double lr) {
        Tensor start = plus(g.zerosLike(), g.onesLike(), option("initial_accumulator_value", 0));
        Tensor sum = memory.getOrDefault("sum", start).add(g.mul(g));
        memory.put("sum", sum);
        double rate = lr / (1 + (steps - 1) * option("lr_decay", 0));
        return plus(p, g.div(root(sum, option("eps", 1e-10))), -rate);
    }

    private Tensor adadelta(Tensor p, Tensor g, double lr) {
        double rho = option("rho", 0.9);
        Tensor eps = times(g.onesLike(), option("eps", 1e-6));
        Tensor v = average("square", g.mul(g), rho);
        Tensor u = memory.getOrDefault("steps", g.zerosLike());
        Tensor step = g.mul(root(u.add(eps), 0)).div(root(v.add(eps), 0));
        average("steps", step.mul(step), rho);
        return plus(p, step, -lr);
    }

    private Tensor adamax(Tensor p, Tensor g, double lr) {
        double beta1 = options.path("betas").path(0).asDouble(0.9);
        double beta2 = options.path("betas").path(1).asDouble(0.999);
        Tensor m = average("first", g, beta1);
        Tensor size = calls.tensor("abs", g).add(times(g.onesLike(), option("eps", 1e-8)));
        Tensor u = calls.tensor("maximum", times(memory.getOrDefault("norm", g.zerosLike()), beta2), size);
        memory.put("norm", u);
        return plus(p, m.div(u), -lr / (1 - Math.pow(beta1, steps)));
    }

    /** Computes and stores {@code beta * last + (1 - beta) * x}. */
    private Tensor average(String name, Tensor x, double beta) {
        Tensor next = plus(times(memory.getOrDefault(name, x.zerosLike()), beta), x, 1 - beta);
        memory.put(name, next);
        return next;
    }

    private Tensor root(Tensor x, double eps) {
        Tensor r = calls.tensor("sqrt", x);
        return eps == 0 ? r : r.add(times(x.onesLike(), eps));
    }

    private static Tensor times(Tensor x, double factor) {
        return x.mul(factor);
    }

    private static Tensor plus(Tensor x, Tensor y, double factor) {
        return x.add(y.mul(factor));
    }
}
