package dev.cotangent.optim;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parameters that an optimiser changes with the same options; an entry of PyTorch's {@code param_groups}. Options are
 * found by PyTorch's names and may be changed between steps, as schedulers do.
 */
public final class ParamGroup {
    private final List<Tensor> params;
    private final Map<String, @Nullable Object> options = new LinkedHashMap<>();

    private ParamGroup(List<Tensor> params, Map<String, ? extends @Nullable Object> options) {
        this.params = List.copyOf(params);
        this.options.putAll(options);
    }

    /** Returns a group that has the optimiser's options. */
    public static ParamGroup of(List<Tensor> params) {
        return new ParamGroup(params, Map.of());
    }

    /** Returns a group with options of its own; those that are not set are the optimiser's. */
    public static ParamGroup of(List<Tensor> params, OptimizerOptions<?> options) {
        return new ParamGroup(params, options.values());
    }

    /** Returns a group with options of its own by PyTorch's names, for an optimiser that has no class of options. */
    public static ParamGroup of(List<Tensor> params, Map<String, ? extends @Nullable Object> options) {
        return new ParamGroup(params, options);
    }

    /** Returns a group of the same parameters, with defaults for the options that are not set. */
    ParamGroup with(Map<String, @Nullable Object> defaults) {
        ParamGroup whole = new ParamGroup(params, defaults);
        whole.options.putAll(options);
        return whole;
    }

    /** Returns the parameters. */
    public List<Tensor> params() {
        return params;
    }

    /** Returns all options by name, in order. */
    public Map<String, @Nullable Object> options() {
        return Collections.unmodifiableMap(options);
    }

    /** Returns the learning rate. */
    public double lr() {
        return number("lr");
    }

    /** Sets the learning rate of the steps to come. */
    public void setLr(double lr) {
        options.put("lr", lr);
    }

    /** Returns whether there is an option of that name. */
    public boolean has(String option) {
        return options.containsKey(option);
    }

    /** Returns an option's value. Throws if there is no such option. */
    public @Nullable Object get(String option) {
        Object value = options.get(option);
        if (value == null && !options.containsKey(option)) {
            throw new CotangentException(
                    "the parameter group has no option \"" + option + "\", only " + options.keySet());
        }
        return value;
    }

    /** Sets an option of the steps to come. */
    public void set(String option, @Nullable Object value) {
        options.put(option, value);
    }

    /** Returns an option that is a number. */
    public double number(String option) {
        return typed(option, Number.class).doubleValue();
    }

    /** Returns an option that is a whole number. */
    public int integer(String option) {
        return typed(option, Number.class).intValue();
    }

    /** Returns an option that is true or false. */
    public boolean flag(String option) {
        return typed(option, Boolean.class);
    }

    /** Returns a number of an option that is a tuple, such as {@code betas}. */
    public double number(String option, int index) {
        Object item = typed(option, List.class).get(index);
        if (item instanceof Number n) return n.doubleValue();
        throw new CotangentException("option \"" + option + "\" has no number at index " + index + ", but " + item);
    }

    private <T> T typed(String option, Class<T> type) {
        Object value = get(option);
        if (type.isInstance(value)) return type.cast(value);
        throw new CotangentException("option \"" + option + "\" of the parameter group has to be a "
                + type.getSimpleName() + ", but is " + value);
    }
}
