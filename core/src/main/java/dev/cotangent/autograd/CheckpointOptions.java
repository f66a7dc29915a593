package dev.cotangent.autograd;

/**
 * Options of {@link Autograd#checkpoint}. Immutable; each method returns changed options.
 *
 * @param isReentrant whether the backward pass runs a nested one, PyTorch's {@code use_reentrant}
 * @param preservesRandomState whether the recomputation draws the random numbers of the forward pass
 * @param stopsEarly whether the recomputation stops as soon as all needed tensors are recomputed
 * @param checksDeterminism whether recomputed tensors must have the original shapes, dtypes and devices
 */
public record CheckpointOptions(
        boolean isReentrant, boolean preservesRandomState, boolean stopsEarly, boolean checksDeterminism) {
    static final CheckpointOptions DEFAULT = new CheckpointOptions(false, true, true, true);

    /**
     * Sets PyTorch's {@code use_reentrant=True}: the backward pass runs a nested one over the recomputed part. Such a
     * checkpoint supports only {@code backward()} without {@code inputs}, and no double backward.
     */
    public CheckpointOptions reentrant() {
        return new CheckpointOptions(true, preservesRandomState, stopsEarly, checksDeterminism);
    }

    /** Sets PyTorch's {@code preserve_rng_state}. */
    public CheckpointOptions preserveRandomState(boolean value) {
        return new CheckpointOptions(isReentrant, value, stopsEarly, checksDeterminism);
    }

    /** Sets PyTorch's {@code early_stop}. */
    public CheckpointOptions earlyStop(boolean value) {
        return new CheckpointOptions(isReentrant, preservesRandomState, value, checksDeterminism);
    }

    /** Sets PyTorch's {@code determinism_check}: {@code "default"} if true, {@code "none"} if false. */
    public CheckpointOptions determinismCheck(boolean value) {
        return new CheckpointOptions(isReentrant, preservesRandomState, stopsEarly, value);
    }
}
