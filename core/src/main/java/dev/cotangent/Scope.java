package dev.cotangent;

import dev.cotangent.backend.AllocationScope;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.Reachability;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a program whose tensors are freed at its end, without waiting for Java's collector: device memory goes
 * back to its cache at once, an array of the CPU is let go of.
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
 * <p>To a scope belongs the memory that its thread makes while it is the innermost one open. At its end that memory is
 * freed, except what can be reached from
 *
 * <ul>
 *   <li>a tensor given to {@link #keep}: its memory, its gradient, and all that its history has kept, so that
 *       {@code backward} works;
 *   <li>a tensor from outside of the scope that was changed in it: the gradient it got, the history of an in-place write
 *       to it, what {@link Tensor#setData} gave it.
 * </ul>
 *
 * <p>What is kept belongs to the scope around, if there is one. A view has the memory of what it is a view of, so a view
 * of a tensor from outside is never freed. Anything else that still refers to memory of a scope, such as a field of an
 * object, gets a CotangentException when it uses it, never other memory: the tensor was not kept. A scope is its
 * thread's: a tensor that another thread goes on using has to be kept.
 */
public final class Scope implements AutoCloseable {
    private static final ThreadLocal<@Nullable Scope> INNERMOST = new ThreadLocal<>();

    private final AllocationScope lifetime = AllocationScope.open(true);
    private final @Nullable Scope outer = INNERMOST.get();
    private final long start = Reachability.now();
    private final List<Tensor> kept = new ArrayList<>();
    private final List<Tensor> changed = new ArrayList<>();
    private boolean closed;

    private Scope() {
        INNERMOST.set(this);
    }

    /** Opens one; to be closed by the same thread, the innermost first. */
    public static Scope open() {
        return new Scope();
    }

    /** Lets a tensor out, with its gradient and its history; returns it. */
    public <T extends @Nullable Tensor> T keep(T tensor) {
        if (closed) throw new CotangentException("the Scope is closed already");
        if (tensor != null) kept.add(tensor);
        return tensor;
    }

    /** Lets several tensors out. */
    public void keep(Iterable<? extends Tensor> tensors) {
        for (Tensor t : tensors) keep(t);
    }

    /** Calls what makes something that no scope shall free, such as the state of an optimiser. */
    public static <T extends @Nullable Object> T outside(Supplier<T> body) {
        AllocationScope none = AllocationScope.open(false);
        try {
            return body.get();
        } finally {
            none.close(s -> true);
        }
    }

    /** Notes that a tensor is about to be given memory or history that may be a scope's. For the engine. */
    public static void changing(Tensor tensor) {
        if (AllocationScope.current() == null) return;
        Scope s = INNERMOST.get();
        if (s != null && !s.lifetime.owns(Internals.storage(tensor))) s.changed.add(tensor);
    }

    /**
     * Frees what was made inside and is not kept.
     *
     * @throws CotangentException where a scope opened later is still open, or in another thread than the one it was opened in
     */
    @Override
    public void close() {
        if (closed) return;
        if (!lifetime.isInnermost()) {
            throw new CotangentException(
                    "a Scope is closed by the thread that opened it, and after all that it opened later");
        }
        closed = true;
        Reachability reach = new Reachability(start);
        for (Tensor t : kept) reach.add(t);
        for (Tensor t : changed) reach.add(t);
        // What they were given now belongs to the scope around, which must not free it under them either.
        if (outer != null)
            for (Tensor t : changed) if (!outer.lifetime.owns(Internals.storage(t))) outer.changed.add(t);
        kept.clear();
        changed.clear();
        if (outer == null) INNERMOST.remove();
        else INNERMOST.set(outer);
        lifetime.close(reach::reaches);
    }
}
