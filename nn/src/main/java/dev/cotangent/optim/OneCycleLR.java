package dev.cotangent.optim;

import dev.cotangent.ValueException;
import java.util.List;

/**
 * Lets the rates rise once and fall to almost nothing, and the momentum fall and rise (Smith and Topin 2018); PyTorch's
 * {@code lr_scheduler.OneCycleLR}. Call {@link #step()} after each batch.
 */
public final class OneCycleLR extends LRScheduler {
    /** How rates change within a phase. */
    public enum AnnealStrategy {
        /** Along half a cosine. */
        COS,
        /** Evenly. */
        LINEAR
    }

    /**
     * Options of {@link OneCycleLR}, immutable: each method returns a copy.
     *
     * @param pctStart the part of the steps in which rates rise
     * @param annealStrategy how rates change
     * @param cycleMomentum whether the momentum (or beta1) goes the other way
     * @param baseMomentum the momentum at the highest rate
     * @param maxMomentum the momentum at the lowest rate
     * @param divFactor what the highest rate is divided by for the first
     * @param finalDivFactor what the first rate is divided by for the last
     * @param threePhase whether rates fall to the first rate first, then to the last
     */
    public record Options(
            double pctStart,
            AnnealStrategy annealStrategy,
            boolean cycleMomentum,
            double baseMomentum,
            double maxMomentum,
            double divFactor,
            double finalDivFactor,
            boolean threePhase) {
        /** Returns a copy with {@code pctStart}. */
        public Options pctStart(double value) {
            return new Options(
                    value,
                    annealStrategy,
                    cycleMomentum,
                    baseMomentum,
                    maxMomentum,
                    divFactor,
                    finalDivFactor,
                    threePhase);
        }

        /** Returns a copy with {@code annealStrategy}. */
        public Options annealStrategy(AnnealStrategy value) {
            return new Options(
                    pctStart, value, cycleMomentum, baseMomentum, maxMomentum, divFactor, finalDivFactor, threePhase);
        }

        /** Returns a copy with {@code cycleMomentum}. */
        public Options cycleMomentum(boolean value) {
            return new Options(
                    pctStart, annealStrategy, value, baseMomentum, maxMomentum, divFactor, finalDivFactor, threePhase);
        }

        /** Returns a copy with {@code baseMomentum}. */
        public Options baseMomentum(double value) {
            return new Options(
                    pctStart, annealStrategy, cycleMomentum, value, maxMomentum, divFactor, finalDivFactor, threePhase);
        }

        /** Returns a copy with {@code maxMomentum}. */
        public Options maxMomentum(double value) {
            return new Options(
                    pctStart,
                    annealStrategy,
                    cycleMomentum,
                    baseMomentum,
                    value,
                    divFactor,
                    finalDivFactor,
                    threePhase);
        }

        /** Returns a copy with {@code divFactor}. */
        public Options divFactor(double value) {
            return new Options(
                    pctStart,
                    annealStrategy,
                    cycleMomentum,
                    baseMomentum,
                    maxMomentum,
                    value,
                    finalDivFactor,
                    threePhase);
        }

        /** Returns a copy with {@code finalDivFactor}. */
        public Options finalDivFactor(double value) {
            return new Options(
                    pctStart, annealStrategy, cycleMomentum, baseMomentum, maxMomentum, divFactor, value, threePhase);
        }

        /** Returns a copy with {@code threePhase}. */
        public Options threePhase(boolean value) {
            return new Options(
                    pctStart,
                    annealStrategy,
                    cycleMomentum,
                    baseMomentum,
                    maxMomentum,
                    divFactor,
                    finalDivFactor,
                    value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Options options() {
        return new Options(0.3, AnnealStrategy.COS, true, 0.85, 0.95, 25, 1e4, false);
    }

    /** Up to a step rates change from one to another; names of a group's options. */
    private record Phase(double end, String fromLr, String toLr, String fromMomentum, String toMomentum) {}

    private static final String MAX_LR = "max_lr";
    private static final String MIN_LR = "min_lr";

    private final Options options;
    private final int totalSteps;
    private final List<Phase> phases;

    /** Creates a scheduler with PyTorch's defaults. */
    public OneCycleLR(Optimizer optimizer, double maxLr, int totalSteps) {
        this(optimizer, maxLr, totalSteps, options());
    }

    /** Creates a scheduler with options. */
    public OneCycleLR(Optimizer optimizer, double maxLr, int totalSteps, Options options) {
        if (totalSteps <= 0) throw new ValueException("Expected positive integer total_steps, but got " + totalSteps);
        if (!(options.pctStart >= 0 && options.pctStart <= 1)) {
            throw new ValueException("Expected float between 0 and 1 pct_start, but got " + text(options.pctStart));
        }
        this.options = options;
        this.totalSteps = totalSteps;
        double rise = options.pctStart * totalSteps - 1;
        Phase up = new Phase(rise, INITIAL_LR, MAX_LR, CycledMomentum.MAX, CycledMomentum.BASE);
        this.phases = options.threePhase
                ? List.of(
                        up,
                        new Phase(
                                2 * options.pctStart * totalSteps - 2,
                                MAX_LR,
                                INITIAL_LR,
                                CycledMomentum.BASE,
                                CycledMomentum.MAX),
                        new Phase(totalSteps - 1, INITIAL_LR, MIN_LR, CycledMomentum.MAX, CycledMomentum.MAX))
                : List.of(up, new Phase(totalSteps - 1, MAX_LR, MIN_LR, CycledMomentum.BASE, CycledMomentum.MAX));
        super(optimizer, -1, false);
        for (ParamGroup g : optimizer.paramGroups()) {
            g.set(INITIAL_LR, maxLr / options.divFactor);
            g.set(MAX_LR, maxLr);
            g.set(MIN_LR, maxLr / options.divFactor / options.finalDivFactor);
        }
        if (options.cycleMomentum) CycledMomentum.begin(optimizer, options.baseMomentum, options.maxMomentum);
        setBaseLrs(optimizer.paramGroups().stream()
                .mapToDouble(g -> g.number(INITIAL_LR))
                .toArray());
        begin();
    }

    @Override
    protected double[] getLr() {
        int step = lastEpoch();
        if (step > totalSteps) {
            throw new ValueException(
                    "Tried to step " + step + " times. The specified number of total steps is " + totalSteps);
        }
        double start = 0;
        Phase now = phases.getLast();
        for (Phase p : phases) {
            if (step <= p.end || p == phases.getLast()) {
                now = p;
                break;
            }
            start = p.end;
        }
        Phase phase = now;
        double part = (step - start) / (phase.end - start);
        if (options.cycleMomentum) {
            for (ParamGroup g : optimizer().paramGroups()) {
                CycledMomentum.set(g, between(g.number(phase.fromMomentum), g.number(phase.toMomentum), part));
            }
        }
        return optimizer().paramGroups().stream()
                .mapToDouble(g -> between(g.number(phase.fromLr), g.number(phase.toLr), part))
                .toArray();
    }

    private double between(double from, double to, double part) {
        return options.annealStrategy == AnnealStrategy.LINEAR
                ? (to - from) * part + from
                : to + (from - to) / 2 * (Math.cos(Math.PI * part) + 1);
    }
}
