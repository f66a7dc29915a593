package dev.cotangent.optim;

import dev.cotangent.ValueException;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Sets the rates to the first ones times a function of the epoch; PyTorch's {@code lr_scheduler.LambdaLR}. */
public final class LambdaLR extends LRScheduler {
    private final List<IntToDoubleFunction> lambdas;

    /** Creates a scheduler with one function for all groups. */
    public LambdaLR(Optimizer optimizer, IntToDoubleFunction lambda) {
        this(optimizer, Collections.nCopies(optimizer.paramGroups().size(), lambda));
    }

    /** Creates a scheduler with a function for each group. */
    public LambdaLR(Optimizer optimizer, List<IntToDoubleFunction> lambdas) {
        int groups = optimizer.paramGroups().size();
        if (lambdas.size() != groups) {
            throw new ValueException("Expected " + groups + " lr_lambdas, but got " + lambdas.size());
        }
        this.lambdas = List.copyOf(lambdas);
        super(optimizer);
    }

    @Override
    protected double[] getLr() {
        double[] all = baseLrs();
        for (int i = 0; i < all.length; i++) all[i] *= lambdas.get(i).applyAsDouble(lastEpoch());
        return all;
    }
}
