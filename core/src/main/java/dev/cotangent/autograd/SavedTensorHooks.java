package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.AllocationScope;
import dev.cotangent.internal.Internals;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Hooks that replace the saved tensors of the calling thread's operations, from {@link #open} to {@link Guard#close};
 * PyTorch's {@code torch.autograd.graph.saved_tensors_hooks}.
 */
public abstract class SavedTensorHooks {
    private static final ThreadLocal<@Nullable Guard> INNERMOST = new ThreadLocal<>();
    /** Number of open guards in all threads; if zero, the thread-local is not read. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    /** A result of {@link #pack} that holds resources. */
    public interface Packed {
        /** Releases the resources: the node no longer needs the tensor. */
        void release();

        /** Visits the tensors that are held. */
        void visit(Consumer<Tensor> visitor);
    }

    SavedTensorHooks() {}

    /**
     * Installs hooks in the calling thread until the guard is closed.
     *
     * @param pack returns the value to save for a tensor, without recording
     * @param unpack returns the tensor from that value, with the same elements, shape, dtype and device
     */
    public static <P> Guard set(Function<Tensor, P> pack, Function<P, Tensor> unpack) {
        return new OfUser<>(pack, unpack).open();
    }

    /** Makes installing hooks in the calling thread throw an error with a message, until the guard is closed. */
    public static Guard disable(String message) {
        return new Guard(new Disabled(message));
    }

    /** User-defined hooks. */
    private static final class OfUser<P> extends SavedTensorHooks {
        private record Value<P>(@Nullable P value) {}

        private final Function<Tensor, P> pack;
        private final Function<P, Tensor> unpack;

        OfUser(Function<Tensor, P> pack, Function<P, Tensor> unpack) {
            this.pack = pack;
            this.unpack = unpack;
        }

        @Override
        Object pack(Tensor tensor) {
            P value = pack.apply(tensor);
            return value instanceof Tensor ? value : new Value<>(value);
        }

        @Override
        @SuppressWarnings("unchecked")
        Tensor unpack(Object packed) {
            Tensor t = unpack.apply((P) (packed instanceof Value<?> v ? v.value() : packed));
            if (t == null) {
                throw new CotangentException(
                        "Output of saved tensor unpack_hook expected to be a Tensor but got result of type NoneType");
            }
            return t;
        }
    }

    /** Marks that hooks are not allowed. */
    private static final class Disabled extends SavedTensorHooks {
        private final String message;

        Disabled(String message) {
            this.message = message;
        }

        @Override
        Object pack(Tensor tensor) {
            throw new IllegalStateException(message);
        }

        @Override
        Tensor unpack(Object packed) {
            throw new IllegalStateException(message);
        }
    }

    /** Returns the value to save for a tensor. */
    abstract Object pack(Tensor tensor);

    /** Returns the tensor from a saved value. */
    abstract Tensor unpack(Object packed);

    /** Returns the current hooks of the calling thread, or null. */
    public static @Nullable SavedTensorHooks current() {
        if (OPEN.get() == 0) return null;
        Guard guard = INNERMOST.get();
        return guard == null || guard.hooks instanceof Disabled ? null : guard.hooks;
    }

    /** Packs a tensor without recording, and checks that the hook does not modify it. */
    public final Object packed(Tensor tensor) {
        GradMode.Guard mode = GradMode.set(false);
        try {
            int version = Internals.version(tensor).current();
            Object packed = pack(tensor.requiresGrad() ? tensor.detach() : tensor);
            if (Internals.version(tensor).current() != version) {
                throw new CotangentException("A saved tensor pack hook is modifying its input in place. Tensors"
                        + " provided as input to pack hook cannot be modified by in-place operations as this can lead"
                        + " to unexpected side-effects. Please open an issue if you need to perform in-place operations"
                        + " on the input to a pack hook.");
            }
            return packed;
        } finally {
            mode.restore();
        }
    }

    /** Unpacks a tensor. The hook may keep a reference to the result, so no backward pass may free it. */
    public final Tensor unpacked(Object packed) {
        AllocationScope none = AllocationScope.open(false);
        try {
            return unpack(packed);
        } finally {
            none.close(s -> true);
        }
    }

    /** Installs the hooks in the calling thread. */
    public final Guard open() {
        Guard guard = OPEN.get() == 0 ? null : INNERMOST.get();
        if (guard != null && guard.hooks instanceof Disabled d) throw new CotangentException(d.message);
        return new Guard(this);
    }

    /** Removes the hooks; close in the opening thread, innermost first. */
    public static final class Guard implements AutoCloseable {
        private final SavedTensorHooks hooks;
        private final @Nullable Guard outer;
        private boolean closed;

        private Guard(SavedTensorHooks hooks) {
            this.hooks = hooks;
            this.outer = INNERMOST.get();
            INNERMOST.set(this);
            OPEN.incrementAndGet();
        }

        /**
         * Removes the hooks.
         *
         * @throws CotangentException if hooks installed later are still active, or in another thread
         */
        @Override
        public void close() {
            if (closed) return;
            if (INNERMOST.get() != this) {
                throw new CotangentException("a scope of saved-tensor hooks is closed by the thread that opened it,"
                        + " after all that were opened later: close the innermost first");
            }
            closed = true;
            if (outer == null) INNERMOST.remove();
            else INNERMOST.set(outer);
            OPEN.decrementAndGet();
        }
    }
}
