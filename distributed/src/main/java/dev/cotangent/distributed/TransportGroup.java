package dev.cotangent.distributed;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The process group over a transport: one thread runs the collectives in the order of their calls. */
final class TransportGroup implements ProcessGroup {
    private final Transport transport;
    private final Algorithms algorithms;
    private final ExecutorService thread;
    private long sequence;
    private boolean closed;
    /** The first failure, which ended the group. */
    private volatile @Nullable DistributedException failure;

    TransportGroup(Transport transport) {
        this.transport = transport;
        algorithms = new Algorithms(transport);
        thread = Executors.newSingleThreadExecutor(Thread.ofPlatform()
                .daemon()
                .name("process-group-" + transport.rank())
                .factory());
    }

    @Override
    public int rank() {
        return transport.rank();
    }

    @Override
    public int worldSize() {
        return transport.size();
    }

    // Running

    @FunctionalInterface
    private interface Body {
        void run(Collective collective);
    }

    /** An operation under way. */
    private final class Pending implements Work {
        private final CountDownLatch ended = new CountDownLatch(1);
        private final Collective collective;
        private @Nullable Runnable result;
        private volatile @Nullable Throwable thrown;

        Pending(Collective collective, Runnable result) {
            this.collective = collective;
            this.result = result;
        }

        void run(Body body) {
            try {
                DistributedException earlier = failure;
                if (earlier != null) throw earlier;
                body.run(collective);
            } catch (DistributedException e) {
                thrown = e;
                fail(e);
            } catch (RuntimeException | Error e) {
                thrown = e;
                fail(new DistributedException("rank " + rank() + " failed in " + collective + ": " + e, e));
            } finally {
                ended.countDown();
            }
        }

        @Override
        public boolean isCompleted() {
            return ended.getCount() == 0;
        }

        @Override
        public synchronized void await() {
            try {
                ended.await();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new DistributedException("rank " + rank() + " was interrupted waiting for " + collective);
            }
            Throwable t = thrown;
            if (t instanceof DistributedException e) throw new DistributedException(e.getMessage(), e);
            if (t != null) throw new DistributedException("rank " + rank() + " failed in " + collective + ": " + t, t);
            Runnable write = result;
            result = null;
            if (write != null) write.run();
        }
    }

    private synchronized void fail(DistributedException e) {
        if (failure != null) return;
        failure = e;
        transport.abort(e.getMessage());
    }

    /**
     * Starts a collective.
     *
     * @param body runs in the group's thread
     * @param result runs in the thread that waits
     */
    private synchronized Pending start(
            Collective.Kind kind,
            @Nullable Dtype dtype,
            long count,
            @Nullable ReduceOp reduce,
            int root,
            Body body,
            Runnable result) {
        if (closed) {
            throw new DistributedException(
                    "the process group is closed: " + kind.torchName() + " has to be called before close()");
        }
        long number = kind == Collective.Kind.POINT_TO_POINT ? 0 : ++sequence;
        Pending work = new Pending(new Collective(kind, number, dtype, count, reduce, root), result);
        thread.execute(() -> work.run(body));
        return work;
    }

    private Tensor checked(String operation, Tensor tensor) {
        Arguments.notNull(operation, "tensor", tensor);
        DistributedException earlier = failure;
        if (earlier != null) {
            throw new DistributedException(
                    operation + ": the process group has ended: " + earlier.getMessage(), earlier);
        }
        return tensor;
    }

    private int checkedRank(String operation, int other) {
        if (other >= 0 && other < worldSize()) return other;
        throw new ValueException(operation + ": a rank is from 0 to " + (worldSize() - 1) + ", got " + other);
    }

    private int otherRank(String operation, int other) {
        if (checkedRank(operation, other) != rank()) return other;
        throw new ValueException(operation + ": Invalid rank " + other + ": cannot send to or receive from itself");
    }

