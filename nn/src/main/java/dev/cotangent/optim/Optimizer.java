package dev.cotangent.optim;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.Warnings;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.RecordFunction;
import dev.cotangent.internal.engine.AutogradMeta;
import dev.cotangent.ir.Expr;
import dev.cotangent.nn.internal.PythonText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Changes parameters by their gradients; PyTorch's {@code torch.optim.Optimizer}. Parameters are in groups, each with
 * options of its own; the state of a parameter between steps is its {@link ParamState}.
 *
 * <p>An optimiser of your own extends this class and says what a step does with a group:
 *
 * <pre>{@code
 * final class SignSgd extends Optimizer {
 *     SignSgd(List<Tensor> params, double lr) {
 *         super(params, Map.of("lr", lr));
 *     }
 *
 *     @Override
 *     protected void update(ParamGroup group) {
 *         for (Tensor p : group.params()) {
 *             Tensor gradient = p.grad();
 *             if (gradient != null) p.sub_(gradient.sign().mul(group.lr()));
 *         }
 *     }
 * }
 * }</pre>
 */
public abstract class Optimizer {
    private static final String PARAMS = "params";

    private final Map<String, @Nullable Object> defaults;
    private final List<ParamGroup> groups = new ArrayList<>();
    private final Map<Tensor, ParamState> states = new IdentityHashMap<>();
    private final List<Consumer<Optimizer>> before = new ArrayList<>();
    private final List<Consumer<Optimizer>> after = new ArrayList<>();
    private boolean stepped;

    /**
     * Creates an optimiser with one group.
     *
     * @param params leaf tensors, at least one
     * @param defaults the options by PyTorch's names, among them {@code lr}
     */
    protected Optimizer(List<Tensor> params, Map<String, ? extends @Nullable Object> defaults) {
        this(defaults, params.isEmpty() ? List.of() : List.of(ParamGroup.of(params)));
    }

    /**
     * Creates an optimiser with several groups.
     *
     * @param defaults the options by PyTorch's names that groups have unless they say otherwise
     * @param groups at least one
     */
    protected Optimizer(Map<String, ? extends @Nullable Object> defaults, List<ParamGroup> groups) {
        if (groups.isEmpty()) throw new ValueException("optimizer got an empty parameter list");
        this.defaults = Collections.unmodifiableMap(new LinkedHashMap<>(defaults));
        for (ParamGroup g : groups) addParamGroup(g);
    }

