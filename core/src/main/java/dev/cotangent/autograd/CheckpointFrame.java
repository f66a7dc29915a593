package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.Edge;
import dev.cotangent.internal.engine.Engine;
import dev.cotangent.internal.engine.GraphNode;
import dev.cotangent.internal.engine.SavedVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call of a checkpointed function. Instead of each saved tensor it stores a {@link Holder}; the first holder that
 * is unpacked triggers a recomputation, whose saved tensors fill the holders in order. The graph is that of the forward
 * pass, so double backward and partial backward passes work as without a checkpoint.
 */
final class CheckpointFrame {
    private static final String TIP = "\n\nTip: the function must do the same both times. To recompute without stopping"
            + " early or without the check, use Autograd.checkpointOptions().earlyStop(false) or"
            + " .determinismCheck(false).";

    /** Stops a recomputation early. */
    private static final class Stop extends CotangentException {
        private static final long serialVersionUID = 1;

        Stop() {
            super("the recomputation of a checkpoint has all that it needs");
        }

        @Override
        public Throwable fillInStackTrace() {
            return this;
        }
    }

    private record Kind(long[] sizes, Dtype dtype, Device device) {
        static Kind of(Tensor t) {
            return new Kind(Internals.layout(t).sizes(), t.dtype(), t.device());
        }

        boolean matches(Kind other) {
            return Arrays.equals(sizes, other.sizes) && dtype == other.dtype && device.equals(other.device);
        }

        @Override
        public String toString() {
            String index = device.isCpu() ? "" : ", index=" + device.index();
            return "{'shape': torch.Size(" + Arrays.toString(sizes) + "), 'dtype': " + dtype
                    + ", 'device': device(type='" + device.type() + "'" + index + ")}";
        }
    }

    /** The tensors that a backward pass's recomputation saved, by holder. */
    private final class Recomputed {
        private final @Nullable Tensor[] tensors = new Tensor[holders.size()];
        private int count;
        private boolean started;
        private boolean stopped;
    }

    /** A placeholder of a saved tensor. */
    private final class Holder implements SavedTensorHooks.Packed {
        private final int number;
        private volatile boolean released;

        Holder(int number) {
            this.number = number;
        }

        @Override
        public void release() {
            released = true;
        }

        @Override
        public void visit(Consumer<Tensor> visitor) {
            for (SavedVariable s : inputs) if (s != null) s.visit(visitor);
        }
    }

    private final CheckpointOptions options;
    private final Function<Tensor[], Tensor[]> function;
    private final @Nullable SavedVariable[] inputs;
    private final Generator.State random = Generator.standard().state();
    private final List<Holder> holders = new ArrayList<>();
    private final List<Kind> kinds = new ArrayList<>();
    private boolean completed;
    /** Whether a backward pass within the forward pass recomputed more tensors than had been saved. */
    private boolean ignoresMismatch;

    CheckpointFrame(CheckpointOptions options, Function<Tensor[], Tensor[]> function, @Nullable Tensor[] inputs) {
        this.options = options;
        this.function = function;
        // Saved under the outer hooks, so that an enclosing checkpoint recomputes the inputs of a nested one.
        this.inputs = new SavedVariable[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            Tensor input = inputs[i];
            if (input != null) this.inputs[i] = SavedVariable.input(input);
        }
    }

    Tensor[] forward(Tensor[] given) {
        try (var _ = new Saving().open()) {
            Tensor[] outputs = function.apply(given);
            completed = true;
            return outputs;
        }
    }

    /** Hooks of the forward pass: record only the metadata of saved tensors. */
    private final class Saving extends SavedTensorHooks {
        @Override
        Object pack(Tensor tensor) {
            Holder holder = new Holder(holders.size());
            holders.add(holder);
            kinds.add(Kind.of(tensor));
            return holder;
        }

        @Override
        Tensor unpack(Object packed) {
            return get((Holder) packed);
        }
    }

