package dev.cotangent.optim;

import java.util.Collections;
import java.util.List;

/** Multiplies the rates by gamma at each of the milestones; PyTorch's {@code lr_scheduler.MultiStepLR}. */
public final class MultiStepLR extends LRScheduler {
    private static final double GAMMA = 0.1;

    private final List<Integer> milestones;
    private final double gamma;

    /** Creates a scheduler with a gamma of 0.1. */
    public MultiStepLR(Optimizer optimizer, List<Integer> milestones) {
        this(optimizer, milestones, GAMMA);
    }

    /** Creates a scheduler. A milestone that is given twice counts twice. */
    public MultiStepLR(Optimizer optimizer, List<Integer> milestones, double gamma) {
        this.milestones = List.copyOf(milestones);
        this.gamma = gamma;
        super(optimizer);
    }

    @Override
    protected double[] getLr() {
        int times = Collections.frequency(milestones, lastEpoch());
        return times == 0 ? lrs() : scaled(lrs(), Math.pow(gamma, times));
    }

    @Override
    protected double[] getClosedFormLr() {
        return scaled(
                baseLrs(),
                Math.pow(
                        gamma, milestones.stream().filter(m -> m <= lastEpoch()).count()));
    }
}
