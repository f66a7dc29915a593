package dev.cotangent.optim;

import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import java.util.Map;

/**
 * Multiplies the rates by a factor when a metric has not become better for some epochs; PyTorch's {@code
 * lr_scheduler.ReduceLROnPlateau}. Call {@link #step(double)} after each epoch.
 */
public final class ReduceLROnPlateau extends LRScheduler {
    private static final double INFINITE = Double.POSITIVE_INFINITY;

    /** Whether smaller or larger values are better. */
    public enum Mode {
        /** A smaller metric. */
        MIN,
        /** A larger metric. */
        MAX
    }

    /** How the threshold is meant. */
    public enum ThresholdMode {
        /** As a part of the best metric. */
        REL,
        /** As a difference. */
        ABS
    }

    /**
     * Options of {@link ReduceLROnPlateau}, immutable: each method returns a copy.
     *
     * @param mode whether smaller or larger values are better
     * @param factor the factor, less than 1
     * @param patience for how many epochs the metric may get no better
     * @param threshold by how much it has to be better
     * @param thresholdMode how the threshold is meant
     * @param cooldown for how many epochs the rate then stays
     * @param minLr the smallest rate
     * @param eps the smallest change of a rate
     */
    public record Options(
            Mode mode,
            double factor,
            int patience,
            double threshold,
            ThresholdMode thresholdMode,
            int cooldown,
            double minLr,
            double eps) {
        /** Returns a copy with {@code mode}. */
        public Options mode(Mode value) {
            return new Options(value, factor, patience, threshold, thresholdMode, cooldown, minLr, eps);
        }

        /** Returns a copy with {@code factor}. */
        public Options factor(double value) {
            return new Options(mode, value, patience, threshold, thresholdMode, cooldown, minLr, eps);
        }

        /** Returns a copy with {@code patience}. */
        public Options patience(int value) {
            return new Options(mode, factor, value, threshold, thresholdMode, cooldown, minLr, eps);
        }

        /** Returns a copy with {@code threshold}. */
        public Options threshold(double value) {
            return new Options(mode, factor, patience, value, thresholdMode, cooldown, minLr, eps);
        }

        /** Returns a copy with {@code thresholdMode}. */
        public Options thresholdMode(ThresholdMode value) {
            return new Options(mode, factor, patience, threshold, value, cooldown, minLr, eps);
        }

        /** Returns a copy with {@code cooldown}. */
        public Options cooldown(int value) {
            return new Options(mode, factor, patience, threshold, thresholdMode, value, minLr, eps);
        }

        /** Returns a copy with {@code minLr}. */
        public Options minLr(double value) {
            return new Options(mode, factor, patience, threshold, thresholdMode, cooldown, value, eps);
        }

        /** Returns a copy with {@code eps}. */
        public Options eps(double value) {
            return new Options(mode, factor, patience, threshold, thresholdMode, cooldown, minLr, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(Mode.MIN, 0.1, 10, 1e-4, ThresholdMode.REL, 0, 0, 1e-8);
    }

    private final Options options;
    private double best;
    private int bad;
    private int cooling;

    /** Creates a scheduler with PyTorch's defaults. */
    public ReduceLROnPlateau(Optimizer optimizer) {
        this(optimizer, options());
    }

    /** Creates a scheduler with options. */
    public ReduceLROnPlateau(Optimizer optimizer, Options options) {
        if (options.factor >= 1) throw new ValueException("Factor should be < 1.0.");
        this.options = options;
        this.best = options.mode == Mode.MIN ? INFINITE : -INFINITE;
        super(optimizer, 0, false);
    }

    @Override
    public void step() {
        throw new TypeException("ReduceLROnPlateau.step() missing 1 required positional argument: 'metrics'. In Java:"
                + " step(double)");
    }

    /** Takes the metric of an epoch. */
    public void step(double metric) {
        setLastEpoch(lastEpoch() + 1);
        if (isBetter(metric)) {
            best = metric;
            bad = 0;
        } else {
            bad++;
        }
        if (cooling > 0) {
            cooling--;
            bad = 0;
        }
        if (bad > options.patience) {
            for (ParamGroup g : optimizer().paramGroups()) {
                double reduced = Math.max(g.lr() * options.factor, options.minLr);
                if (g.lr() - reduced > options.eps) g.setLr(reduced);
            }
            cooling = options.cooldown;
            bad = 0;
        }
        noteLastLr();
    }

    private boolean isBetter(double metric) {
        boolean relative = options.thresholdMode == ThresholdMode.REL;
        if (options.mode == Mode.MIN) {
            return metric < (relative ? best * (1 - options.threshold) : best - options.threshold);
        }
        return metric > (relative ? best * (options.threshold + 1) : best + options.threshold);
    }

    @Override
    protected double[] getLr() {
        return lrs();
    }

    @Override
    public Map<String, Object> stateDict() {
        Map<String, Object> all = super.stateDict();
        all.put("best", best);
        all.put("num_bad_epochs", bad);
        all.put("cooldown_counter", cooling);
        return all;
    }

    @Override
    public void loadStateDict(Map<String, ?> saved) {
        super.loadStateDict(saved);
        best = number(saved, "best");
        bad = (int) number(saved, "num_bad_epochs");
        cooling = (int) number(saved, "cooldown_counter");
    }
}
