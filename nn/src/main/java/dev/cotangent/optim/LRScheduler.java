package dev.cotangent.optim;

import dev.cotangent.CotangentException;
import dev.cotangent.Warnings;
import dev.cotangent.nn.internal.PythonText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Changes an optimiser's learning rates from epoch to epoch; PyTorch's {@code torch.optim.lr_scheduler.LRScheduler}. Call
 * {@link #step()} after the optimiser's steps of an epoch.
 *
 * <p>A scheduler of your own says what the rates are. The rates of epoch 0 are set when it is made, so its fields are to
 * be set before {@code super}:
 *
 * <pre>{@code
 * final class InverseSquareRoot extends LRScheduler {
 *     private final double warm;
 *
 *     InverseSquareRoot(Optimizer optimizer, double warm) {
 *         this.warm = warm;
 *         super(optimizer);
 *     }
 *
 *     @Override
 *     protected double[] getLr() {
 *         double t = Math.max(lastEpoch(), 1);
 *         return scaled(baseLrs(), Math.min(t / warm, Math.sqrt(warm / t)));
 *     }
 * }
 * }</pre>
 */
public abstract class LRScheduler {
    static final String INITIAL_LR = "initial_lr";

    private final Optimizer optimizer;
    private double[] baseLrs;
    private double[] lastLr;
    private int lastEpoch;
    private int stepCount;
    private boolean initial;

    /** Creates a scheduler that begins with epoch 0, and sets that epoch's rates. */
    @SuppressWarnings("this-escape") // Documented: fields are set before super.
    protected LRScheduler(Optimizer optimizer) {
        this(optimizer, -1, true);
    }

    /**
     * Creates a scheduler that resumes after an epoch, or sets no rates yet.
     *
     * @param begin whether to set the rates of the next epoch
     */
    @SuppressWarnings("this-escape")
    LRScheduler(Optimizer optimizer, int lastEpoch, boolean begin) {
        this.optimizer = optimizer;
        this.lastEpoch = lastEpoch;
        for (ParamGroup g : optimizer.paramGroups()) if (!g.has(INITIAL_LR)) g.set(INITIAL_LR, g.lr());
        baseLrs = optimizer.paramGroups().stream()
                .mapToDouble(g -> g.number(INITIAL_LR))
                .toArray();
        lastLr = lrs();
        if (begin) begin();
    }

    /** Sets the rates of the first epoch. */
    void begin() {
        stepCount = 0;
        initial = true;
        try {
            step();
        } finally {
            initial = false;
        }
    }

    /** Returns the optimiser. */
    public final Optimizer optimizer() {
        return optimizer;
    }

    /** Returns the epoch whose rates are set; {@code last_epoch}. */
    public final int lastEpoch() {
        return lastEpoch;
    }

    final void setLastEpoch(int epoch) {
        lastEpoch = epoch;
    }

    /** Returns the rates that the groups had at first; {@code base_lrs}. */
    protected final double[] baseLrs() {
        return baseLrs.clone();
    }

    final void setBaseLrs(double[] values) {
        baseLrs = values.clone();
    }

    /** Returns the rates of the groups as they are. */
    protected final double[] lrs() {
        return optimizer.paramGroups().stream().mapToDouble(ParamGroup::lr).toArray();
    }

    /** Returns whether the rates of the first epoch are being set. */
    protected final boolean isInitial() {
        return initial;
    }

    final boolean isFirstStep() {
        return stepCount == 1;
    }

    /** Returns numbers times a factor. */
    protected static double[] scaled(double[] values, double factor) {
        return Arrays.stream(values).map(v -> v * factor).toArray();
    }

    /** Returns the learning rates that were set last, one for each group; {@code get_last_lr}. */
    public final double[] getLastLr() {
        return lastLr.clone();
    }

    /**
     * Computes the rates of epoch {@link #lastEpoch}, one for each group, from {@link #lrs} or {@link #baseLrs}; {@code
     * get_lr}.
     */
    protected abstract double[] getLr();

    /** Computes the rates of epoch {@link #lastEpoch} from {@link #baseLrs} alone; null if there is no such formula. */
    protected double @Nullable [] getClosedFormLr() {
        return null;
    }

    /** Sets the rates of the next epoch; {@code step}. */
    public void step() {
        if (stepCount == 1 && !optimizer.hasStepped()) {
            Warnings.warn(
                    "Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you"
                        + " should call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`. "
                        + " Failure to do this will result in PyTorch skipping the first value of the learning rate"
                        + " schedule. See more details at"
                        + " https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate");
        }
        stepCount++;
        lastEpoch++;
        apply(getLr());
    }

    /** Sets the rates of an epoch by the closed formula, if there is one. */
    void jump(int epoch) {
        lastEpoch = epoch;
        double[] closed = getClosedFormLr();
        apply(closed == null ? getLr() : closed);
    }

    final void apply(double[] values) {
        List<ParamGroup> groups = optimizer.paramGroups();
        if (values.length != groups.size()) {
            throw new CotangentException(getClass().getSimpleName() + ".getLr() returned " + values.length
                    + " learning rates for " + groups.size() + " parameter groups");
        }
        for (int i = 0; i < values.length; i++) groups.get(i).setLr(values[i]);
        noteLastLr();
    }

    final void noteLastLr() {
        lastLr = lrs();
    }

    /** Returns the state for a checkpoint, by PyTorch's names; {@code state_dict}. */
    public Map<String, Object> stateDict() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("base_lrs", list(baseLrs));
        all.put("last_epoch", lastEpoch);
        all.put("_step_count", stepCount);
        all.put("_last_lr", list(lastLr));
        return all;
    }

    /** Takes over a state that {@link #stateDict} returned; {@code load_state_dict}. */
    public void loadStateDict(Map<String, ?> saved) {
        double[] bases = doubles(saved, "base_lrs");
        double[] last = doubles(saved, "_last_lr");
        int epoch = (int) number(saved, "last_epoch");
        stepCount = (int) number(saved, "_step_count");
        baseLrs = bases;
        lastLr = last;
        lastEpoch = epoch;
    }

    static double number(Map<String, ?> saved, String name) {
        if (saved.get(name) instanceof Number n) return n.doubleValue();
        throw new CotangentException("no state of a scheduler: \"" + name + "\" is " + saved.get(name));
    }

    private static double[] doubles(Map<String, ?> saved, String name) {
        if (saved.get(name) instanceof List<?> list && list.stream().allMatch(Number.class::isInstance)) {
            return list.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
        }
        throw new CotangentException("no state of a scheduler: \"" + name + "\" is " + saved.get(name));
    }

    private static List<Double> list(double[] values) {
        List<Double> all = new ArrayList<>();
        for (double v : values) all.add(v);
        return all;
    }

    /** Returns the number's text in PyTorch's messages. */
    static String text(double value) {
        return PythonText.of(value);
    }
}
