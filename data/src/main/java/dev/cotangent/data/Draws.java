package dev.cotangent.data;

import java.util.NoSuchElementException;
import java.util.PrimitiveIterator;

/** Indices that are drawn in portions, each when it is needed: the order in which PyTorch's samplers draw. */
abstract class Draws implements PrimitiveIterator.OfLong {
    private long[] portion = {};
    private int at;
    private boolean ended;

    /** Draws the next portion; an empty one ends the indices. */
    abstract long[] draw();

    @Override
    public boolean hasNext() {
        if (at == portion.length && !ended) {
            portion = draw();
            at = 0;
            ended = portion.length == 0;
        }
        return !ended;
    }

    @Override
    public long nextLong() {
        if (!hasNext()) throw new NoSuchElementException();
        return portion[at++];
    }
}
