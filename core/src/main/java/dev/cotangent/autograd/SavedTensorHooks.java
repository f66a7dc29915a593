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
 * Replaces what nodes save for the backward pass, between {@link #open} and {@link Guard#close}, in the calling thread;
 * PyTorch's {@code torch.autograd.graph.saved_tensors_hooks}.
 */
public abstract class SavedTensorHooks {
    private static final ThreadLocal<@Nullable Guard> INNERMOST = new ThreadLocal<>();
    /** How many guards are open in all threads: if none, no thread-local is read. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    /** What {@link #pack} returned, where it holds on to something. */
    public interface Packed {
        /** Drops what is held: the node that saved the tensor needs it no more. */
        void release();

        /** Shows the tensors that are held. */
        void visit(Consumer<Tensor> visitor);
    }

    SavedTensorHooks() {}

    /**
     * Replaces what the calling thread saves for the backward pass, until the guard is closed.
     *
     * @param pack returns what to save in place of a tensor, without recording
     * @param unpack returns the tensor from that, with the same elements, shape, dtype and device
     */
    public static <P> Guard set(Function<Tensor, P> pack, Function<P, Tensor> unpack) {
        return new OfUser<>(pack, unpack).open();
    }

    /** Makes it an error with that message to set hooks in the calling thread, until the guard is closed. */
    public static Guard disable(String message) {
        return new Guard(new Disabled(message));
    }

    /** Hooks of a user. */
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

    /** Stands where hooks are refused. */
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

    /** Returns what to save in place of a tensor. */
    abstract Object pack(Tensor tensor);

    /** Returns the tensor from what was saved. */
    abstract Tensor unpack(Object packed);

    /** Returns the hooks in force in the calling thread, or null. */
    public static @Nullable SavedTensorHooks current() {
        if (OPEN.get() == 0) return null;
        Guard guard = INNERMOST.get();
        return guard == null || guard.hooks instanceof Disabled ? null : guard.hooks;
    }

    /** Packs a tensor without recording, and checks that the hook leaves it as it is. */
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

    /** Unpacks a tensor. The hook may hold on to what it makes, so that no backward pass may free it. */
    public final Tensor unpacked(Object packed) {
        AllocationScope none = AllocationScope.open(false);
        try {
            return unpack(packed);
        } finally {
            none.close(s -> true);
        }
    }

    /** Puts the hooks in force in the calling thread. */
    public final Guard open() {
        Guard guard = OPEN.get() == 0 ? null : INNERMOST.get();
        if (guard != null && guard.hooks instanceof Disabled d) throw new CotangentException(d.message);
        return new Guard(this);
    }

    /** Ends the hooks; closed by the thread that opened it, the innermost first. */
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
         * Ends the hooks.
         *
         * @throws CotangentException if hooks set later are still in force, or in another thread
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
