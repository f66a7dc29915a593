package dev.cotangent.data;

import java.util.Iterator;

/**
 * An iterator over samples from a resource, such as a file. It closes itself at the end of the
 * samples; a caller that stops earlier has to call {@link #close}. A {@link DataLoader} does.
 *
 * @param <T> the type of a sample
 */
public interface SampleIterator<T> extends Iterator<T>, AutoCloseable {
    /** Closes the resource and ends the iteration. Does nothing the second time. */
    @Override
    void close();
}
