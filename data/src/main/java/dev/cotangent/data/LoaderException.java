package dev.cotangent.data;

import dev.cotangent.CotangentException;
import org.jspecify.annotations.Nullable;

/** A failure while a {@link DataLoader} made a batch: the sample, batch and worker, with its cause. */
public final class LoaderException extends CotangentException {
    private static final long serialVersionUID = 1L;

    private final long index;
    private final long batch;
    private final int worker;

    LoaderException(String message, long index, long batch, int worker, @Nullable Throwable cause) {
        super(message);
        if (cause != null) initCause(cause);
        this.index = index;
        this.batch = batch;
        this.worker = worker;
    }

    /** Returns the index of the sample in the dataset, or in the stream; -1 where it was not a single sample's fault. */
    public long index() {
        return index;
    }

    /** Returns the number of the batch in its epoch, from 0 on. */
    public long batch() {
        return batch;
    }

    /** Returns the number of the worker, -1 for the thread that takes the batches. */
    public int worker() {
        return worker;
    }
}
