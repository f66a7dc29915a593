package dev.cotangent.data;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Identifies a worker of a {@link DataLoader}; PyTorch's {@code torch.utils.data.get_worker_info}.
 *
 * @param id its number, from 0 on
 * @param numWorkers how many there are
 * @param seed of its generator, from which everything in it draws that names no generator
 */
public record WorkerInfo(int id, int numWorkers, long seed) {
    private static final ThreadLocal<@Nullable WorkerInfo> CURRENT = new ThreadLocal<>();

    /** Returns the calling worker's, nothing in other threads. */
    public static Optional<WorkerInfo> current() {
        return Optional.ofNullable(CURRENT.get());
    }

    static void set(WorkerInfo info) {
        CURRENT.set(info);
    }
}
