package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.engine.GraphNode;
import dev.cotangent.internal.engine.SavedVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** State that the forward of a {@link Function} passes to its backward; PyTorch's {@code ctx}. */
public final class Context {
    private static final @Nullable Object[] NONE = {};

    private @Nullable Tensor[] toSave = {};
    private @Nullable SavedVariable[] saved = {};
    private @Nullable GraphNode owner;
    private final Map<String, Object> values;
    private final List<Tensor> dirty = new ArrayList<>();
    private final List<Tensor> nonDifferentiable = new ArrayList<>();
    private final boolean[] needs;
    private final @Nullable Object[] arguments;
    private boolean materialize = true;

    Context(boolean[] needs, @Nullable Object[] arguments) {
        this(needs, withoutTensors(arguments), new ConcurrentHashMap<>());
    }

    private Context(boolean[] needs, @Nullable Object[] arguments, Map<String, Object> values) {
        this.needs = needs;
        this.arguments = arguments;
        this.values = values;
    }

    /** Drops tensors, which only {@link #saveForBackward} may save, since it frees them. */
    private static @Nullable Object[] withoutTensors(@Nullable Object[] arguments) {
        if (arguments instanceof Tensor[]) return NONE;
        @Nullable Object[] others = arguments.clone();
        for (int i = 0; i < others.length; i++) if (others[i] instanceof Tensor) others[i] = null;
        return others;
    }

    /**
     * Returns a non-tensor argument of {@link Function#call}.
     *
     * @param number index among all arguments, tensors included
     * @throws CotangentException if there is no argument of that index and class
     */
    public <T> T argument(int number, Class<T> kind) {
        Object value = number >= 0 && number < arguments.length ? arguments[number] : null;
        if (kind.isInstance(value)) return kind.cast(value);
        throw new CotangentException("argument " + number + " of the function is no " + kind.getSimpleName() + " but "
                + (value == null ? "missing, null or a tensor" : "of " + value.getClass()));
    }

    /** Returns the context of one backward pass: the same saved tensors and values, with the pass's needed inputs. */
    Context forPass(boolean[] wanted) {
        Context pass = new Context(wanted, arguments, values);
        pass.saved = saved;
        pass.owner = owner;
        pass.materialize = materialize;
        return pass;
    }

    /** Saves inputs or outputs of the forward for the backward; null stays null. Call once per forward. */
    public void saveForBackward(@Nullable Tensor... tensors) {
        toSave = tensors.clone();
    }

    /** Returns the saved tensors; throws PyTorch's errors if they were freed or written since. */
    public List<@Nullable Tensor> savedTensors() {
        GraphNode node = owner;
        if (node == null) return Arrays.asList(toSave.clone());
        @Nullable Tensor[] t = new Tensor[saved.length];
        for (int i = 0; i < t.length; i++) {
            SavedVariable s = saved[i];
            t[i] = s == null ? null : s.get(node);
        }
        return Arrays.asList(t);
    }

    /** Stores a value that is not a tensor. */
    public void put(String name, Object value) {
        values.put(name, value);
    }

    /** Returns a stored value; throws a ClassCastException if it has another class. */
    public <T> T get(String name, Class<T> kind) {
        return kind.cast(values.get(name));
    }

    /** Declares that the forward wrote these inputs in place; it must return them. */
    public void markDirty(Tensor... inputs) {
        dirty.addAll(Arrays.asList(inputs));
    }

    /** Declares that these outputs are not differentiable. */
    public void markNonDifferentiable(Tensor... outputs) {
        nonDifferentiable.addAll(Arrays.asList(outputs));
    }

    /** Sets whether the backward receives zeros (default) or null for outputs that no gradient reached. */
    public void setMaterializeGrads(boolean value) {
        materialize = value;
    }

    /** Returns whether an input requires grad; the backward may return null for the others. */
    public boolean needsInputGrad(int input) {
        return needs[input];
    }

    boolean materializes() {
        return materialize;
    }

    List<Tensor> dirty() {
        return dirty;
    }

    boolean differentiable(Tensor output) {
        return output.dtype().isDifferentiable() && nonDifferentiable.stream().noneMatch(t -> t == output);
    }

    void bind(GraphNode node, @Nullable Tensor[] outputs) {
        saved = new SavedVariable[toSave.length];
        for (int i = 0; i < saved.length; i++) {
            Tensor t = toSave[i];
            if (t == null) continue;
            int output = -1;
            for (int k = 0; k < outputs.length; k++) if (outputs[k] == t) output = k;
            saved[i] = output >= 0 ? SavedVariable.output(t, output) : SavedVariable.input(t);
        }
        toSave = new Tensor[0];
        owner = node;
    }

    void visit(Consumer<Tensor> visitor) {
        for (SavedVariable s : saved) if (s != null) s.visit(visitor);
        for (Object value : values.values()) if (value instanceof Tensor t) visitor.accept(t);
    }

    void release() {
        for (SavedVariable s : saved) if (s != null) s.release();
    }
}
