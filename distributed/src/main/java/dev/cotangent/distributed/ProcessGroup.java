package dev.cotangent.distributed;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Processes, or threads of one process, that compute together; PyTorch's {@code ProcessGroup}. All ranks call the same
 * collectives in the same order, with tensors of equal shape and dtype; each runs in the background, one after the other,
 * and the methods without {@code Async} wait for it. Tensors may be on any device and have any strides.
 *
 * <pre>{@code
 * try (ProcessGroup group = ProcessGroup.connect(ProcessGroupOptions.fromEnvironment())) {
 *     Tensor x = full(2, group.rank());
 *     group.allReduce(x); // the sum over the ranks, on each of them
 * }
 * }</pre>
 *
 * <p>Sums are in an order that depends on the number of ranks alone: the same values give the same bits in every run and
 * on every rank.
 *
 * <p>Every failure ends the group on all ranks with a {@link DistributedException} that says what happened on which rank.
 */
public interface ProcessGroup extends AutoCloseable {
    /**
     * Connects this process to the others of a group over TCP; returns when all ranks have joined. PyTorch's {@code
     * init_process_group}.
     *
     * @throws DistributedException if not all ranks join within the timeout, or rank 0 cannot listen at its port
     */
    static ProcessGroup connect(ProcessGroupOptions options) {
        return new TransportGroup(Rendezvous.connect(options));
    }

    /** Creates a group of threads of this process, such as one for each device; returns what each rank uses. */
    static List<ProcessGroup> inProcess(int worldSize, Duration timeout) {
        if (worldSize < 1) throw new ValueException("a process group has at least one rank, got " + worldSize);
        return LocalTransport.create(worldSize, timeout).stream()
                .<ProcessGroup>map(TransportGroup::new)
                .toList();
    }

    /** Returns the rank of this process, from 0. */
    int rank();

    /** Returns the number of ranks; {@code get_world_size}. */
    int worldSize();

    /** Replaces a tensor by the sum of the tensors of all ranks; {@code all_reduce}. */
    default void allReduce(Tensor tensor) {
        allReduce(tensor, ReduceOp.SUM);
    }

    /** Replaces a tensor by the combination of the tensors of all ranks; {@code all_reduce}. */
    default void allReduce(Tensor tensor, ReduceOp op) {
        allReduceAsync(tensor, op).await();
    }

    /** Starts {@link #allReduce(Tensor, ReduceOp)}. */
    Work allReduceAsync(Tensor tensor, ReduceOp op);

    /** Replaces rank {@code root}'s tensor by the combination of the tensors of all ranks; {@code reduce}. */
    default void reduce(Tensor tensor, int root, ReduceOp op) {
        reduceAsync(tensor, root, op).await();
    }

    /** Starts {@link #reduce}. */
    Work reduceAsync(Tensor tensor, int root, ReduceOp op);

    /** Replaces the tensor of each rank by that of rank {@code root}; {@code broadcast}. */
    default void broadcast(Tensor tensor, int root) {
        broadcastAsync(tensor, root).await();
    }

    /** Starts {@link #broadcast}. */
    Work broadcastAsync(Tensor tensor, int root);

    /** Returns copies of the tensors of all ranks, by rank; {@code all_gather}. */
    List<Tensor> allGather(Tensor tensor);

    /** Returns copies of the tensors of all ranks, by rank, on rank {@code root}, elsewhere nothing; {@code gather}. */
    List<Tensor> gather(Tensor tensor, int root);

    /**
     * Writes into {@code out} this rank's element of a list that rank {@code root} has; {@code scatter}.
     *
     * @param tensors one per rank, of the shape of {@code out}; null on ranks other than the root
     */
    void scatter(Tensor out, @Nullable List<Tensor> tensors, int root);

    /**
     * Writes into {@code out} the combination over all ranks of this rank's element of their lists; {@code
     * reduce_scatter}.
     *
     * @param tensors one per rank, of the shape of {@code out}
     */
    default void reduceScatter(Tensor out, List<Tensor> tensors, ReduceOp op) {
        reduceScatterAsync(out, tensors, op).await();
    }

    /** Starts {@link #reduceScatter}. */
    Work reduceScatterAsync(Tensor out, List<Tensor> tensors, ReduceOp op);

    /**
     * Sends element {@code i} of a list to rank {@code i} and returns what the ranks have sent to this one, by rank; {@code
     * all_to_all}.
     *
     * @param tensors one per rank, of one shape
     */
    List<Tensor> allToAll(List<Tensor> tensors);

    /** Returns when all ranks have called it; {@code barrier}. */
    void barrier();

    /** Sends a tensor to a rank that calls {@link #recv}; {@code send}. */
    default void send(Tensor tensor, int to) {
        sendAsync(tensor, to).await();
    }

    /** Starts {@link #send}; {@code isend}. */
    Work sendAsync(Tensor tensor, int to);

    /** Receives into a tensor what a rank sends by {@link #send}; {@code recv}. */
    default void recv(Tensor tensor, int from) {
        recvAsync(tensor, from).await();
    }

    /** Starts {@link #recv}; {@code irecv}. */
    Work recvAsync(Tensor tensor, int from);

    /**
     * Sends to one rank and receives from another at the same time, as in a pipeline or with neighbours, where all ranks
     * sending first would wait for each other; {@code batch_isend_irecv} of one each.
     */
    void sendRecv(Tensor send, int to, Tensor receive, int from);

    /** Ends the group on all ranks with an error: their current or next collective throws it; {@code abort}. */
    void abort(String reason);

    /** Leaves the group after the operations that were started; {@code destroy_process_group}. */
    @Override
    void close();
}
