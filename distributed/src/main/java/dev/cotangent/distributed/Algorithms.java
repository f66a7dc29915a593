package dev.cotangent.distributed;

import java.lang.foreign.MemorySegment;

/**
 * Collectives as messages between pairs of ranks. Rings move {@code (n - 1) / n} of the data per rank and pass, the least
 * that is possible; broadcasts go along binomial trees (Thakur, Rabenseifner and Gropp, Optimization of Collective
 * Communication Operations in MPICH, 2005).
 */
final class Algorithms {
    private static final MemorySegment EMPTY = MemorySegment.ofArray(new byte[0]);

    private final Transport transport;
    private final int rank;
    private final int size;

    Algorithms(Transport transport) {
        this.transport = transport;
        rank = transport.rank();
        size = transport.size();
    }

    /** Returns the start of a rank's part of n elements. */
    private int start(int part, int n) {
        return (int) ((long) n * part / size);
    }

    private int shifted(int by) {
        return Math.floorMod(rank + by, size);
    }

    private MemorySegment part(HostBuffer data, int part) {
        int from = start(part, data.size());
        return data.slice(from, start(part + 1, data.size()) - from);
    }

    void allReduce(Collective c, HostBuffer data, ReduceOp op) {
        reduceScatter(c, data, op);
        allGather(c, data);
    }

    /** Combines this rank's part of the buffer over all ranks; part r in the order of ranks r + 1, r + 2, ..., r. */
    void reduceScatter(Collective c, HostBuffer data, ReduceOp op) {
        HostBuffer received = new HostBuffer(data.dtype(), (data.size() + size - 1) / size);
        for (int step = 1; step < size; step++) {
            int out = shifted(-step);
            int in = shifted(-step - 1);
            int from = start(in, data.size());
            int count = start(in + 1, data.size()) - from;
            transport.exchange(c, shifted(1), part(data, out), shifted(-1), received.slice(0, count));
            data.reduce(op, from, received, count);
        }
        if (op == ReduceOp.AVG) {
            int from = start(rank, data.size());
            data.divide(from, start(rank + 1, data.size()) - from, size);
        }
    }

    /** Sends this rank's part of the buffer to all, and receives theirs. */
    void allGather(Collective c, HostBuffer data) {
        for (int step = 0; step < size - 1; step++) {
            transport.exchange(c, shifted(1), part(data, shifted(-step)), shifted(-1), part(data, shifted(-step - 1)));
        }
    }

    void reduce(Collective c, HostBuffer data, ReduceOp op, int root) {
        reduceScatter(c, data, op);
        gatherParts(c, data, root);
    }

    private void gatherParts(Collective c, HostBuffer data, int root) {
        if (rank != root) {
            transport.exchange(c, root, part(data, rank), Transport.NONE, null);
            return;
        }
        for (int r = 0; r < size; r++) {
            if (r != root) transport.exchange(c, Transport.NONE, null, r, part(data, r));
        }
    }

    /** Gathers buffers of all ranks at the root, which has its own at its place. */
    void gather(Collective c, HostBuffer data, int root) {
        if (rank == root) gatherParts(c, data, root);
        else transport.exchange(c, root, data.slice(0, data.size()), Transport.NONE, null);
    }

    void scatter(Collective c, HostBuffer data, int root) {
        if (rank != root) {
            transport.exchange(c, Transport.NONE, null, root, data.slice(0, data.size()));
            return;
        }
        for (int r = 0; r < size; r++) {
            if (r != root) transport.exchange(c, r, part(data, r), Transport.NONE, null);
        }
    }

    /** Broadcasts along a binomial tree: in each round the ranks that have the data send them as far again. */
    void broadcast(Collective c, HostBuffer data, int root) {
        MemorySegment all = data.slice(0, data.size());
        int relative = Math.floorMod(rank - root, size);
        int lowest = relative == 0 ? Integer.highestOneBit(Math.max(1, size - 1)) << 1 : Integer.lowestOneBit(relative);
        if (relative != 0) {
            transport.exchange(c, Transport.NONE, null, Math.floorMod(rank - lowest, size), all);
        }
        for (int distance = lowest >> 1; distance > 0; distance >>= 1) {
            if (relative + distance < size) {
                transport.exchange(c, Math.floorMod(rank + distance, size), all, Transport.NONE, null);
            }
        }
    }

    void allToAll(Collective c, HostBuffer data, HostBuffer out) {
        MemorySegment.copy(
                part(data, rank), 0, part(out, rank), 0, part(data, rank).byteSize());
        for (int step = 1; step < size; step++) {
            int to = shifted(step);
            int from = shifted(-step);
            transport.exchange(c, to, part(data, to), from, part(out, from));
        }
    }

    /** Waits for all ranks by the dissemination algorithm, in log2(n) rounds. */
    void barrier(Collective c) {
        for (int distance = 1; distance < size; distance <<= 1) {
            transport.exchange(c, shifted(distance), EMPTY, shifted(-distance), EMPTY);
        }
    }
}
