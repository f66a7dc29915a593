package dev.cotangent.autograd;

/**
 * How {@link Autograd#checkpoint} recomputes. Immutable; each method returns changed options.
 *
 * @param isReentrant whether the backward pass runs another one inside it, PyTorch's {@code use_reentrant}
 * @param preservesRandomState whether the recomputation draws the random numbers of the forward pass
 * @param stopsEarly whether the recomputation ends as soon as all that is needed was recomputed
 * @param checksDeterminism whether recomputed tensors must have the shape, dtype and device of the original ones
 */
public record CheckpointOptions(
        boolean isReentrant, boolean preservesRandomState, boolean stopsEarly, boolean checksDeterminism) {
    static final CheckpointOptions DEFAULT = new CheckpointOptions(false, true, true, true);

    /**
     * PyTorch's {@code use_reentrant=True}: the backward pass runs a backward pass over the recomputed part. Such a
     * checkpoint works with {@code backward()} without {@code inputs} only, and has no gradients of gradients.
     */
    public CheckpointOptions reentrant() {
        return new CheckpointOptions(true, preservesRandomState, stopsEarly, checksDeterminism);
    }

    /** PyTorch's {@code preserve_rng_state}. */
    public CheckpointOptions preserveRandomState(boolean value) {
        return new CheckpointOptions(isReentrant, value, stopsEarly, checksDeterminism);
    }

    /** PyTorch's {@code early_stop}. */
    public CheckpointOptions earlyStop(boolean value) {
        return new CheckpointOptions(isReentrant, preservesRandomState, value, checksDeterminism);
    }

    /** PyTorch's {@code determinism_check}: {@code "default"} if true, {@code "none"} if false. */
    public CheckpointOptions determinismCheck(boolean value) {
        return new CheckpointOptions(isReentrant, preservesRandomState, stopsEarly, value);
    }
}
