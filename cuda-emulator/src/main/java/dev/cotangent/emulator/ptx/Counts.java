package dev.cotangent.emulator.ptx;

import java.util.EnumMap;
import java.util.Map;

/** What a launch of a kernel did, counted over all warps. */
public final class Counts {
    /** Classes of instructions that share a pipeline of a multiprocessor. */
    public enum Kind {
        /** Integer additions, comparisons, logic, moves, selections. */
        INTEGER,
        /** Integer products. */
        INTEGER_MULTIPLY,
        /** Integer divisions and remainders, which are subroutines. */
        INTEGER_DIVIDE,
        /** Additions, products, fused products and comparisons of float32 and shorter. */
        FLOAT,
        /** The same of float64. */
        DOUBLE,
        /** Divisions, square roots and approximations of float32. */
        SPECIAL,
        /** Divisions and square roots of float64, which are subroutines. */
        DOUBLE_SPECIAL,
        /** Conversions between types. */
        CONVERT,
        /** Loads and stores of global memory. */
        GLOBAL,
        /** Loads and stores of shared memory. */
        SHARED,
        /** Loads and stores of local memory and of parameters. */
        LOCAL,
        /** Atomics. */
        ATOMIC,
        /** Branches, calls, returns. */
        CONTROL,
        /** Barriers, shuffles, votes. */
        SYNC
    }

    private final long[] perKind = new long[Kind.values().length];
    long laneInstructions;
    long branches;
    long divergentBranches;
    long requests;
    long sectors;
    long idealSectors;
    long conflicts;
    long sharedRequests;
    long readBytes;
    long writtenBytes;
    long barriers;
    long warps;
    long threads;

    Counts() {}

    void add(Kind kind, int lanes) {
        perKind[kind.ordinal()]++;
        laneInstructions += lanes;
    }

    /** Returns the number of instructions that warps issued, by class. */
    public Map<Kind, Long> instructions() {
        Map<Kind, Long> all = new EnumMap<>(Kind.class);
        for (Kind k : Kind.values()) all.put(k, perKind[k.ordinal()]);
        return all;
    }

    /** Returns the number of instructions that warps issued of a class. */
    public long instructions(Kind kind) {
        return perKind[kind.ordinal()];
    }

    /** Returns the number of instructions that warps issued. */
    public long warpInstructions() {
        long sum = 0;
        for (long n : perKind) sum += n;
        return sum;
    }

    /** Returns the number of instructions that threads executed. */
    public long laneInstructions() {
        return laneInstructions;
    }

    /** Returns the share of lanes that were active, over all instructions. */
    public double laneUse() {
        return laneInstructions / (32.0 * Math.max(1, warpInstructions()));
    }

    /** Returns the number of conditional branches. */
    public long branches() {
        return branches;
    }

    /** Returns the number of conditional branches that some lanes of a warp took and others did not. */
    public long divergentBranches() {
        return divergentBranches;
    }

    /** Returns the number of loads and stores of global memory that warps issued. */
    public long requests() {
        return requests;
    }

    /** Returns the number of 32-byte sectors that these touched, each counted once per request. */
    public long sectors() {
        return sectors;
    }

    /** Returns the number of sectors that would hold the bytes of each request if they were contiguous and aligned. */
    public long idealSectors() {
        return idealSectors;
    }

    /** Returns sectors over ideal sectors; 1 is best. */
    public double sectorRatio() {
        return idealSectors == 0 ? 1 : (double) sectors / idealSectors;
    }

    /** Returns the number of accesses to shared memory. */
    public long sharedRequests() {
        return sharedRequests;
    }

    /** Returns the number of additional passes that bank conflicts cost. */
    public long conflicts() {
        return conflicts;
    }

    /** Returns the bytes of global memory read, in whole sectors, each sector once. */
    public long readBytes() {
        return readBytes;
    }

    /** Returns the bytes of global memory written, in whole sectors, each sector once. */
    public long writtenBytes() {
        return writtenBytes;
    }

    /** Returns the number of barriers that blocks passed. */
    public long barriers() {
        return barriers;
    }

    /** Returns the number of warps. */
    public long warps() {
        return warps;
    }

    /** Returns the number of threads. */
    public long threads() {
        return threads;
    }
}
