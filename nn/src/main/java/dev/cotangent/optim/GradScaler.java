package dev.cotangent.optim;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Scales losses so that gradients of float16 do not vanish, and skips steps whose gradients are not finite; {@code
 * torch.amp.GradScaler} (Micikevicius and others 2018).
 *
 * <pre>{@code
 * GradScaler scaler = new GradScaler();
 * try (Autocast autocast = Autocast.open(Device.cuda(0))) {
 *     loss = model.call(x).crossEntropy(y);
 * }
 * scaler.scale(loss).backward();
 * scaler.step(optimizer);
 * scaler.update();
 * }</pre>
 */
public final class GradScaler {
    /**
     * The options of a scaler. Immutable; each method returns changed options.
     *
     * @param initScale the first scale
     * @param growthFactor what the scale is multiplied by after {@code growthInterval} steps in a row that were not skipped
     * @param backoffFactor what it is multiplied by after a step that was skipped
     * @param enabled if not, losses are not scaled and no step is skipped
     */
    public record Options(
            double initScale, double growthFactor, double backoffFactor, int growthInterval, boolean enabled) {
        /** Returns a copy with {@code initScale}. */
        public Options initScale(double value) {
            return new Options(value, growthFactor, backoffFactor, growthInterval, enabled);
        }

        /** Returns a copy with {@code growthFactor}. */
        public Options growthFactor(double value) {
            return new Options(initScale, value, backoffFactor, growthInterval, enabled);
        }

        /** Returns a copy with {@code backoffFactor}. */
        public Options backoffFactor(double value) {
            return new Options(initScale, growthFactor, value, growthInterval, enabled);
        }

        /** Returns a copy with {@code growthInterval}. */
        public Options growthInterval(int value) {
            return new Options(initScale, growthFactor, backoffFactor, value, enabled);
        }

        /** Returns a copy with {@code enabled}. */
        public Options enabled(boolean value) {
            return new Options(initScale, growthFactor, backoffFactor, growthInterval, value);
        }
    }

    private enum Stage {
        UNSCALED,
        STEPPED
    }

    private static final class Progress {
        Stage stage = Stage.UNSCALED;
        boolean finite;
    }

    private final boolean enabled;
    /** Of float32, as in PyTorch: what is saved and what scales are the same number. */
    private float scale;

    private double growthFactor;
    private double backoffFactor;
    private int growthInterval;
    private int growthTracker;
    private boolean used;
    private final Map<Optimizer, Progress> optimizers = new IdentityHashMap<>();

    /** Creates a scaler with PyTorch's defaults. */
    public GradScaler() {
        this(options());
    }

    /** Creates a scaler. Throws if the growth factor is not above 1, or the backoff factor not below 1. */
    public GradScaler(Options options) {
        Arguments.notNull("GradScaler", "options", options);
        if (options.enabled && !(options.growthFactor > 1))
            throw new ValueException("The growth factor must be > 1.0.");
        if (options.enabled && !(options.backoffFactor < 1))
            throw new ValueException("The backoff factor must be < 1.0.");
        enabled = options.enabled;
        scale = (float) options.initScale;
        growthFactor = options.growthFactor;
        backoffFactor = options.backoffFactor;
        growthInterval = options.growthInterval;
    }

    /** Returns PyTorch's defaults: a scale of 65536 that doubles after 2000 steps, and is halved by a step that is skipped. */
    public static Options options() {
        return new Options(65536, 2, 0.5, 2000, true);
    }

    /** Multiplies a loss by the scale; {@code scale}. */
    public Tensor scale(Tensor loss) {
        Arguments.notNull("scale", "loss", loss);
        if (!enabled) return loss;
        used = true;
        // As a product with a float32 tensor of no dimensions, which keeps the dtype of a loss with dimensions.
        return loss.mul(scale);
    }

    private void checkUsed(String attempted) {
        if (!used) {
            throw new CotangentException(
                    "Attempted " + attempted + " but _scale is None.  This may indicate your script did"
                            + " not use scaler.scale(loss or outputs) earlier in the iteration.");
        }
    }

    /**
     * Divides the gradients of an optimiser's parameters by the scale, such as before they are clipped; {@code unscale_}. Throws
     * if it was called since the last {@link #update}, or if a gradient is float16.
     */
    public void unscale_(Optimizer optimizer) {
        Arguments.notNull("unscale_", "optimizer", optimizer);
        if (!enabled) return;
        checkUsed("unscale_");
        Progress known = optimizers.get(optimizer);
        if (known != null) {
            throw new CotangentException(
                    known.stage == Stage.STEPPED
                            ? "unscale_() is being called after step()."
                            : "unscale_() has already been called on this optimizer since the last update().");
        }
        optimizers.put(optimizer, unscale(optimizer));
    }

