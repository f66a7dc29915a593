package dev.cotangent.cpu;

import org.jspecify.annotations.Nullable;

/** The tiles of a backend: plain ones until enough has been asked for to make compiling the others worth it. */
final class Tiles {
    /** So many multiplications are left to the plain tile: both give the same bits. */
    private static final long COLD = 4_000_000;

    /** Of the vectors that plain loops behave like where there are none. */
    private static final int PLAIN_BITS = 256;

    private final Tile plain;
    private final MatVec plainMatVec;
    private final @Nullable VectorLoops vectors;
    private final boolean isDouble;
    private volatile @Nullable Tile vector;
    private volatile @Nullable MatVec matVec;
    private long seen;

    Tiles(@Nullable VectorLoops vectors, boolean isDouble) {
        this.vectors = vectors;
        this.isDouble = isDouble;
        plain = PlainTile.of(isDouble);
        plainMatVec = new PlainMatVec((vectors == null ? PLAIN_BITS : vectors.bits()) / (isDouble ? 64 : 32));
    }

    /** For products with a vector. */
    MatVec matVec(long multiplications) {
        if (vectors == null || (seen += multiplications) < COLD) return plainMatVec;
        MatVec product = matVec;
        if (product == null) matVec = product = vectors.matVec(isDouble);
        return product;
    }

    Tile choose(long multiplications) {
        if (vectors == null || (seen += multiplications) < COLD) return plain;
        Tile tile = vector;
        if (tile == null) vector = tile = vectors.tile(isDouble);
        return tile;
    }
}