    /** Adds parameters with options of their own, such as layers that are trained from now on; {@code add_param_group}. */
    public final void addParamGroup(ParamGroup group) {
        Set<Tensor> all = Collections.newSetFromMap(new IdentityHashMap<>());
        for (ParamGroup g : groups) all.addAll(g.params());
        Set<Tensor> own = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Tensor p : group.params()) {
            if (!p.isLeaf()) throw new ValueException("can't optimize a non-leaf Tensor");
            if (!own.add(p)) {
                Warnings.warn("optimizer contains a parameter group with duplicate parameters; in future, this will"
                        + " cause an error; see github.com/pytorch/pytorch/issues/40967 for more information");
            }
            if (all.contains(p)) throw new ValueException("some parameters appear in more than one parameter group");
        }
        groups.add(group.with(defaults));
    }

    /** Returns the groups of parameters; {@code param_groups}. */
    public final List<ParamGroup> paramGroups() {
        return Collections.unmodifiableList(groups);
    }

    /** Returns the options that groups have unless they say otherwise; {@code defaults}. */
    public final Map<String, @Nullable Object> defaults() {
        return defaults;
    }

    /** Returns the parameters of all groups. */
    public final List<Tensor> parameters() {
        return groups.stream().flatMap(g -> g.params().stream()).toList();
    }

    /** Returns the learning rate of the first group. */
    public final double lr() {
        return groups.getFirst().lr();
    }

    /** Sets the learning rate of all groups for the steps to come. */
    public final void setLr(double lr) {
        checkLr(lr);
        for (ParamGroup g : groups) g.setLr(lr);
    }

    static double checkLr(double lr) {
        return notNegative("learning rate", lr);
    }

    static double notNegative(String name, double value) {
        if (!(value >= 0)) throw new ValueException("Invalid " + name + ": " + PythonText.of(value));
        return value;
    }

    /** Returns the state of a parameter, empty at first; {@code state[p]}. */
    public final ParamState state(Tensor parameter) {
        return states.computeIfAbsent(parameter, _ -> new ParamState());
    }

    /** Returns {@code gradient + rate * parameter}, or the gradient alone at a rate of 0, whatever the parameter is. */
    static Expr decayed(Expr gradient, Expr rate, Expr parameter) {
        return rate.eq(0).where(gradient, gradient.add(rate.mul(parameter)));
    }

    /** Returns a gradient to be read at once, so that its memory may be used again by {@link #zeroGrad()}. */
    static @Nullable Tensor gradient(Tensor parameter) {
        AutogradMeta meta = Internals.meta(parameter);
        return meta == null ? null : meta.grad();
    }

    /** Sets all gradients to none; {@code zero_grad}. */
    public final void zeroGrad() {
        int range = range("zero_grad");
        for (ParamGroup g : groups) for (Tensor p : g.params()) Internals.clearGrad(p);
        RecordFunction.end(range);
    }

    /** Starts the profiler's range, named as PyTorch names it. */
    private int range(String method) {
        if (!RecordFunction.isActive()) return 0;
        String type = getClass().getSimpleName();
        return RecordFunction.startRange(
                RecordFunction.Kind.USER, "Optimizer." + method + "#" + type + "." + method, -1);
    }

    /** Sets all gradients to none, or writes zeros into them; {@code zero_grad(set_to_none)}. */
    public final void zeroGrad(boolean setToNone) {
        if (setToNone) {
            zeroGrad();
            return;
        }
        for (Tensor p : parameters()) {
            Tensor gradient = p.grad();
            if (gradient != null) p.setGrad(gradient.detach().zero_());
        }
    }

    /** Changes each parameter that has a gradient; {@code step}. */
    public final void step() {
        step(null);
    }

    /**
     * Changes each parameter that has a gradient; {@code step(closure)}.
     *
     * @param closure computes the loss and its gradients anew; optimisers that need it call it several times
     * @return the loss that the closure returned first, or null without a closure
     */
    public @Nullable Tensor step(@Nullable Supplier<Tensor> closure) {
        int range = range("step");
        try {
            for (Consumer<Optimizer> hook : before) hook.accept(this);
            Tensor loss = closure == null ? null : evaluate(closure);
            try (var _ = Autograd.noGrad()) {
                for (ParamGroup g : groups) update(g);
            }
            stepDone();
            return loss;
        } finally {
            RecordFunction.end(range);
        }
    }

    /** Calls a closure with gradients enabled. */
    static Tensor evaluate(Supplier<Tensor> closure) {
        try (var _ = Autograd.enableGrad()) {
            return closure.get();
        }
    }

    final void stepDone() {
        stepped = true;
        for (Consumer<Optimizer> hook : after) hook.accept(this);
    }

    final boolean hasStepped() {
        return stepped;
    }

    /** Changes the parameters of a group by their gradients; called with gradients disabled. */
    protected abstract void update(ParamGroup group);

    /** Calls something before each step. Returns what removes it; {@code register_step_pre_hook}. */
    public final Runnable registerStepPreHook(Consumer<Optimizer> hook) {
        before.add(hook);
        return () -> before.remove(hook);
    }

    /** Calls something after each step. Returns what removes it; {@code register_step_post_hook}. */
    public final Runnable registerStepPostHook(Consumer<Optimizer> hook) {
        after.add(hook);
        return () -> after.remove(hook);
    }

    /**
     * Returns all that a checkpoint needs, in PyTorch's form: {@code state} maps the number of a parameter to its state,
     * {@code param_groups} lists the options of the groups, with the numbers of their parameters under {@code params}.
     */
    public Map<String, Object> stateDict() {
        Map<Integer, Object> state = new LinkedHashMap<>();
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        int next = 0;
        for (ParamGroup g : groups) {
            List<Integer> numbers = new ArrayList<>();
            for (Tensor p : g.params()) {
                ParamState s = states.get(p);
                if (s != null) state.put(next, s.save());
                numbers.add(next++);
            }
            Map<String, @Nullable Object> packed = new LinkedHashMap<>(g.options());
            packed.put(PARAMS, numbers);
            all.add(packed);
        }
        Map<String, Object> out = new LinkedHashMap<>();
        out.put("state", state);
        out.put("param_groups", all);
        return out;
    }

    /** Takes over state and options that {@link #stateDict} returned; {@code load_state_dict}. */
    public void loadStateDict(Map<String, ?> saved) {
        List<?> savedGroups = part(saved, "param_groups", List.class);
        Map<?, ?> savedState = part(saved, "state", Map.class);
        if (savedGroups.size() != groups.size()) {
            throw new ValueException("loaded state dict has a different number of parameter groups");
        }
        Map<Object, Tensor> byNumber = new LinkedHashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            if (!(savedGroups.get(i) instanceof Map<?, ?> group)) {
                throw new ValueException("loaded state dict has a parameter group that is no dict");
            }
            List<?> numbers = part(group, PARAMS, List.class);
            if (numbers.size() != groups.get(i).params().size()) {
                throw new ValueException(
                        "loaded state dict contains a parameter group that doesn't match the size of optimizer's"
                                + " group");
            }
            for (int j = 0; j < numbers.size(); j++) {
                byNumber.put(
                        String.valueOf(numbers.get(j)), groups.get(i).params().get(j));
            }
        }
        Map<Tensor, ParamState> loaded = new IdentityHashMap<>();
        savedState.forEach((number, values) -> {
            Tensor p = byNumber.get(String.valueOf(number));
            if (p == null || !(values instanceof Map<?, ?> map)) {
                throw new ValueException("loaded state dict has a state for \"" + number
                        + "\", which is the number of no parameter in its param_groups");
            }
            ParamState s = new ParamState();
            s.load(p, map);
            loaded.put(p, s);
        });
        states.clear();
        states.putAll(loaded);
        for (int i = 0; i < groups.size(); i++) {
            ParamGroup g = groups.get(i);
            ((Map<?, ?>) savedGroups.get(i)).forEach((name, value) -> {
                if (!PARAMS.equals(name)) g.set(String.valueOf(name), value);
            });
        }
    }

    static <T> T part(Map<?, ?> saved, String name, Class<T> type) {
        Object value = saved.get(name);
        if (type.isInstance(value)) return type.cast(value);
        throw new CotangentException(
                "no state of an optimiser: \"" + name + "\" has to be a " + type.getSimpleName() + ", but is "
                        + (value == null ? "missing" : "a " + value.getClass().getSimpleName()));
    }

    /** Returns PyTorch's text: the options of each group. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(getClass().getSimpleName()).append(" (");
        for (int i = 0; i < groups.size(); i++) {
            text.append("\nParameter Group ").append(i).append('\n');
            new TreeMap<>(groups.get(i).options())
                    .forEach((name, value) -> text.append("    ")
                            .append(name)
                            .append(": ")
                            .append(PythonText.of(value))
                            .append('\n'));
        }
        return text.append(')').toString();
    }
}
