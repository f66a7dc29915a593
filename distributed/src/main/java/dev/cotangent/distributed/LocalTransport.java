package dev.cotangent.distributed;

import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Ranks that are threads of one process. */
final class LocalTransport implements Transport {
    private static final long WAIT_MILLIS = 20;

    /** A message under way; no data means that the sender has left. */
    private record Message(
            @Nullable Collective collective, @Nullable MemorySegment data) {}

    /** What the ranks share. */
    private static final class Hub {
        private final List<BlockingQueue<Message>> queues = new ArrayList<>();
        private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    }

    private final Hub hub;
    private final int rank;
    private final int size;
    private final Duration timeout;

    private LocalTransport(Hub hub, int rank, int size, Duration timeout) {
        this.hub = hub;
        this.rank = rank;
        this.size = size;
        this.timeout = timeout;
    }

    /** Returns the connected transports of all ranks. */
    static List<Transport> create(int size, Duration timeout) {
        Hub hub = new Hub();
        for (int i = 0; i < size * size; i++) hub.queues.add(new LinkedBlockingQueue<>());
        List<Transport> all = new ArrayList<>();
        for (int r = 0; r < size; r++) all.add(new LocalTransport(hub, r, size, timeout));
        return all;
    }

    @Override
    public int rank() {
        return rank;
    }

    @Override
    public int size() {
        return size;
    }

    private BlockingQueue<Message> queue(int from, int to) {
        return hub.queues.get(from * size + to);
    }

    @Override
    public void exchange(
            Collective collective, int to, @Nullable MemorySegment out, int from, @Nullable MemorySegment in) {
        check();
        if (to != NONE) {
            long bytes = Objects.requireNonNull(out).byteSize();
            MemorySegment copy = MemorySegment.ofArray(new long[Math.toIntExact((bytes + 7) / 8)])
                    .asSlice(0, bytes);
            queue(rank, to).add(new Message(collective, copy.copyFrom(out)));
        }
        if (from == NONE) return;
        Message message = receive(collective, from);
        MemorySegment data = message.data;
        if (data == null) {
            throw new DistributedException(
                    "rank " + from + " has left the process group, but rank " + rank + " is in " + collective);
        }
        if (!collective.equals(message.collective)
                || data.byteSize() != Objects.requireNonNull(in).byteSize()) {
            throw Transport.mismatch(rank, collective, from, message.collective);
        }
        in.copyFrom(data);
    }

    private Message receive(Collective collective, int from) {
        long end = System.nanoTime() + timeout.toNanos();
        try {
            while (System.nanoTime() < end) {
                Message message = queue(from, rank).poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
                if (message != null) return message;
                check();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new DistributedException("rank " + rank + " was interrupted in " + collective);
        }
        throw new DistributedException(
                "rank " + rank + " timed out after " + timeout.toMillis() + " ms in " + collective + ": rank " + from
                        + " sent nothing. It may be slow or stuck; the timeout is an option of the group");
    }

    private void check() {
        String failure = hub.failure.get();
        if (failure != null) throw new DistributedException(failure);
    }

    @Override
    public void abort(String reason) {
        hub.failure.compareAndSet(null, reason);
    }

    @Override
    public void close() {
        for (int r = 0; r < size; r++) if (r != rank) queue(rank, r).add(new Message(null, null));
    }
}
