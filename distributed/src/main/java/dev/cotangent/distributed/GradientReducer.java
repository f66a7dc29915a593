package dev.cotangent.distributed;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Averages the gradients of parameters over the ranks during backward passes; PyTorch's {@code Reducer}. Buckets hold the
 * parameters in reverse order, which is about the order in which their gradients are complete.
 */
final class GradientReducer {
    /** Bytes of the first bucket, which is small in order to be sent early. */
    private static final long FIRST = 1 << 20;

    /** Parameters whose gradients are sent together. */
    private static final class Bucket {
        private final List<Integer> parameters = new ArrayList<>();
        private final Dtype dtype;
        private final Device device;
        private long size;
        private int missing;
        private @Nullable Tensor flat;
        private @Nullable Work work;

        Bucket(Dtype dtype, Device device) {
            this.dtype = dtype;
            this.device = device;
        }
    }

    private final List<String> names;
    private final List<Tensor> parameters;
    private final ProcessGroup group;
    private final boolean findUnused;
    private final BooleanSupplier active;
    private final List<Bucket> buckets = new ArrayList<>();
    private final int[] bucketOf;
    private final boolean[] ready;
    /** The first bucket that is not sent yet. */
    private int next;

    private boolean running;

    /**
     * Creates a reducer and registers its hooks.
     *
     * @param active whether a backward pass averages
     */
    GradientReducer(Map<String, Tensor> named, ProcessGroup group, DdpOptions options, BooleanSupplier active) {
        this.group = group;
        this.active = active;
        findUnused = options.findsUnusedParameters();
        names = new ArrayList<>();
        parameters = new ArrayList<>();
        named.forEach((name, p) -> {
            if (!p.requiresGrad()) return;
            names.add(name);
            parameters.add(p);
        });
        bucketOf = new int[parameters.size()];
        ready = new boolean[parameters.size()];
        fillBuckets(options.bucketBytes());
        for (int i = 0; i < parameters.size(); i++) {
            int number = i;
            parameters.get(i).registerPostAccumulateGradHook(_ -> accumulated(number));
        }
    }

    private void fillBuckets(long limit) {
        long bytes = 0;
        for (int i = parameters.size() - 1; i >= 0; i--) {
            Tensor p = parameters.get(i);
            long own = p.numel() * p.dtype().bytes();
            Bucket last = buckets.isEmpty() ? null : buckets.getLast();
            long most = buckets.size() <= 1 ? Math.min(FIRST, limit) : limit;
            if (last == null || last.dtype != p.dtype() || !last.device.equals(p.device()) || bytes + own > most) {
                last = new Bucket(p.dtype(), p.device());
                buckets.add(last);
                bytes = 0;
            }
            last.parameters.add(i);
            last.size += p.numel();
            bytes += own;
            bucketOf[i] = buckets.size() - 1;
        }
    }

    int buckets() {
        return buckets.size();
    }

    private void accumulated(int number) {
        if (!active.getAsBoolean()) return;
        if (!running) {
            begin();
            Autograd.queueCallback(this::end);
        }
        if (ready[number]) {
            throw new CotangentException(
                    "Expected to mark a variable ready only once. This error is caused by one of the following"
                        + " reasons: 1) Use of a module parameter outside the `forward` function. 2) Reused parameters"
                        + " in multiple reentrant backward passes. The parameter is " + names.get(number));
        }
        markReady(number);
    }

    private void begin() {
        running = true;
        next = 0;
        Arrays.fill(ready, false);
        for (Bucket b : buckets) {
            b.missing = b.parameters.size();
            b.flat = Tensors.zeros(Shape.of(b.size), b.dtype.device(b.device));
            b.work = null;
        }
    }

    /** Takes a gradient, and sends the buckets that are complete, in their order, which is that of all ranks. */
    private void markReady(int number) {
        ready[number] = true;
        buckets.get(bucketOf[number]).missing--;
        while (next < buckets.size() && buckets.get(next).missing == 0) send(buckets.get(next++));
    }

    private void send(Bucket bucket) {
        Tensor flat = bucket.flat;
        if (flat == null) return;
        try (var _ = Autograd.noGrad()) {
            long at = 0;
            for (int i : bucket.parameters) {
                Tensor p = parameters.get(i);
                Tensor gradient = p.grad();
                // One that is not used here stays zero.
                if (gradient != null) part(flat, at, p).copy_(gradient);
                at += p.numel();
            }
        }
        bucket.work = group.allReduceAsync(flat, ReduceOp.AVG);
    }

    /** Returns the elements of a bucket that belong to a parameter, in its shape. */
    private static Tensor part(Tensor flat, long at, Tensor parameter) {
        return flat.narrow(0, at, parameter.numel()).view(parameter.shape().toArray());
    }

    /** Sends what is left, waits for all buckets and writes the means into the gradients. */
    private void end() {
        running = false;
        try {
            boolean[] used = ready.clone();
            List<String> unused = new ArrayList<>();
            for (int i = 0; i < used.length; i++) if (!used[i]) unused.add(names.get(i));
            if (!findUnused && !unused.isEmpty()) throw unused(unused);
            for (int i = 0; i < used.length; i++) if (!used[i]) markReady(i);
            boolean[] anywhere = findUnused ? usedAnywhere(used) : used;
            for (Bucket b : buckets) write(b, anywhere);
        } finally {
            for (Bucket b : buckets) b.flat = null;
        }
    }

    private CotangentException unused(List<String> names) {
        String text = "Expected to have finished reduction in the prior iteration before starting a new one. This"
            + " error indicates that your module has parameters that were not used in producing loss. You can enable"
            + " unused parameter detection by DistributedDataParallel.options().findUnusedParameters(true). Parameters"
            + " which did not receive grad for rank " + group.rank() + ": " + String.join(", ", names);
        // The others wait for the buckets that this rank cannot send.
        group.abort(text);
        return new CotangentException(text);
    }

    private boolean[] usedAnywhere(boolean[] here) {
        long[] counts = new long[here.length];
        for (int i = 0; i < here.length; i++) counts[i] = here[i] ? 1 : 0;
        Tensor all = Tensors.tensor(counts);
        group.allReduce(all);
        long[] sums = all.toLongArray();
        boolean[] anywhere = new boolean[here.length];
        for (int i = 0; i < here.length; i++) anywhere[i] = sums[i] > 0;
        return anywhere;
    }

    private void write(Bucket bucket, boolean[] used) {
        Work work = bucket.work;
        Tensor flat = bucket.flat;
        if (work == null || flat == null) return;
        work.await();
        try (var _ = Autograd.noGrad()) {
            long at = 0;
            for (int i : bucket.parameters) {
                Tensor p = parameters.get(i);
                if (used[i]) {
                    Tensor gradient = p.grad();
                    if (gradient == null) p.setGrad(part(flat, at, p).clone());
                    else gradient.copy_(part(flat, at, p));
                }
                at += p.numel();
            }
        }
    }
}