    private Progress unscale(Optimizer optimizer) {
        for (Tensor p : optimizer.parameters()) {
            Tensor g = p.grad();
            if (g != null && g.dtype() == Dtype.FLOAT16)
                throw new ValueException("Attempting to unscale FP16 gradients.");
        }
        Progress progress = new Progress();
        progress.finite = true;
        boolean any = false;
        float inverse = (float) (1.0 / scale);
        for (Tensor p : optimizer.parameters()) {
            Tensor g = p.grad();
            if (g == null) continue;
            any = true;
            // Checked before the product, as PyTorch does: an overflow of it is not one of the backward pass.
            if (!g.isfinite().all().itemBoolean()) progress.finite = false;
            g.mul_(inverse);
        }
        if (!any) throw new CotangentException("No inf checks were recorded for this optimizer.");
        return progress;
    }

    /**
     * Unscales the gradients, unless {@link #unscale_} has, and calls the optimiser if they are finite; {@code step}. Throws if it
     * was called since the last {@link #update}.
     *
     * @return whether the optimiser was called
     */
    public boolean step(Optimizer optimizer) {
        Arguments.notNull("step", "optimizer", optimizer);
        if (!enabled) {
            optimizer.step();
            return true;
        }
        checkUsed("step");
        Progress progress = optimizers.get(optimizer);
        if (progress == null) {
            progress = unscale(optimizer);
            optimizers.put(optimizer, progress);
        } else if (progress.stage == Stage.STEPPED) {
            throw new CotangentException("step() has already been called since the last update().");
        }
        if (progress.finite) optimizer.step();
        progress.stage = Stage.STEPPED;
        return progress.finite;
    }

    /** Closures are not supported, as in PyTorch: the gradients that they compute would not be unscaled. */
    public void step(Optimizer optimizer, Supplier<Tensor> closure) {
        throw new CotangentException("Closure use is not currently supported if GradScaler is enabled.");
    }

    /** Grows the scale, or reduces it if a gradient was not finite; {@code update}. Throws if no optimiser was called. */
    public void update() {
        if (!enabled) return;
        checkUsed("update");
        if (optimizers.isEmpty()) throw new CotangentException("No inf checks were recorded prior to update.");
        boolean finite = optimizers.values().stream().allMatch(p -> p.finite);
        optimizers.clear();
        if (!finite) {
            scale = (float) (scale * backoffFactor);
            growthTracker = 0;
        } else if (++growthTracker == growthInterval) {
            float grown = (float) (scale * growthFactor);
            if (Float.isFinite(grown)) scale = grown;
            growthTracker = 0;
        }
    }

    /** Sets the scale; {@code update(new_scale)}. */
    public void update(double newScale) {
        if (!enabled) return;
        checkUsed("update");
        scale = (float) newScale;
        optimizers.clear();
    }

    /** Returns the scale, 1 if this is disabled; {@code get_scale}. */
    public double getScale() {
        return enabled ? scale : 1;
    }

    /** Returns whether this is enabled; {@code is_enabled}. */
    public boolean isEnabled() {
        return enabled;
    }

    /** Returns the state in PyTorch's form, empty if this is disabled; {@code state_dict}. */
    public Map<String, Object> stateDict() {
        Map<String, Object> out = new LinkedHashMap<>();
        if (!enabled) return out;
        out.put("scale", (double) scale);
        out.put("growth_factor", growthFactor);
        out.put("backoff_factor", backoffFactor);
        out.put("growth_interval", (long) growthInterval);
        out.put("_growth_tracker", (long) growthTracker);
        return out;
    }

    /** Sets the state; {@code load_state_dict}. Throws, and changes nothing, if it is of a scaler that was disabled. */
    public void loadStateDict(Map<String, ?> state) {
        Arguments.notNull("load_state_dict", "state", state);
        if (!enabled) return;
        if (state.isEmpty()) {
            throw new CotangentException(
                    "The source state dict is empty, possibly because it was saved from a disabled instance of"
                            + " GradScaler.");
        }
        double newScale = number(state, "scale");
        double growth = number(state, "growth_factor");
        double backoff = number(state, "backoff_factor");
        double interval = number(state, "growth_interval");
        double tracker = number(state, "_growth_tracker");
        scale = (float) newScale;
        growthFactor = growth;
        backoffFactor = backoff;
        growthInterval = (int) interval;
        growthTracker = (int) tracker;
    }

    private static double number(Map<String, ?> state, String name) {
        @Nullable Object value = state.get(name);
        if (value instanceof Number n) return n.doubleValue();
        throw new CotangentException("the state of a GradScaler has \"" + name + "\": " + value);
    }
}
