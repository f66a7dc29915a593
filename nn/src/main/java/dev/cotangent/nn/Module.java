package dev.cotangent.nn;

import dev.cotangent.Autograd;
import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * A part of a neural network: parameters, buffers and other modules, each under a name, and what it computes. PyTorch's
 * {@code nn.Module}.
 *
 * <p>A module's constructor says what it is made of:
 *
 * <pre>{@code
 * final class Classifier extends Module {
 *     private final Linear hidden = module("hidden", new Linear(64, 128));
 *     private final Linear out = module("out", new Linear(128, 10));
 *
 *     @Override
 *     public Tensor forward(Tensor x) {
 *         return out.forward(hidden.forward(x).relu());
 *     }
 * }
 * }</pre>
 *
 * <p>Import it by name: Java has a class {@code Module} of its own, which an import of the whole package does not hide.
 */
public abstract class Module {
    private final Map<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, Module> modules = new LinkedHashMap<>();
    private boolean training = true;

    /** What the module computes of one tensor; a module of other inputs has a method of its own beside this. */
    public Tensor forward(Tensor input) {
        throw new UnsupportedException(
                "Module [" + getClass().getSimpleName() + "] is missing the required \"forward\" function");
    }

    /** Makes a tensor a parameter of this module; {@code register_parameter}. */
    protected final Tensor parameter(String name, Tensor data) {
        checkName("parameter", name);
        Tensor parameter =
                Parameter.is(data) ? data : Parameter.of(data, data.dtype().isFloatingPoint());
        parameters.put(name, parameter);
        return parameter;
    }

    /** Makes a tensor that is kept but not trained part of this module; {@code register_buffer}. */
    protected final Tensor buffer(String name, Tensor data) {
        checkName("buffer", name);
        buffers.put(name, data);
        return data;
    }

    /** Makes a module part of this one; {@code register_module}. */
    protected final <M extends Module> M module(String name, M module) {
        checkName("module", name);
        modules.put(name, module);
        return module;
    }

    private void checkName(String kind, String name) {
        if (name.isEmpty()) throw new CotangentException(kind + " name can't be empty string \"\"");
        if (name.contains(".")) throw new CotangentException(kind + " name can't contain \".\", got: " + name);
        if (parameters.containsKey(name) || buffers.containsKey(name) || modules.containsKey(name)) {
            throw new CotangentException("attribute '" + name + "' already exists");
        }
    }

    /** The modules that this one is made of, by name; {@code named_children}. */
    public final Map<String, Module> namedChildren() {
        return Collections.unmodifiableMap(modules);
    }

    /** The parameters of this module and of all within, each once, by dotted name; {@code named_parameters}. */
    public final Map<String, Tensor> namedParameters() {
        return collect((m, out) -> m.parameters.forEach(out), true);
    }

    /** The buffers of this module and of all within, each once, by dotted name; {@code named_buffers}. */
    public final Map<String, Tensor> namedBuffers() {
        return collect((m, out) -> m.buffers.forEach(out), true);
    }

    /** What training changes, each once; {@code parameters}. */
    public final List<Tensor> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /** The values of all parameters and buffers by dotted name, sharing memory with them; {@code state_dict}. */
    public final Map<String, Tensor> stateDict() {
        Map<String, Tensor> all = state();
        all.replaceAll((_, t) -> t.detach());
        return all;
    }

    private Map<String, Tensor> state() {
        return collect(
                (m, out) -> {
                    m.parameters.forEach(out);
                    m.buffers.forEach(out);
                },
                false);
    }

