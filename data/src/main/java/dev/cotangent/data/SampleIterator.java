package dev.cotangent.data;

import java.util.Iterator;

/**
 * Samples one after the other from something that has to be closed, such as a file. It closes itself at the end of the
 * samples; whoever stops earlier calls {@link #close}. A {@link DataLoader} does.
 *
 * @param <T> the type of a sample
 */
public interface SampleIterator<T> extends Iterator<T>, AutoCloseable {
    /** Closes what it reads from; afterwards there is no further sample. Does nothing the second time. */
    @Override
    void close();
}
