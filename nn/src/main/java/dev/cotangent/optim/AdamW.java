package dev.cotangent.optim;

import dev.cotangent.Tensor;
import java.util.List;

/**
 * {@link Adam} with decoupled weight decay (Loshchilov and Hutter 2019), 0.01 by default: each step takes {@code lr *
 * weightDecay} of a parameter off it. PyTorch's {@code torch.optim.AdamW}.
 */
public final class AdamW extends Adam {
    private static final double DECAY = 1e-2;

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return Adam.options();
    }

    /** Creates an optimiser with PyTorch's defaults. */
    public AdamW(List<Tensor> params) {
        this(params, options());
    }

    /** Creates an optimiser with a learning rate. */
    public AdamW(List<Tensor> params, double lr) {
        this(params, options().lr(lr));
    }

    /** Creates an optimiser with options. */
    public AdamW(List<Tensor> params, Options options) {
        super(params, defaults(options, DECAY, true));
    }

    /** Creates an optimiser of several groups, with options for what these leave open. */
    public AdamW(Options options, ParamGroup... groups) {
        super(defaults(options, DECAY, true), List.of(groups));
    }
}
