package dev.cotangent.distributed;

import dev.cotangent.ValueException;

/** The options of {@link DistributedDataParallel}. Immutable; each method returns changed options. */
public final class DdpOptions {
    private static final double MEBI = 1024 * 1024;

    private final double bucketCapMb;
    private final boolean broadcastBuffers;
    private final boolean findUnusedParameters;

    private DdpOptions(double bucketCapMb, boolean broadcastBuffers, boolean findUnusedParameters) {
        this.bucketCapMb = bucketCapMb;
        this.broadcastBuffers = broadcastBuffers;
        this.findUnusedParameters = findUnusedParameters;
    }

    static DdpOptions defaults() {
        return new DdpOptions(25, true, false);
    }

    /** Returns options with another size of the buckets in which gradients are sent, in MiB, 25 at first. */
    public DdpOptions bucketCapMb(double value) {
        if (!(value > 0)) throw new ValueException("bucket_cap_mb has to be positive, got " + value);
        return new DdpOptions(value, broadcastBuffers, findUnusedParameters);
    }

    /** Returns options that say whether each forward takes over the buffers of rank 0, true at first. */
    public DdpOptions broadcastBuffers(boolean value) {
        return new DdpOptions(bucketCapMb, value, findUnusedParameters);
    }

    /**
     * Returns options that say whether a loss may leave parameters out, false at first. Costs one more collective per
     * backward pass.
     */
    public DdpOptions findUnusedParameters(boolean value) {
        return new DdpOptions(bucketCapMb, broadcastBuffers, value);
    }

    long bucketBytes() {
        return (long) (bucketCapMb * MEBI);
    }

    boolean broadcastsBuffers() {
        return broadcastBuffers;
    }

    boolean findsUnusedParameters() {
        return findUnusedParameters;
    }
}