    /** Checks that there is one tensor per rank, of equal shape and dtype. */
    private List<Tensor> checked(String operation, @Nullable List<Tensor> tensors, @Nullable Tensor like) {
        List<Tensor> all = Arguments.noNulls(operation, "tensors", tensors);
        if (all.size() != worldSize()) {
            throw new ValueException(
                    operation + ": expected one tensor per rank, " + worldSize() + ", got " + all.size());
        }
        Tensor first = like != null ? like : all.getFirst();
        for (Tensor t : all) {
            if (t.dtype() != first.dtype() || !t.shape().equals(first.shape())) {
                throw new ValueException(operation + ": all tensors must have the same dtype and size, got "
                        + first.dtype() + " of " + first.shape() + " and " + t.dtype() + " of " + t.shape());
            }
        }
        return all;
    }

    private static HostBuffer concatenated(List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        HostBuffer all = new HostBuffer(first.dtype(), Math.multiplyExact(first.numel(), (long) tensors.size()));
        long at = 0;
        for (Tensor t : tensors) {
            all.read(at, t);
            at += t.numel();
        }
        return all;
    }

    private static List<Tensor> split(HostBuffer all, Tensor like, int parts) {
        List<Tensor> out = new ArrayList<>();
        for (int i = 0; i < parts; i++) out.add(all.toTensor(i * like.numel(), like.shape(), like.device()));
        return out;
    }

    // Collectives

    @Override
    public Work allReduceAsync(Tensor tensor, ReduceOp op) {
        checked("all_reduce", tensor);
        Arguments.notNull("all_reduce", "op", op).check("all_reduce", tensor.dtype());
        HostBuffer data = HostBuffer.of(tensor);
        return start(
                Collective.Kind.ALL_REDUCE,
                data.dtype(),
                data.size(),
                op,
                Transport.NONE,
                c -> algorithms.allReduce(c, data, op),
                () -> data.write(0, tensor));
    }

    @Override
    public Work reduceAsync(Tensor tensor, int root, ReduceOp op) {
        checked("reduce", tensor);
        checkedRank("reduce", root);
        Arguments.notNull("reduce", "op", op).check("reduce", tensor.dtype());
        HostBuffer data = HostBuffer.of(tensor);
        return start(
                Collective.Kind.REDUCE,
                tensor.dtype(),
                data.size(),
                op,
                root,
                c -> algorithms.reduce(c, data, op, root),
                () -> {
                    if (rank() == root) data.write(0, tensor);
                });
    }

    @Override
    public Work broadcastAsync(Tensor tensor, int root) {
        checked("broadcast", tensor);
        checkedRank("broadcast", root);
        HostBuffer data = HostBuffer.of(tensor);
        return start(
                Collective.Kind.BROADCAST,
                tensor.dtype(),
                data.size(),
                null,
                root,
                c -> algorithms.broadcast(c, data, root),
                () -> {
                    if (rank() != root) data.write(0, tensor);
                });
    }

    @Override
    public List<Tensor> allGather(Tensor tensor) {
        checked("all_gather", tensor);
        int n = worldSize();
        HostBuffer all = new HostBuffer(tensor.dtype(), Math.multiplyExact(tensor.numel(), (long) n));
        all.read(rank() * tensor.numel(), tensor);
        start(
                        Collective.Kind.ALL_GATHER,
                        tensor.dtype(),
                        tensor.numel(),
                        null,
                        Transport.NONE,
                        c -> algorithms.allGather(c, all),
                        () -> {})
                .await();
        return split(all, tensor, n);
    }

    @Override
    public List<Tensor> gather(Tensor tensor, int root) {
        checked("gather", tensor);
        checkedRank("gather", root);
        boolean here = rank() == root;
        long count = tensor.numel();
        HostBuffer all = new HostBuffer(tensor.dtype(), here ? Math.multiplyExact(count, (long) worldSize()) : count);
        all.read(here ? rank() * count : 0, tensor);
        start(Collective.Kind.GATHER, tensor.dtype(), count, null, root, c -> algorithms.gather(c, all, root), () -> {})
                .await();
        return here ? split(all, tensor, worldSize()) : List.of();
    }

