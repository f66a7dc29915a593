package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.MicroKernel;

/**
 * The shape of a generated micro-kernel: MR x NR accumulators, all in registers, and fewer rows for edges.
 * Measured, not computed: HotSpot's register allocator spills accumulators of shapes that would fit, such as 6 x 4 vectors in
 * 32 registers, and C1 runs out of virtual registers if the loop over k is unrolled much, after which a method is never
 * compiled by C2.
 *
 * @param bits the width of a vector
 * @param isDouble whether elements are float64, else float32
 * @param heights the numbers of rows for which there is a kernel, the largest first
 */
record MicroKernelShape(int bits, boolean isDouble, MicroKernel.Heights heights) {
    /** The vectors in a row of accumulators. */
    static final int VECTORS = 2;

    /** The least number of contiguous inner indices in a packed row of A. */
    private static final int CHUNK = 8;

    private static final int MANY_REGISTERS = 32;
    private static final int WIDE = 512;

    /** Lanes of a vector. */
    int lanes() {
        return bits / (isDouble ? Double.SIZE : Float.SIZE);
    }

    /** Returns NR, the columns of the micro-kernel and of a micro-panel of B. */
    int columns() {
        return VECTORS * lanes();
    }

    /** Returns MR, the rows of the largest kernel and of a micro-panel of A. */
    int rows() {
        return heights.most();
    }

    /** Returns the inner indices of a row that are contiguous in a micro-panel of A, in whole vectors. */
    int chunk() {
        return Math.max(CHUNK, lanes());
    }

    /**
     * Returns the inner indices of an iteration of the loop over k: with two, narrow vectors are not held up by its
     * integer instructions, and with wide ones the 12 rows of two would be too much for C1.
     */
    int unroll() {
        return bits == WIDE ? 1 : 2;
    }

    /**
     * Returns the shape for a processor.
     *
     * @param registers its vector registers
     */
    static MicroKernelShape of(int bits, boolean isDouble, int registers) {
        return new MicroKernelShape(bits, isDouble, heights(bits, registers));
    }

    private static MicroKernel.Heights heights(int bits, int registers) {
        // 6 x 2 accumulators, 2 vectors of B and 1 of A in 16 registers.
        if (registers < MANY_REGISTERS) return new MicroKernel.Heights(6, 4);
        // The wider a vector, the more rows share a read of B.
        return bits == WIDE ? new MicroKernel.Heights(12, 8, 4) : new MicroKernel.Heights(8, 4);
    }
}
