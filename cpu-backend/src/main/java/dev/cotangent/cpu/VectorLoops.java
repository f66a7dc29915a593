package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.ir.ScalarOp;

/** What the Vector API adds; all of it is in one package, which is loaded where the module is there. */
public interface VectorLoops {
    /** Returns the width of a vector. */
    int bits();

    /**
     * Returns whether vectors of a type can be blended and masked: HotSpot keeps no masks of two lanes in registers, so
     * what uses them would allocate, and be slower than scalar code.
     */
    boolean hasMasks(boolean isDouble);

    /**
     * Returns whether an op on {@code float[]} or on {@code double[]} has a vector form, with the bits of the scalar
     * one.
     */
    boolean has(ScalarOp op, boolean isDouble);

    /** Returns the vector form of an op that has one. */
    Loop loop(ScalarOp op, boolean isDouble);

    /** Returns whether an op on {@code boolean[]} has a vector form. */
    boolean hasOnBools(ScalarOp op);

    /** Returns the vector form of an op on {@code boolean[]} that has one. */
    Loop loopOnBools(ScalarOp op);

    /** Returns whether an op on {@code long[]} has a vector form. */
    boolean hasOnLongs(ScalarOp op);

    /**
     * Returns the vector form of an op on {@code long[]} that has one.
     *
     * @param bits of the integer type
     * @param scalar the loop of single elements
     */
    Loop loopOnLongs(ScalarOp op, int bits, Loop scalar);

    /** Returns whether a conversion has a vector form. */
    boolean hasConversion(Dtype from, Dtype to);

    /** Returns the vector form of a conversion that has one. */
    Conversion conversion(Conversion.Pair pair);

    /** Compiles a program to a loop over vectors that gives the bits of the scalar one. */
    RowLoop generate(LoopProgram loop);

    /** Returns the micro-kernel that suits the registers of the machine. */
    MicroKernel tile(boolean isDouble);

    /** Returns the GEMV. */
    Gemv matVec(boolean isDouble);

    /** Loops over what kernels of convolutions see. */
    Windows windows(boolean isDouble);

    /** Returns the loops of Fourier transforms. */
    Butterflies butterflies(boolean isDouble);

    /** Copies of rows of float32 in the opposite order. */
    Reversal reversal();

    /** Moves between registers of bools and their memory. */
    Bools bools();

    /** Bools as {@code boolean[]} and as bytes 0 and 1. */
    interface Bools {
        /** Stores a register to memory. */
        void store(boolean[] from, int i, byte[] to, int o, int n);

        /** Loads memory to a register. */
        void load(byte[] from, int i, boolean[] to, int o, int n);
    }
}
