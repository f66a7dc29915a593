package dev.cotangent.distributed;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.Arguments;
import dev.cotangent.nn.Module;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A module that is trained by several processes, each on its part of a batch; PyTorch's {@code
 * nn.parallel.DistributedDataParallel}. It starts with the parameters and buffers of rank 0, and each backward pass leaves
 * the mean of the ranks' gradients in the parameters, so that equal optimizers keep the parameters equal.
 *
 * <pre>{@code
 * Module model = new DistributedDataParallel(new Classifier(), group);
 * var optimizer = new SGD(model.parameters(), 0.1);
 * crossEntropy(model.call(x), target).backward(); // the gradients are averaged meanwhile
 * optimizer.step();
 * }</pre>
 *
 * <p>Gradients are sent in buckets while the backward pass goes on: a bucket as soon as its gradients and all earlier
 * buckets are complete. The names of parameters begin with {@code module.}, as PyTorch's do. A loss that leaves parameters
 * out needs {@link DdpOptions#findUnusedParameters}.
 */
public final class DistributedDataParallel extends Module {
    private final Module module;
    private final ProcessGroup group;
    private final DdpOptions options;
    private final GradientReducer reducer;
    private int withoutSync;

    /** Returns the options with PyTorch's defaults. */
    public static DdpOptions options() {
        return DdpOptions.defaults();
    }

    /** Wraps a module with PyTorch's defaults. */
    public DistributedDataParallel(Module module, ProcessGroup group) {
        this(module, group, options());
    }

    /**
     * Wraps a module; all ranks call it with modules of equal parameters and buffers.
     *
     * @throws DistributedException if names, shapes or dtypes differ from those of rank 0
     */
    public DistributedDataParallel(Module module, ProcessGroup group, DdpOptions options) {
        Arguments.notNull("DistributedDataParallel", "group", group);
        Arguments.notNull("DistributedDataParallel", "options", options);
        this.module = registerModule("module", Arguments.notNull("DistributedDataParallel", "module", module));
        this.group = group;
        this.options = options;
        checkEqual();
        for (Tensor t : module.parameters()) group.broadcast(t, 0);
        broadcastBuffers();
        reducer = new GradientReducer(module.namedParameters(), group, options, () -> withoutSync == 0);
    }

    private void checkEqual() {
        Map<String, Tensor> parameters = module.namedParameters();
        Map<String, Tensor> buffers = module.namedBuffers();
        long[] own = {parameters.size(), digest(parameters), digest(buffers)};
        long[] first = group.allGather(Tensors.tensor(own)).getFirst().toLongArray();
        String problem = null;
        if (own[0] != first[0]) {
            problem = "Rank " + group.rank() + " has " + own[0] + " params, while rank 0 has inconsistent " + first[0]
                    + " params";
        } else if (own[1] != first[1]) {
            problem = "the names, shapes or dtypes of the parameters of rank " + group.rank()
                    + " are not those of rank 0; its are " + texts(parameters);
        } else if (own[2] != first[2]) {
            problem = "the names, shapes or dtypes of the buffers of rank " + group.rank()
                    + " are not those of rank 0; its are " + texts(buffers);
        }
        if (problem != null) group.abort("DDP expects same model across all ranks, but " + problem + ".");
        // All ranks learn of it here.
        group.barrier();
    }

    private static long digest(Map<String, Tensor> tensors) {
        CRC32C crc = new CRC32C();
        for (String text : texts(tensors)) crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    private static List<String> texts(Map<String, Tensor> tensors) {
        List<String> texts = new ArrayList<>();
        tensors.forEach((name, t) -> texts.add(name + ' ' + t.dtype().torchName() + t.shape()));
        return texts;
    }

    private void broadcastBuffers() {
        List<Work> all = new ArrayList<>();
        for (Tensor t : module.buffers()) all.add(group.broadcastAsync(t, 0));
        all.forEach(Work::await);
    }

    /** Returns the wrapped module. */
    public Module module() {
        return module;
    }

    /**
     * Lets the gradients of backward passes accumulate on each rank alone until the guard is closed; the next backward pass
     * afterwards averages the sums. PyTorch's {@code no_sync}.
     */
    public NoSync noSync() {
        return new NoSync();
    }

    /** A scope of {@link #noSync}. */
    public final class NoSync implements AutoCloseable {
        private boolean closed;

        private NoSync() {
            withoutSync++;
        }

        @Override
        public void close() {
            if (!closed) withoutSync--;
            closed = true;
        }
    }

    private void before() {
        boolean synchronizes = withoutSync == 0 && isTraining() && Autograd.isGradEnabled();
        if (synchronizes && options.broadcastsBuffers()) broadcastBuffers();
    }

    @Override
    public Tensor forward(Tensor input) {
        before();
        return module.call(input);
    }

    @Override
    public Tensor forward(Tensor input, Tensor other) {
        before();
        return module.call(input, other);
    }

    @Override
    public Tensor forward(Tensor first, Tensor second, Tensor third) {
        before();
        return module.call(first, second, third);
    }

    /** Returns the number of buckets in which gradients are sent. */
    public int buckets() {
        return reducer.buckets();
    }
}
