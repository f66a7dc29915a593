package dev.cotangent.emulator.ptx;

import java.lang.foreign.MemorySegment;
import java.util.BitSet;

/** A running block of threads: its shared memory and what its warps need of the launch. */
final class Block {
    final PtxKernel kernel;
    final MemorySegment parameters;
    final MemorySegment shared;
    /** The bytes of shared memory that were written. */
    final BitSet sharedWritten = new BitSet();

    final DeviceMemory memory;
    final Counts counts;

    Block(PtxKernel kernel, MemorySegment parameters, int dynamicShared, DeviceMemory memory, Counts counts) {
        this.kernel = kernel;
        this.parameters = parameters;
        this.memory = memory;
        this.counts = counts;
        int bytes = kernel.sharedBytes() + dynamicShared;
        shared = MemorySegment.ofArray(new long[(bytes + 7) / 8]).asSlice(0, bytes);
    }
}
