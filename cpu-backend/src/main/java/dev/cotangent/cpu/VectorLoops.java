package dev.cotangent.cpu;

import dev.cotangent.program.ScalarOp;
import org.jspecify.annotations.Nullable;

/** What the Vector API adds; all of it is in one package, which is loaded where the module is there. */
public interface VectorLoops {
    /** The vector form of an op on {@code float[]} or on {@code double[]}, or null where it has none. */
    @Nullable
    Loop loop(ScalarOp op, boolean isDouble);

    /** The tile of a matrix product that suits the registers of the machine. */
    Tile tile(boolean isDouble);

    /** Whether the vector form of an op gives the same bits as the plain one. */
    boolean exact(ScalarOp op);
}
