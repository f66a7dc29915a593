package dev.cotangent.optim;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lets the rates go up and down between two bounds, and the momentum down and up (Smith 2017); PyTorch's {@code
 * lr_scheduler.CyclicLR}. Call {@link #step()} after each batch.
 */
public final class CyclicLR extends LRScheduler {
    private static final double HALF = 2;

    /** How the height of cycles changes. */
    public enum Mode {
        /** It stays. */
        TRIANGULAR,
        /** Each cycle is half as high. */
        TRIANGULAR2,
        /** It falls with each step by {@code gamma}. */
        EXP_RANGE
    }

    /**
     * Options of {@link CyclicLR}, immutable: each method returns a copy.
     *
     * @param stepSizeUp how many steps a cycle rises
     * @param stepSizeDown how many steps it falls; null for as many
     * @param mode how the height changes
     * @param gamma the factor of each step of EXP_RANGE
     * @param cycleMomentum whether the momentum (or beta1) goes the other way
     * @param baseMomentum the momentum at the highest rate
     * @param maxMomentum the momentum at the lowest rate
     */
    public record Options(
            int stepSizeUp,
            @Nullable Integer stepSizeDown,
            Mode mode,
            double gamma,
            boolean cycleMomentum,
            double baseMomentum,
            double maxMomentum) {
        /** Returns a copy with {@code stepSizeUp}. */
        public Options stepSizeUp(int value) {
            return new Options(value, stepSizeDown, mode, gamma, cycleMomentum, baseMomentum, maxMomentum);
        }

        /** Returns a copy with {@code stepSizeDown}. */
        public Options stepSizeDown(int value) {
            return new Options(stepSizeUp, value, mode, gamma, cycleMomentum, baseMomentum, maxMomentum);
        }

        /** Returns a copy with {@code mode}. */
        public Options mode(Mode value) {
            return new Options(stepSizeUp, stepSizeDown, value, gamma, cycleMomentum, baseMomentum, maxMomentum);
        }

        /** Returns a copy with {@code gamma}. */
        public Options gamma(double value) {
            return new Options(stepSizeUp, stepSizeDown, mode, value, cycleMomentum, baseMomentum, maxMomentum);
        }

        /** Returns a copy with {@code cycleMomentum}. */
        public Options cycleMomentum(boolean value) {
            return new Options(stepSizeUp, stepSizeDown, mode, gamma, value, baseMomentum, maxMomentum);
        }

        /** Returns a copy with {@code baseMomentum}. */
        public Options baseMomentum(double value) {
            return new Options(stepSizeUp, stepSizeDown, mode, gamma, cycleMomentum, value, maxMomentum);
        }

        /** Returns a copy with {@code maxMomentum}. */
        public Options maxMomentum(double value) {
            return new Options(stepSizeUp, stepSizeDown, mode, gamma, cycleMomentum, baseMomentum, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(2000, null, Mode.TRIANGULAR, 1, true, 0.8, 0.9);
    }

    private final Options options;
    private final double maxLr;
    private final double size;
    private final double ratio;

    /** Creates a scheduler with PyTorch's defaults. */
    public CyclicLR(Optimizer optimizer, double baseLr, double maxLr) {
        this(optimizer, baseLr, maxLr, options());
    }

    /** Creates a scheduler with options. */
    public CyclicLR(Optimizer optimizer, double baseLr, double maxLr, Options options) {
        double up = options.stepSizeUp;
        double down = options.stepSizeDown == null ? up : options.stepSizeDown;
        this.options = options;
        this.maxLr = maxLr;
        this.size = up + down;
        this.ratio = up / (up + down);
        super(optimizer, -1, false);
        if (options.cycleMomentum) CycledMomentum.begin(optimizer, options.baseMomentum, options.maxMomentum);
        for (ParamGroup g : optimizer.paramGroups()) {
            g.setLr(baseLr);
            g.set(INITIAL_LR, baseLr);
        }
        setBaseLrs(lrs());
        begin();
    }

    @Override
    protected double[] getLr() {
        double cycle = Math.floor(1 + lastEpoch() / size);
        double x = 1.0 + lastEpoch() / size - cycle;
        double part = x <= ratio ? x / ratio : (x - 1) / (ratio - 1);
        double height = switch (options.mode) {
            case TRIANGULAR -> 1;
            case TRIANGULAR2 -> 1 / Math.pow(HALF, cycle - 1);
            case EXP_RANGE -> Math.pow(options.gamma, lastEpoch());
        };
        if (options.cycleMomentum) {
            double fall = (options.maxMomentum - options.baseMomentum) * part;
            for (ParamGroup g : optimizer().paramGroups()) CycledMomentum.set(g, options.maxMomentum - fall * height);
        }
        return Arrays.stream(baseLrs())
                .map(base -> base + (maxLr - base) * part * height)
                .toArray();
    }
}
