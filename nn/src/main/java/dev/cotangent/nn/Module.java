package dev.cotangent.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.RecordFunction;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A part of a neural network: parameters, buffers and other modules, each under a name, and what it computes. PyTorch's
 * {@code nn.Module}.
 *
 * <p>A module of your own registers what it is made of, in this order, and overrides the {@code forward} with as many
 * inputs as it has:
 *
 * <pre>{@code
 * final class Classifier extends Module {
 *     private final Linear hidden = registerModule("hidden", new Linear(64, 128));
 *     private final Linear out = registerModule("out", new Linear(128, 10));
 *
 *     @Override
 *     public Tensor forward(Tensor x) {
 *         return out.call(hidden.call(x).relu());
 *     }
 * }
 * }</pre>
 *
 * <p>{@link #call(Tensor)} is PyTorch's {@code module(x)}: {@code forward} with the hooks around it.
 *
 * <p>Import it by name: Java has a class {@code Module} of its own, which an import of the whole package does not hide.
 */
public abstract class Module {
    private final Map<String, @Nullable Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, @Nullable Tensor> buffers = new LinkedHashMap<>();
    private final Map<String, Module> modules = new LinkedHashMap<>();
    private final Set<String> notPersistent = new HashSet<>();
    private @Nullable ModuleHooks hooks;
    private boolean training = true;

    /** Creates a module without parts. */
    protected Module() {}

    // Computing

    /** Computes the module of one input. */
    public Tensor forward(Tensor input) {
        throw missing();
    }

    /** Computes the module of two inputs, such as a loss of a prediction and a target. */
    public Tensor forward(Tensor input, Tensor other) {
        throw missing();
    }

    /** Computes the module of three inputs. */
    public Tensor forward(Tensor first, Tensor second, Tensor third) {
        throw missing();
    }

    private UnsupportedException missing() {
        return new UnsupportedException("Module [" + name()
                + "] is missing the required \"forward\" function. In Java: one with this number of inputs");
    }

    /** Computes the module of one input and runs its hooks; PyTorch's {@code module(input)}. */
    public final Tensor call(Tensor input) {
        return isPlain() ? forward(input) : run(new Tensor[] {input}, in -> forward(in[0]));
    }

    /** Computes the module of two inputs and runs its hooks. */
    public final Tensor call(Tensor input, Tensor other) {
        return isPlain() ? forward(input, other) : run(new Tensor[] {input, other}, in -> forward(in[0], in[1]));
    }

    /** Computes the module of three inputs and runs its hooks. */
    public final Tensor call(Tensor first, Tensor second, Tensor third) {
        return isPlain()
                ? forward(first, second, third)
                : run(new Tensor[] {first, second, third}, in -> forward(in[0], in[1], in[2]));
    }

    private boolean isPlain() {
        return hooks == null && !RecordFunction.isActive();
    }

    private Tensor run(Tensor[] inputs, java.util.function.Function<Tensor[], Tensor> forward) {
        ModuleHooks h = hooks;
        int range = RecordFunction.startRange(RecordFunction.Kind.MODULE, "nn.Module: " + name(), -1);
        try {
            return h == null ? forward.apply(inputs) : h.call(this, inputs, forward);
        } finally {
            RecordFunction.end(range);
        }
    }

    /**
     * Calls this module with other tensors in the place of parameters and buffers; {@code torch.func.functional_call}. Those not
     * named keep theirs. Gradients reach the given tensors, so that transforms of functions differentiate with respect to
     * them. In-place updates of buffers change the given ones.
     *
     * <p>Other threads must not use the module meanwhile, except by this method, which lets one in at a time. A
     * checkpoint within the module, which computes again later, would use the module's own tensors then.
     *
     * @param tensors by dotted names, as {@link #namedParameters} and {@link #namedBuffers} have them
     * @param inputs one to three
     * @throws CotangentException if there is no parameter and no buffer of a name, or two of one tensor
     */
    public final Tensor functionalCall(Map<String, Tensor> tensors, Tensor... inputs) {
        return functionalCall(tensors, () -> switch (inputs.length) {
            case 1 -> call(inputs[0]);
            case 2 -> call(inputs[0], inputs[1]);
            case 3 -> call(inputs[0], inputs[1], inputs[2]);
            default ->
                throw new CotangentException("functionalCall takes one to three inputs, but got " + inputs.length
                        + "; others are given in a lambda: functionalCall(tensors, () -> module.forward(...))");
        });
    }

    /** Works as {@link #functionalCall(Map, Tensor...)}, for a call of any form. */
    public final synchronized <T> T functionalCall(Map<String, Tensor> tensors, Supplier<T> call) {
        return FunctionalCall.run(this, tensors, call);
    }

    /** Returns the parameter or buffer of this module of a name, or null. */
    final @Nullable Tensor ownTensor(String name) {
        Tensor parameter = parameters.get(name);
        return parameter != null ? parameter : buffers.get(name);
    }

    // Registering

    /**
     * Makes a tensor a parameter of this module; {@code register_parameter}.
     *
     * @param data the values; null for a parameter that this module does not have, such as a bias
     * @return the parameter, which shares the memory of {@code data}
     */
    public final <T extends @Nullable Tensor> T registerParameter(String name, T data) {
        checkName("parameter", name);
        if (data == null) {
            parameters.put(name, null);
            return data;
        }
        Tensor parameter =
                Parameter.is(data) ? data : Parameter.of(data, data.dtype().isDifferentiable());
        parameters.put(name, parameter);
        @SuppressWarnings("unchecked")
        T result = (T) parameter;
        return result;
    }

    /** Makes a tensor that is kept but not trained part of this module; {@code register_buffer}. */
    public final <T extends @Nullable Tensor> T registerBuffer(String name, T data) {
        return registerBuffer(name, data, true);
    }

    /** Works as {@link #registerBuffer(String, Tensor)}; one that is not persistent is no part of {@link #stateDict}. */
    public final <T extends @Nullable Tensor> T registerBuffer(String name, T data, boolean persistent) {
        checkName("buffer", name);
        buffers.put(name, data);
        if (!persistent) notPersistent.add(name);
        return data;
    }

    /** Makes a module part of this one; {@code register_module}. */
    public final <M extends Module> M registerModule(String name, M module) {
        checkName("module", name);
        if (contains(module)) {
            throw new CotangentException("module \"" + name + "\" contains this " + name()
                    + " itself: a module cannot be a part of its own parts");
        }
        modules.put(name, module);
        return module;
    }

    private boolean contains(Module part) {
        return part == this || part.modules.values().stream().anyMatch(this::contains);
    }

    private void checkName(String kind, String name) {
        if (name.isEmpty()) throw new CotangentException(kind + " name can't be empty string \"\"");
        if (name.contains(".")) throw new CotangentException(kind + " name can't contain \".\", got: " + name);
        if (parameters.containsKey(name) || buffers.containsKey(name) || modules.containsKey(name)) {
            throw new CotangentException("attribute '" + name + "' already exists");
        }
    }

    /** Puts another module in the place of the one of that name, or adds it. */
    final void replaceModule(String name, Module module) {
        if (modules.containsKey(name)) modules.put(name, module);
        else registerModule(name, module);
    }

    /** Puts another parameter in the place of the one of that name, or adds it. */
    final Tensor replaceParameter(String name, Tensor data) {
        parameters.remove(name);
        return registerParameter(name, data);
    }

    /** Takes a module out. */
    final void removeModule(String name) {
        modules.remove(name);
    }

    // Looking in

    /** Returns the modules that this one is made of, by name; {@code named_children}. */
    public final Map<String, Module> namedChildren() {
        return Collections.unmodifiableMap(modules);
    }

    /** Returns the modules that this one is made of; {@code children}. */
    public final Collection<Module> children() {
        return Collections.unmodifiableCollection(modules.values());
    }

    /** Returns this module, under "", and all within, each once, by dotted name; {@code named_modules}. */
    public final Map<String, Module> namedModules() {
        Map<String, Module> all = new LinkedHashMap<>();
        Set<Module> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        walk("", (prefix, m) -> {
            if (seen.add(m)) all.put(prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1), m);
        });
        return all;
    }

    /** Returns this module and all within, each once; {@code modules}. */
    public final List<Module> modules() {
        return List.copyOf(namedModules().values());
    }

    /** Returns the parameters of this module and of all within, each once, by dotted name; {@code named_parameters}. */
    public final Map<String, Tensor> namedParameters() {
        return collect((m, out) -> m.parameters.forEach(out), true);
    }

    /** Returns the buffers of this module and of all within, each once, by dotted name; {@code named_buffers}. */
    public final Map<String, Tensor> namedBuffers() {
        return collect((m, out) -> m.buffers.forEach(out), true);
    }

    /** Returns the parameters of this module and of all within, each once; {@code parameters}. */
    public final List<Tensor> parameters() {
        return List.copyOf(namedParameters().values());
    }

    /** Returns the buffers of this module and of all within, each once; {@code buffers}. */
    public final List<Tensor> buffers() {
        return List.copyOf(namedBuffers().values());
    }

    /** Returns the module of a dotted name; {@code get_submodule}. */
    public final Module getSubmodule(String target) {
        Module at = this;
        if (target.isEmpty()) return at;
        for (String part : target.split("\\.", -1)) {
            Module next = at.modules.get(part);
            if (next == null) {
                throw new CotangentException(
                        at.name() + " has no attribute `" + part + "`. Its modules are " + at.modules.keySet());
            }
            at = next;
        }
        return at;
    }

    /** Returns the parameter of a dotted name; {@code get_parameter}. */
    public final Tensor getParameter(String target) {
        return find(target, "nn.Parameter", m -> m.parameters);
    }

    /** Returns the buffer of a dotted name; {@code get_buffer}. */
    public final Tensor getBuffer(String target) {
        return find(target, "a buffer", m -> m.buffers);
    }

    private Tensor find(
            String target, String kind, java.util.function.Function<Module, Map<String, @Nullable Tensor>> in) {
        int dot = target.lastIndexOf('.');
        Module owner = getSubmodule(dot < 0 ? "" : target.substring(0, dot));
        String name = target.substring(dot + 1);
        Map<String, @Nullable Tensor> all = in.apply(owner);
        Tensor found = all.get(name);
        if (found != null) return found;
        throw new CotangentException(
                "`" + name + "` is not " + kind + " of " + owner.name() + ", which has " + all.keySet());
    }

    private Map<String, Tensor> collect(BiConsumer<Module, BiConsumer<String, Tensor>> own, boolean once) {
        Map<String, Tensor> all = new LinkedHashMap<>();
        Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        walk(
                "",
                (prefix, m) -> own.accept(m, (name, t) -> {
                    if (t != null && (seen.add(t) || !once)) all.put(prefix + name, t);
                }));
        return all;
    }

    private void walk(String prefix, BiConsumer<String, Module> visit) {
        visit.accept(prefix, this);
        modules.forEach((name, m) -> m.walk(prefix + name + ".", visit));
    }

    // State

    /** Returns the values of all parameters and buffers by dotted name, sharing memory with them; {@code state_dict}. */
    public final Map<String, Tensor> stateDict() {
        Map<String, Tensor> all = state();
        all.replaceAll((_, t) -> t.detach());
        return all;
    }

    private Map<String, Tensor> state() {
        return collect(
                (m, out) -> {
                    m.parameters.forEach(out);
                    m.buffers.forEach((name, t) -> {
                        if (!m.notPersistent.contains(name)) out.accept(name, t);
                    });
                },
                false);
    }

    /** Copies values into the parameters and buffers, all of them; {@code load_state_dict} with {@code strict=True}. */
    public final IncompatibleKeys loadStateDict(Map<String, Tensor> values) {
        return loadStateDict(values, true);
    }

    /**
     * Copies values into the parameters and buffers; {@code load_state_dict}. Where a shape differs, or with {@code
     * strict} a name is missing or unknown, nothing is changed, and the exception names them all.
     *
     * @return the names that did not fit
     */
    public final IncompatibleKeys loadStateDict(Map<String, Tensor> values, boolean strict) {
        Map<String, Tensor> mine = state();
        List<String> unknown =
                values.keySet().stream().filter(n -> !mine.containsKey(n)).toList();
        List<String> missing =
                mine.keySet().stream().filter(n -> !values.containsKey(n)).toList();
        List<String> errors = new ArrayList<>();
        if (strict && !missing.isEmpty()) errors.add("Missing key(s) in state_dict: " + quoted(missing) + ". ");
        if (strict && !unknown.isEmpty()) errors.add("Unexpected key(s) in state_dict: " + quoted(unknown) + ". ");
        mine.forEach((name, to) -> {
            Tensor from = values.get(name);
            if (from != null && !from.shape().equals(to.shape())) {
                errors.add("size mismatch for " + name + ": copying a param with shape " + from.shape()
                        + " from checkpoint, the shape in current model is " + to.shape() + ".");
            }
        });
        if (!errors.isEmpty()) {
            throw new CotangentException(
                    "Error(s) in loading state_dict for " + name() + ":\n\t" + String.join("\n\t", errors));
        }
        try (var _ = Autograd.noGrad()) {
            mine.forEach((name, to) -> {
                Tensor from = values.get(name);
                if (from != null) to.copy_(from);
            });
        }
        return new IncompatibleKeys(missing, unknown);
    }

    private static String quoted(List<String> names) {
        return String.join(", ", names.stream().map(n -> '"' + n + '"').toList());
    }

    // Changing

    /** Returns whether this is being trained, which dropout and its like ask; {@code training}. */
    public final boolean isTraining() {
        return training;
    }

    /** Turns this and all modules within to training or away from it; {@code train}. */
    public Module train(boolean mode) {
        training = mode;
        for (Module m : modules.values()) m.train(mode);
        return this;
    }

    /** Turns this and all modules within to training. */
    public final Module train() {
        return train(true);
    }

    /** Turns this and all modules within to evaluation; {@code eval}. */
    public final Module eval() {
        return train(false);
    }

    /** Calls something with each module within and then with this one; {@code apply}. */
    public final Module apply(Consumer<Module> action) {
        for (Module m : modules.values()) m.apply(action);
        action.accept(this);
        return this;
    }

    /** Makes all parameters require gradients; {@code requires_grad_}. */
    public final Module requiresGrad_() {
        return requiresGrad_(true);
    }

    /** Makes all parameters require gradients, or freezes them; {@code requires_grad_}. */
    public final Module requiresGrad_(boolean value) {
        for (Tensor p : parameters()) p.requiresGrad_(value);
        return this;
    }

    /** Sets the gradients of all parameters to none; {@code zero_grad}. */
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

    /** Moves and converts all parameters and buffers in place; {@code to}. */
    public final Module to(Device device, Dtype dtype) {
        return to(dtype).to(device);
    }

    /** Moves to the first GPU; {@code cuda}. */
    public final Module cuda() {
        return to(Device.cuda(0));
    }

    /** Moves to the CPU; {@code cpu}. */
    public final Module cpu() {
        return to(Device.cpu());
    }

    private Module convert(UnaryOperator<Tensor> conversion) {
        try (var _ = Autograd.noGrad()) {
            Set<Tensor> all = Collections.newSetFromMap(new IdentityHashMap<>());
            all.addAll(parameters());
            all.addAll(buffers());
            for (Tensor t : all) {
                Tensor gradient = t.grad();
                t.setData(conversion.apply(t.detach()));
                if (gradient != null) t.setGrad(conversion.apply(gradient));
            }
        }
        return this;
    }

    // Hooks

    /** Sees the inputs before {@code forward}; returns others to be used instead, or null. */
    @FunctionalInterface
    public interface ForwardPreHook {
        /** Runs before {@code forward}. */
        Tensor @Nullable [] apply(Module module, Tensor[] inputs);
    }

    /** Sees inputs and output after {@code forward}; returns another output, or null. */
    @FunctionalInterface
    public interface ForwardHook {
        /** Runs after {@code forward}. */
        @Nullable
        Tensor apply(Module module, Tensor[] inputs, Tensor output);
    }

    /** Sees the gradient of the output before the module's backward; returns another one, or null. */
    @FunctionalInterface
    public interface BackwardPreHook {
        /** Runs before the backward of the module. */
        @Nullable
        Tensor apply(Module module, @Nullable Tensor gradOutput);
    }

    /** Sees the gradients of inputs and output; returns others for the inputs, or null. */
    @FunctionalInterface
    public interface BackwardHook {
        /** Runs after the backward of the module; gradients of inputs that require none are null. */
        @Nullable
        Tensor @Nullable [] apply(Module module, @Nullable Tensor[] gradInputs, @Nullable Tensor gradOutput);
    }

    private ModuleHooks hooks() {
        ModuleHooks h = hooks;
        if (h == null) hooks = h = new ModuleHooks();
        return h;
    }

    /** Calls a hook before each {@link #call}. Returns what removes it; {@code register_forward_pre_hook}. */
    public final Runnable registerForwardPreHook(ForwardPreHook hook) {
        return ModuleHooks.add(hooks().forwardPre, hook);
    }

    /** Calls a hook after each {@link #call}. Returns what removes it; {@code register_forward_hook}. */
    public final Runnable registerForwardHook(ForwardHook hook) {
        return ModuleHooks.add(hooks().forward, hook);
    }

    /** Calls a hook before each backward. Returns what removes it; {@code register_full_backward_pre_hook}. */
    public final Runnable registerFullBackwardPreHook(BackwardPreHook hook) {
        return ModuleHooks.add(hooks().backwardPre, hook);
    }

    /** Calls a hook after each backward. Returns what removes it; {@code register_full_backward_hook}. */
    public final Runnable registerFullBackwardHook(BackwardHook hook) {
        return ModuleHooks.add(hooks().backward, hook);
    }

    // Text

    /** Returns the name of the kind of module; that of the class, of an anonymous one that of its superclass. */
    protected String name() {
        Class<?> c = getClass();
        while (c.getSimpleName().isEmpty()) c = c.getSuperclass();
        return c.getSimpleName();
    }

    /** Returns the text between the parentheses of {@link #toString}; {@code extra_repr}. */
    protected String extraRepr() {
        return "";
    }

    /** Returns PyTorch's text of the module and those within. */
    @Override
    public String toString() {
        String extra = extraRepr();
        List<String> children = childLines();
        if (children.isEmpty() && !extra.contains("\n")) return name() + "(" + extra + ")";
        StringBuilder text = new StringBuilder(name()).append("(\n");
        if (!extra.isEmpty()) {
            for (String line : extra.split("\n")) text.append("  ").append(line).append('\n');
        }
        for (String child : children) text.append("  ").append(child).append('\n');
        return text.append(')').toString();
    }

    /** Returns the text of each part, with its name. */
    List<String> childLines() {
        List<String> lines = new ArrayList<>();
        modules.forEach((n, m) -> lines.add("(" + n + "): " + indented(m.toString())));
        return lines;
    }

    static String indented(String text) {
        return text.replace("\n", "\n  ");
    }
}
