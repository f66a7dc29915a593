package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Lifetime;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Replaces what nodes save for the backward pass, between {@link #open} and {@link Guard#close}, in the calling thread;
 * PyTorch's {@code torch.autograd.graph.saved_tensors_hooks}.
 */
abstract class SavedTensorHooks {
    private static final ThreadLocal<@Nullable Guard> INNERMOST = new ThreadLocal<>();
    /** How many guards are open in all threads: if none, no thread-local is read. */
    private static final AtomicInteger OPEN = new AtomicInteger();

    /** What {@link #pack} returned, where it holds on to something. */
    interface Packed {
        /** Drops what is held: the node that saved the tensor needs it no more. */
        void release();

        /** Shows the tensors that are held. */
        void visit(Consumer<Tensor> visitor);
    }

    /** Returns what to save in place of a tensor. */
    abstract Object pack(Tensor tensor);

    /** Returns the tensor from what was saved. */
    abstract Tensor unpack(Object packed);

    /** Returns the hooks in force in the calling thread, or null. */
    static @Nullable SavedTensorHooks current() {
        if (OPEN.get() == 0) return null;
        Guard guard = INNERMOST.get();
        return guard == null ? null : guard.hooks;
    }

    /** Packs a tensor without recording, and checks that the hook leaves it as it is. */
    final Object packed(Tensor tensor) {
        GradMode.Guard mode = GradMode.set(false);
        try {
            int version = tensor.version().current();
            Object packed = pack(tensor.requiresGrad() ? tensor.detach() : tensor);
            if (tensor.version().current() != version) {
                throw new CotangentException("A saved tensor pack hook is modifying its input in place. Tensors"
                        + " provided as input to pack hook can not be modified by in-place operations as this can lead"
                        + " to unexpected side-effects. Please open an issue if you need to perform in-place operations"
                        + " on the input to a pack hook.");
            }
            return packed;
        } finally {
            mode.restore();
        }
    }

    /** Unpacks a tensor. The hook may hold on to what it makes, so that no backward pass may free it. */
    final Tensor unpacked(Object packed) {
        Lifetime none = Lifetime.open(false);
        try {
            return unpack(packed);
        } finally {
            none.close(s -> true);
        }
    }

    /** Puts the hooks in force in the calling thread. */
    final Guard open() {
        return new Guard(this);
    }

    /** Ends the hooks. */
    static final class Guard implements AutoCloseable {
        private final SavedTensorHooks hooks;
        private final @Nullable Guard outer;

        private Guard(SavedTensorHooks hooks) {
            this.hooks = hooks;
            this.outer = INNERMOST.get();
            INNERMOST.set(this);
            OPEN.incrementAndGet();
        }

        @Override
        public void close() {
            if (outer == null) INNERMOST.remove();
            else INNERMOST.set(outer);
            OPEN.decrementAndGet();
        }
    }
}
