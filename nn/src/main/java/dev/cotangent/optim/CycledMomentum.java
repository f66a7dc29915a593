package dev.cotangent.optim;

import dev.cotangent.ValueException;
import java.util.List;

/** The momentum of groups, or beta1 of those that have betas, as schedulers change it. */
final class CycledMomentum {
    static final String BASE = "base_momentum";
    static final String MAX = "max_momentum";

    private static final String MOMENTUM = "momentum";
    private static final String BETAS = "betas";

    private CycledMomentum() {}

    /** Begins with the largest. */
    static void begin(Optimizer optimizer, double base, double max) {
        if (!optimizer.defaults().containsKey(MOMENTUM) && !optimizer.defaults().containsKey(BETAS)) {
            throw new ValueException("optimizer must support momentum or beta1 with `cycle_momentum` option enabled");
        }
        for (ParamGroup g : optimizer.paramGroups()) {
            set(g, max);
            g.set(MAX, max);
            g.set(BASE, base);
        }
    }

    static void set(ParamGroup group, double value) {
        if (group.has(BETAS)) group.set(BETAS, List.of(value, group.number(BETAS, 1)));
        else group.set(MOMENTUM, value);
    }
}
