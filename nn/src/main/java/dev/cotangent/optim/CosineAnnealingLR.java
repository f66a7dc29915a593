package dev.cotangent.optim;

import java.util.Arrays;

/**
 * Lets the rates fall along half a cosine (Loshchilov and Hutter 2017, without restarts); PyTorch's {@code
 * lr_scheduler.CosineAnnealingLR}.
 */
public final class CosineAnnealingLR extends LRScheduler {
    private final int tMax;
    private final double etaMin;

    /** Creates a scheduler that reaches 0 after {@code tMax} epochs. */
    public CosineAnnealingLR(Optimizer optimizer, int tMax) {
        this(optimizer, tMax, 0);
    }

    /** Creates a scheduler that reaches {@code etaMin} after {@code tMax} epochs. */
    public CosineAnnealingLR(Optimizer optimizer, int tMax, double etaMin) {
        this.tMax = tMax;
        this.etaMin = etaMin;
        super(optimizer);
    }

    @Override
    protected double[] getLr() {
        double[] now = lrs();
        if (isInitial()) return now;
        if (isFirstStep() && lastEpoch() > 0) return getClosedFormLr();
        boolean turning = Math.floorMod(lastEpoch() - 1 - tMax, 2 * tMax) == 0;
        double[] bases = baseLrs();
        for (int i = 0; i < now.length; i++) {
            now[i] = turning
                    ? now[i] + (bases[i] - etaMin) * (1 - Math.cos(Math.PI / tMax)) / 2
                    : (1 + Math.cos(Math.PI * lastEpoch() / tMax))
                                    / (1 + Math.cos(Math.PI * (lastEpoch() - 1) / tMax))
                                    * (now[i] - etaMin)
                            + etaMin;
        }
        return now;
    }

    @Override
    protected double[] getClosedFormLr() {
        return Arrays.stream(baseLrs())
                .map(base -> etaMin + (base - etaMin) * (1 + Math.cos(Math.PI * lastEpoch() / tMax)) / 2)
                .toArray();
    }
}
