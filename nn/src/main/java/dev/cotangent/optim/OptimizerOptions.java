package dev.cotangent.optim;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Options of an optimiser by PyTorch's names, immutable: each method returns a copy with one more option set. An option
 * that is not set has the optimiser's default.
 *
 * @param <O> the optimiser's own class of options
 */
public abstract class OptimizerOptions<O extends OptimizerOptions<O>> {
    private final Map<String, @Nullable Object> values;

    /** Creates options of these values. */
    protected OptimizerOptions(Map<String, ? extends @Nullable Object> values) {
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Returns options of the same class with these values. */
    protected abstract O copy(Map<String, @Nullable Object> changed);

    /** Returns a copy with the learning rate; {@code lr}. */
    public final O lr(double value) {
        return with("lr", value);
    }

    /** Returns a copy with the option of that name. */
    protected final O with(String name, @Nullable Object value) {
        Map<String, @Nullable Object> changed = new LinkedHashMap<>(values);
        changed.put(name, value);
        return copy(changed);
    }

    /** Returns the options that are set, by PyTorch's names. */
    public final Map<String, @Nullable Object> values() {
        return values;
    }
}