    @Override
    public void scatter(Tensor out, @Nullable List<Tensor> tensors, int root) {
        checked("scatter", out);
        checkedRank("scatter", root);
        boolean here = rank() == root;
        HostBuffer data =
                here ? concatenated(checked("scatter", tensors, out)) : new HostBuffer(out.dtype(), out.numel());
        start(
                        Collective.Kind.SCATTER,
                        out.dtype(),
                        out.numel(),
                        null,
                        root,
                        c -> algorithms.scatter(c, data, root),
                        () -> data.write(here ? rank() * out.numel() : 0, out))
                .await();
    }

    @Override
    public Work reduceScatterAsync(Tensor out, List<Tensor> tensors, ReduceOp op) {
        checked("reduce_scatter", out);
        Arguments.notNull("reduce_scatter", "op", op).check("reduce_scatter", out.dtype());
        HostBuffer data = concatenated(checked("reduce_scatter", tensors, out));
        return start(
                Collective.Kind.REDUCE_SCATTER,
                out.dtype(),
                out.numel(),
                op,
                Transport.NONE,
                c -> algorithms.reduceScatter(c, data, op),
                () -> data.write(rank() * out.numel(), out));
    }

    @Override
    public List<Tensor> allToAll(List<Tensor> tensors) {
        checked("all_to_all", tensors, null);
        Tensor like = checked("all_to_all", tensors.getFirst());
        HostBuffer data = concatenated(tensors);
        HostBuffer out = new HostBuffer(like.dtype(), data.size());
        start(
                        Collective.Kind.ALL_TO_ALL,
                        like.dtype(),
                        like.numel(),
                        null,
                        Transport.NONE,
                        c -> algorithms.allToAll(c, data, out),
                        () -> {})
                .await();
        return split(out, like, worldSize());
    }

    @Override
    public void barrier() {
        start(Collective.Kind.BARRIER, null, 0, null, Transport.NONE, algorithms::barrier, () -> {})
                .await();
    }

    // Point to point

    @Override
    public Work sendAsync(Tensor tensor, int to) {
        checked("send", tensor);
        otherRank("send", to);
        HostBuffer data = HostBuffer.of(tensor);
        return pointToPoint(
                data, c -> transport.exchange(c, to, data.slice(0, data.size()), Transport.NONE, null), () -> {});
    }

    @Override
    public Work recvAsync(Tensor tensor, int from) {
        checked("recv", tensor);
        otherRank("recv", from);
        HostBuffer data = new HostBuffer(tensor.dtype(), tensor.numel());
        return pointToPoint(
                data,
                c -> transport.exchange(c, Transport.NONE, null, from, data.slice(0, data.size())),
                () -> data.write(0, tensor));
    }

    @Override
    public void sendRecv(Tensor send, int to, Tensor receive, int from) {
        checked("sendRecv", send);
        checked("sendRecv", receive);
        otherRank("sendRecv", to);
        otherRank("sendRecv", from);
        if (send.dtype() != receive.dtype() || send.numel() != receive.numel()) {
            throw new ValueException("sendRecv: both tensors must have the same dtype and number of elements, got "
                    + send.dtype() + " of " + send.shape() + " and " + receive.dtype() + " of " + receive.shape());
        }
        HostBuffer out = HostBuffer.of(send);
        HostBuffer in = new HostBuffer(receive.dtype(), receive.numel());
        pointToPoint(
                        out,
                        c -> transport.exchange(c, to, out.slice(0, out.size()), from, in.slice(0, in.size())),
                        () -> in.write(0, receive))
                .await();
    }

    private Work pointToPoint(HostBuffer data, Body body, Runnable result) {
        return start(Collective.Kind.POINT_TO_POINT, data.dtype(), data.size(), null, Transport.NONE, body, result);
    }

    // Ending

    @Override
    public void abort(String reason) {
        Arguments.notNull("abort", "reason", reason);
        fail(new DistributedException("rank " + rank() + " ended the process group: " + reason));
    }

    @Override
    public void close() {
        synchronized (this) {
            if (closed) return;
            closed = true;
        }
        thread.execute(transport::close);
        thread.shutdown();
        try {
            thread.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "ProcessGroup(rank=" + rank() + ", world_size=" + worldSize() + ")";
    }
}