    /** Hooks of the recomputation: pass saved tensors to the holders, and save them for a backward pass within. */
    private final class Recomputing extends SavedTensorHooks {
        private final Recomputed result;

        Recomputing(Recomputed result) {
            this.result = result;
        }

        @Override
        Object pack(Tensor tensor) {
            Tensor t = tensor.requiresGrad() ? tensor.detach() : tensor;
            // Thrown again if the function caught it.
            if (result.stopped) throw new Stop();
            int number = result.count++;
            if (number >= result.tensors.length) {
                if (!completed) {
                    ignoresMismatch = true;
                    return t;
                }
                throw new CotangentException("torch.utils.checkpoint: trying to save more tensors during recomputation"
                        + " than during the original forward pass." + TIP);
            }
            Internals.storage(t).retain();
            if (!holders.get(number).released) result.tensors[number] = t;
            if (options.stopsEarly() && result.count == result.tensors.length) {
                result.stopped = true;
                throw new Stop();
            }
            return t;
        }

        @Override
        Tensor unpack(Object packed) {
            return (Tensor) packed;
        }
    }

    private Tensor get(Holder holder) {
        Engine run = Engine.current();
        // Outside of a backward pass, such as an inspection of saved tensors, nothing is cached.
        Recomputed r = run == null ? new Recomputed() : run.attachment(this, Recomputed.class, Recomputed::new);
        if (!r.started) {
            r.started = true;
            recompute(r);
        }
        Tensor t = r.tensors[holder.number];
        if (t == null) {
            throw new CotangentException("torch.utils.checkpoint: Unpack is being triggered for a tensor that was"
                    + " already unpacked once. If you are calling ctx.saved_tensors in backward, make sure to do so"
                    + " only once. Otherwise please open an issue with details on your use case.");
        }
        // The running node is the only reader.
        if (run != null) run.afterNode(() -> r.tensors[holder.number] = null);
        return t;
    }

    private void recompute(Recomputed r) {
        GraphNode reader = new Reader();
        Tensor[] given = new Tensor[inputs.length];
        for (int i = 0; i < given.length; i++) {
            SavedVariable s = inputs[i];
            if (s != null) given[i] = s.get(reader);
        }
        GradMode.Guard mode = GradMode.set(true, false);
        try (var _ = new Recomputing(r).open()) {
            if (options.preservesRandomState()) Checkpoint.withRandomState(random, () -> function.apply(given));
            else function.apply(given);
        } catch (Stop e) {
            // All needed tensors are recomputed.
        } finally {
            mode.restore();
        }
        check(r);
    }

    /** Throws PyTorch's errors if the recomputation saved different tensors. */
    private void check(Recomputed r) {
        if (ignoresMismatch) return;
        if (r.count != holders.size()) {
            throw new CotangentException("torch.utils.checkpoint: A different number of tensors was saved during the"
                    + " original forward and recomputation.\nNumber of tensors saved during forward: " + holders.size()
                    + "\nNumber of tensors saved during recomputation: " + r.count + "." + TIP);
        }
        if (!options.checksDeterminism()) return;
        StringBuilder different = new StringBuilder();
        for (int i = 0; i < r.tensors.length; i++) {
            Tensor t = r.tensors[i];
            if (t == null || kinds.get(i).matches(Kind.of(t))) continue;
            different.append("tensor at position ").append(i);
            different.append(":\nsaved metadata: ").append(kinds.get(i));
            different.append("\nrecomputed metadata: ").append(Kind.of(t)).append('\n');
        }
        if (different.isEmpty()) return;
        throw new CotangentException("torch.utils.checkpoint: Recomputed values for the following tensors have"
                + " different metadata than during the forward pass.\n" + different + "." + TIP);
    }

    /** Names, in messages, the node that saved the inputs. */
    private static final class Reader extends GraphNode {
        Reader() {
            super("CheckpointFunctionBackward", new Edge[0]);
        }

        @Override
        protected @Nullable Tensor[] apply(@Nullable Tensor[] grads, boolean[] needs) {
            return new Tensor[0];
        }
    }
}