    private Map<String, Tensor> collect(BiConsumer<Module, BiConsumer<String, Tensor>> own, boolean once) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        walk(
                "",
                (prefix, m) -> own.accept(m, (name, t) -> {
                    if (seen.add(t) || !once) all.put(prefix + name, t);
                }));
        return all;
    }

    private void walk(String prefix, BiConsumer<String, Module> visit) {
        visit.accept(prefix, this);
        modules.forEach((name, m) -> m.walk(prefix + name + ".", visit));
    }

    /**
     * Copies values into the parameters and buffers; {@code load_state_dict} with {@code strict=True}. Where a name is
     * missing or unknown or a shape differs nothing is changed, and the exception names them all.
     */
    public final void loadStateDict(Map<String, Tensor> values) {
        Map<String, Tensor> mine = state();
        List<String> errors = new ArrayList<>();
        List<String> unknown = values.keySet().stream()
                .filter(n -> !mine.containsKey(n))
                .map(n -> '"' + n + '"')
                .toList();
        List<String> missing = mine.keySet().stream()
                .filter(n -> !values.containsKey(n))
                .map(n -> '"' + n + '"')
                .toList();
        if (!missing.isEmpty()) errors.add("Missing key(s) in state_dict: " + String.join(", ", missing) + ". ");
        if (!unknown.isEmpty()) errors.add("Unexpected key(s) in state_dict: " + String.join(", ", unknown) + ". ");
        mine.forEach((name, to) -> {
            Tensor from = values.get(name);
            if (from != null && !from.shape().equals(to.shape())) {
                errors.add("size mismatch for " + name + ": copying a param with shape " + from.shape()
                        + " from checkpoint, the shape in current model is " + to.shape() + ".");
            }
        });
        if (!errors.isEmpty()) {
            throw new CotangentException("Error(s) in loading state_dict for "
                    + getClass().getSimpleName() + ":\n\t" + String.join("\n\t", errors));
        }
        try (var _ = Autograd.noGrad()) {
            mine.forEach((name, to) -> to.copy_(values.get(name)));
        }
    }

    /** Whether this is being trained, which dropout and its like ask. */
    public final boolean isTraining() {
        return training;
    }

    /** Turns this and all modules within to training or away from it; {@code train}. */
    public final Module train(boolean mode) {
        walk("", (_, m) -> m.training = mode);
        return this;
    }

    /** {@link #train(boolean)} with true. */
    public final Module train() {
        return train(true);
    }

    /** {@link #train(boolean)} with false; {@code eval}. */
    public final Module eval() {
        return train(false);
    }

    /** Forgets the gradients of all parameters; {@code zero_grad}. */
    public final void zeroGrad() {
        for (Tensor p : parameters()) p.setGrad(null);
    }

    /** Moves all parameters and buffers, and their gradients, in place; {@code to}. Optimisers are to be made after. */
    public final Module to(Device device) {
        return convert(t -> t.to(device));
    }

    /** Converts all parameters and buffers of floating point in place; {@code to}. */
    public final Module to(Dtype dtype) {
        if (!dtype.isFloatingPoint()) {
            throw new CotangentException(
                    "nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=" + dtype);
        }
        return convert(t -> t.dtype().isFloatingPoint() ? t.to(dtype) : t);
    }

    /** {@link #to(Device)} the first GPU. */
    public final Module cuda() {
        return to(Device.cuda(0));
    }

    /** {@link #to(Device)} the CPU. */
    public final Module cpu() {
        return to(Device.cpu());
    }

    private Module convert(UnaryOperator<Tensor> conversion) {
        try (var _ = Autograd.noGrad()) {
            Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
            for (Tensor t : state().values()) {
                if (!seen.add(t)) continue;
                Tensor gradient = t.grad();
                t.setData(conversion.apply(t.detach()));
                if (gradient != null) t.setGrad(conversion.apply(gradient));
            }
        }
        return this;
    }

    /** What stands between the parentheses of {@link #toString}; {@code extra_repr}. */
    protected String extraRepr() {
        return "";
    }

    /** PyTorch's text of the module and those within. */
    @Override
    public String toString() {
        String name = getClass().getSimpleName() + "(";
        String extra = extraRepr();
        if (modules.isEmpty()) return name + extra + ")";
        StringBuilder text = new StringBuilder(name).append('\n');
        if (!extra.isEmpty()) text.append("  ").append(extra).append('\n');
        modules.forEach((n, m) -> text.append("  (")
                .append(n)
                .append("): ")
                .append(m.toString().replace("\n", "\n  "))
                .append('\n'));
        return text.append(')').toString();
    }
}
