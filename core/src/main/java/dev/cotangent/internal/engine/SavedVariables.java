package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The tensors that a node keeps, by number. */
public final class SavedVariables {
    private final GraphNode owner;
    private final @Nullable SavedVariable[] tensors;
    private boolean number;
    private volatile boolean released;

    /** Of a node, for up to so many tensors. */
    public SavedVariables(GraphNode owner, int places) {
        this.owner = owner;
        this.tensors = new SavedVariable[places];
    }

    /** Keeps an input. */
    public void save(int place, Tensor t) {
        if (tensors[place] == null) tensors[place] = SavedVariable.input(t);
    }

    /** Keeps the (only) output. */
    public void saveOutput(int place, Tensor t) {
        if (tensors[place] == null) tensors[place] = SavedVariable.output(t, 0);
    }

    /** Notes that a number is kept that stands for a tensor without dimensions, which is freed like one. */
    public void saveScalar() {
        number = true;
    }

    /** PyTorch's error where the number was freed. */
    public void checkScalar() {
        if (number && released) throw new CotangentException(SavedVariable.FREED);
    }

    /** What was kept; PyTorch's error where it was freed, or written since. */
    public Tensor get(int place) {
        SavedVariable s = tensors[place];
        if (s == null) throw new IllegalStateException(owner.name() + " kept nothing at " + place);
        return s.get(owner);
    }

    /** Returns what was kept, or null; PyTorch's error where it was freed, or written since. */
    public @Nullable Tensor find(int place) {
        SavedVariable s = place < tensors.length ? tensors[place] : null;
        return s == null ? null : s.get(owner);
    }

    /** All that was kept, by number. */
    public List<Tensor> all() {
        return Arrays.stream(tensors)
                .filter(Objects::nonNull)
                .map(s -> s.get(owner))
                .toList();
    }

    /** Shows all that was kept and is not freed. */
    public void visit(Consumer<Tensor> visitor) {
        for (SavedVariable s : tensors) if (s != null) s.visit(visitor);
    }

    /** Lets everything go. */
    public void release() {
        released = true;
        for (SavedVariable s : tensors) if (s != null) s.release();
    }
}
