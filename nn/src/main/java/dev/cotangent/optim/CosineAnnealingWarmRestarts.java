package dev.cotangent.optim;

import dev.cotangent.ValueException;
import java.util.Arrays;
import java.util.Map;

/**
 * Lets the rates fall along half a cosine again and again (Loshchilov and Hutter 2017); PyTorch's {@code
 * lr_scheduler.CosineAnnealingWarmRestarts}.
 */
public final class CosineAnnealingWarmRestarts extends LRScheduler {
    private final double etaMin;
    private final int factor;
    private int length;
    private int position;

    /** Creates a scheduler whose periods all have {@code t0} epochs, down to 0. */
    public CosineAnnealingWarmRestarts(Optimizer optimizer, int t0) {
        this(optimizer, t0, 1, 0);
    }

    /**
     * Creates a scheduler.
     *
     * @param t0 the epochs of the first period
     * @param tMult by what each period is longer than the one before
     * @param etaMin the rate at the end of a period
     */
    public CosineAnnealingWarmRestarts(Optimizer optimizer, int t0, int tMult, double etaMin) {
        if (t0 <= 0) throw new ValueException("Expected positive integer T_0, but got " + t0);
        if (tMult < 1) throw new ValueException("Expected integer T_mult >= 1, but got " + tMult);
        this.etaMin = etaMin;
        this.factor = tMult;
        this.length = t0;
        this.position = -1;
        super(optimizer);
    }

    @Override
    public void step() {
        if (++position >= length) {
            position -= length;
            length *= factor;
        }
        super.step();
    }

    @Override
    protected double[] getLr() {
        return Arrays.stream(baseLrs())
                .map(base -> etaMin + (base - etaMin) * (1 + Math.cos(Math.PI * position / length)) / 2)
                .toArray();
    }

    @Override
    void jump(int epoch) {
        position = epoch;
        super.jump(epoch);
    }

    @Override
    public Map<String, Object> stateDict() {
        Map<String, Object> all = super.stateDict();
        all.put("T_cur", position);
        all.put("T_i", length);
        return all;
    }

    @Override
    public void loadStateDict(Map<String, ?> saved) {
        super.loadStateDict(saved);
        position = (int) number(saved, "T_cur");
        length = (int) number(saved, "T_i");
    }
}
