package dev.cotangent;

import dev.cotangent.backend.AllocationScope;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.Reachability;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A scope whose tensors are freed at its end without waiting for Java's garbage collector: device memory returns to the
 * pool at once, CPU arrays become unreachable.
 *
 * {@snippet :
 * for (Tensor batch : batches) {
 *     try (var scope = Scope.open()) {
 *         Tensor loss = model.loss(batch);
 *         loss.backward();
 *         optimizer.step();
 *         last = scope.keep(loss.detach());
 *     }
 * }
 * }
 *
 * <p>A scope owns the memory that its thread allocates while it is the innermost open one. At its end that memory is
 * freed, except if reachable from
 *
 * <ul> <li>a tensor passed to {@link #keep}: its memory, its gradient, and the saved tensors of its history, so that
 * {@code backward} works; <li>a tensor from outside that was changed inside: its new gradient, the history of an
 * in-place write, the data set by {@link Tensor#setData}. </ul>
 *
 * <p>Kept memory moves to the enclosing scope, if there is one. A view shares its base's memory, so a view of a tensor
 * from outside is never freed. Using freed memory through another reference, such as a field, throws a
 * CotangentException and never reads foreign memory. Scopes belong to a thread: keep tensors that other threads go on
 * using.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<@Nullable Scope> INNERMOST = new ThreadLocal<>();

    private final AllocationScope allocations = AllocationScope.open(true);
    private final @Nullable Scope outer = INNERMOST.get();
    private final long start = Reachability.now();
    private final List<Tensor> retained = new ArrayList<>();
    private final List<Tensor> changed = new ArrayList<>();
    private boolean closed;

    private Scope() {
        INNERMOST.set(this);
    }

    /** Opens a scope; close it in the same thread, innermost first. */
    public static Scope open() {
        return new Scope();
    }

    /** Keeps a tensor, with its gradient and history, beyond the scope; returns it. */
    public <T extends @Nullable Tensor> T keep(T tensor) {
        if (closed) throw new CotangentException("the Scope is closed already");
        if (tensor != null) retained.add(tensor);
        return tensor;
    }

    /** Keeps several tensors beyond the scope. */
    public void keep(Iterable<? extends Tensor> tensors) {
        for (Tensor t : tensors) keep(t);
    }

    /** Runs a supplier outside of all scopes, for tensors that no scope may free, such as the state of an optimizer. */
    public static <T extends @Nullable Object> T outside(Supplier<T> body) {
        AllocationScope none = AllocationScope.open(false);
        try {
            return body.get();
        } finally {
            none.close(s -> true);
        }
    }

    /** Records that a tensor is about to receive memory or history that a scope may own. For the engine. */
    public static void changing(Tensor tensor) {
        if (AllocationScope.current() == null) return;
        Scope s = INNERMOST.get();
        if (s != null && !s.allocations.owns(Internals.storage(tensor))) s.changed.add(tensor);
    }

    /**
     * Frees the memory allocated inside that is not kept.
     *
     * @throws CotangentException if a scope opened later is still open, or in a thread other than the opening one
     */
    @Override
    public void close() {
        if (closed) return;
        if (!allocations.isInnermost()) {
            throw new CotangentException(
                    "a Scope is closed by the thread that opened it, and after all that it opened later");
        }
        closed = true;
        Reachability reach = new Reachability(start);
        for (Tensor t : retained) reach.add(t);
        for (Tensor t : changed) reach.add(t);
        // Memory they received now belongs to the enclosing scope, which must not free it while they use it.
        if (outer != null)
            for (Tensor t : changed) if (!outer.allocations.owns(Internals.storage(t))) outer.changed.add(t);
        retained.clear();
        changed.clear();
        if (outer == null) INNERMOST.remove();
        else INNERMOST.set(outer);
        allocations.close(reach::reaches);
    }
}
