package dev.cotangent.optim;

import dev.cotangent.ValueException;
import java.util.Collections;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Multiplies the rates by a function of the epoch; PyTorch's {@code lr_scheduler.MultiplicativeLR}. */
public final class MultiplicativeLR extends LRScheduler {
    private final List<IntToDoubleFunction> lambdas;

    /** Creates a scheduler with one function for all groups. */
    public MultiplicativeLR(Optimizer optimizer, IntToDoubleFunction lambda) {
        this(optimizer, Collections.nCopies(optimizer.paramGroups().size(), lambda));
    }

    /** Creates a scheduler with a function for each group. */
    public MultiplicativeLR(Optimizer optimizer, List<IntToDoubleFunction> lambdas) {
        int groups = optimizer.paramGroups().size();
        if (lambdas.size() != groups) {
            throw new ValueException("Expected " + groups + " lr_lambdas, but got " + lambdas.size());
        }
        this.lambdas = List.copyOf(lambdas);
        super(optimizer);
    }

    @Override
    protected double[] getLr() {
        double[] all = lrs();
        if (isInitial()) return all;
        for (int i = 0; i < all.length; i++) all[i] *= lambdas.get(i).applyAsDouble(lastEpoch());
        return all;
    }
}
