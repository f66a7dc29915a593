package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The saved tensors of a node, by slot. */
public final class SavedVariables {
    private final GraphNode owner;
    private final @Nullable SavedVariable[] tensors;
    private boolean scalar;
    private volatile boolean released;

    /** Creates the given number of slots for a node. */
    public SavedVariables(GraphNode owner, int slots) {
        this.owner = owner;
        this.tensors = new SavedVariable[slots];
    }

    /** Saves an input. */
    public void save(int slot, Tensor t) {
        if (tensors[slot] == null) tensors[slot] = SavedVariable.input(t);
    }

    /** Saves the (only) output. */
    public void saveOutput(int slot, Tensor t) {
        if (tensors[slot] == null) tensors[slot] = SavedVariable.output(t, 0);
    }

    /** Records that a scalar is saved in place of a 0-dimensional tensor, and is freed like one. */
    public void saveScalar() {
        scalar = true;
    }

    /** Throws PyTorch's error if the scalar was freed. */
    public void checkScalar() {
        if (scalar && released) throw new CotangentException(SavedVariable.FREED);
    }

    /** Returns a saved tensor; throws PyTorch's error if it was freed, or written since. */
    public Tensor get(int slot) {
        SavedVariable s = tensors[slot];
        if (s == null) throw new IllegalStateException(owner.name() + " saved nothing in slot " + slot);
        return s.get(owner);
    }

    /** Returns a saved tensor, or null; throws PyTorch's error if it was freed, or written since. */
    public @Nullable Tensor find(int slot) {
        SavedVariable s = slot < tensors.length ? tensors[slot] : null;
        return s == null ? null : s.get(owner);
    }

    /** Returns all saved tensors, by slot. */
    public List<Tensor> all() {
        return Arrays.stream(tensors)
                .filter(Objects::nonNull)
                .map(s -> s.get(owner))
                .toList();
    }

    /** Visits all saved tensors that are not freed. */
    public void visit(Consumer<Tensor> visitor) {
        for (SavedVariable s : tensors) if (s != null) s.visit(visitor);
    }

    /** Frees all saved tensors. */
    public void release() {
        released = true;
        for (SavedVariable s : tensors) if (s != null) s.release();
    }
}
