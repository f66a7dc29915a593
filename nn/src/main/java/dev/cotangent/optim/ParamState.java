package dev.cotangent.optim;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The state of an optimiser for a parameter, by PyTorch's names; an entry of its {@code state}. */
public final class ParamState {
    private static final String STEP = "step";

    private final Map<String, Object> values = new LinkedHashMap<>();
    private long steps = -1;

    ParamState() {}

    /** Counts a step; returns how many there are with it. */
    public long nextStep() {
        return steps = Math.max(steps, 0) + 1;
    }

    /** Returns the number of steps counted by {@link #nextStep}. */
    public long steps() {
        return Math.max(steps, 0);
    }

    /** Returns the tensor of that name, or null. */
    public @Nullable Tensor tensor(String name) {
        Object known = values.get(name);
        if (known == null || known instanceof Tensor) return (Tensor) known;
        // A checkpoint does not tell a number from a tensor without dimensions.
        Tensor made = Scope.outside(() -> Tensors.scalar(((Double) known).floatValue()));
        values.put(name, made);
        return made;
    }

    /** Returns the tensor of that name, made if there is none yet; no {@link Scope} frees it. */
    public Tensor tensor(String name, Supplier<Tensor> first) {
        Tensor known = tensor(name);
        if (known != null) return known;
        Tensor made = Scope.outside(first);
        values.put(name, made);
        return made;
    }

    /** Returns the number of that name, or {@code first} if there is none yet. */
    public double number(String name, double first) {
        Object known = values.get(name);
        return known == null ? first : known instanceof Tensor t ? t.itemDouble() : (Double) known;
    }

    /** Remembers a number. */
    public void put(String name, double value) {
        values.put(name, value);
    }

    /** Remembers a tensor, which must not belong to an open {@link Scope}. */
    public void put(String name, Tensor value) {
        values.put(name, value);
    }

    /** Returns the values for a checkpoint: numbers as 0-d tensors of float32, as PyTorch has them, or if that loses digits of float64. */
    Map<String, Object> save() {
        Map<String, Object> all = new LinkedHashMap<>();
        if (steps >= 0) all.put(STEP, Tensors.scalar((float) steps));
        values.forEach((name, v) -> all.put(name, v instanceof Double d ? scalar(d) : v));
        return all;
    }

    private static Tensor scalar(double value) {
        return (float) value == value ? Tensors.scalar((float) value) : Tensors.scalar(value);
    }

    /** Returns whether a 0-d tensor is a number of the state: its parameter has dimensions or a lower precision. */
    private static boolean isNumber(Tensor t, Tensor parameter) {
        return t.dim() == 0
                && (parameter.dim() > 0 || t.dtype() == Dtype.FLOAT64 && parameter.dtype() != Dtype.FLOAT64);
    }

    /** Takes the values of a checkpoint, converted to the parameter's dtype and device. */
    void load(Tensor parameter, Map<?, ?> saved) {
        values.clear();
        steps = -1;
        saved.forEach((key, value) -> {
            String name = String.valueOf(key);
            switch (value) {
                case Tensor t when name.equals(STEP) -> steps = (long) t.itemDouble();
                case Number n when name.equals(STEP) -> steps = n.longValue();
                case Tensor t when isNumber(t, parameter) -> values.put(name, t.itemDouble());
                case Tensor t -> {
                    Dtype dtype =
                            t.dtype().isFloatingPoint() && parameter.dtype().isFloatingPoint()
                                    ? parameter.dtype()
                                    : t.dtype();
                    Tensor own = t.detach().to(parameter.device(), dtype);
                    values.put(name, Scope.outside(own::clone));
                }
                case Number n -> values.put(name, n.doubleValue());
                case null, default ->
                    throw new CotangentException("the state of an optimiser has \"" + name + "\" of an unknown kind: "
                            + (value == null ? "None" : value.getClass().getSimpleName()));
            }
        });
    }
}
