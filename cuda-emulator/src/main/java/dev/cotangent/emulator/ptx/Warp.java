package dev.cotangent.emulator.ptx;

import java.util.Arrays;

/** 32 threads that execute together: their registers and where each of them is. */
final class Warp {
    static final int LANES = 32;

    final Block block;
    final int number;
    /** Register r of lane i at r * 32 + i. */
    final long[] registers;
    /** Lanes that have not ended. */
    int alive;
    /** Lanes at the block's barrier. */
    int atBarrier;
    /** Lanes that wait for others of their warp. */
    int parked;

    final int[] pc = new int[LANES];
    final byte[][] local = new byte[LANES][];

    Warp(Block block, int number, int registers, int lanes) {
        this.block = block;
        this.number = number;
        this.registers = new long[registers * LANES];
        alive = lanes == LANES ? -1 : (1 << lanes) - 1;
    }

    long get(int register, int lane) {
        return registers[register * LANES + lane];
    }

    void set(int register, int lane, long value) {
        registers[register * LANES + lane] = value;
    }

    void fill(int register, long value) {
        Arrays.fill(registers, register * LANES, (register + 1) * LANES, value);
    }

    /** Returns the lanes of a mask in which a predicate is true. */
    int where(int predicate, int mask) {
        int out = 0;
        int base = predicate * LANES;
        for (int m = mask; m != 0; m &= m - 1) {
            int lane = Integer.numberOfTrailingZeros(m);
            if (registers[base + lane] != 0) out |= 1 << lane;
        }
        return out;
    }

    int runnable() {
        return alive & ~atBarrier & ~parked;
    }

    /** Returns the lanes at the lowest place in the code: so those that branched away meet again where paths join. */
    int lowest(int runnable) {
        int low = Integer.MAX_VALUE;
        int mask = 0;
        for (int m = runnable; m != 0; m &= m - 1) {
            int lane = Integer.numberOfTrailingZeros(m);
            if (pc[lane] < low) {
                low = pc[lane];
                mask = 1 << lane;
            } else if (pc[lane] == low) {
                mask |= 1 << lane;
            }
        }
        return mask;
    }

    void move(int mask, int to) {
        if (mask == -1) {
            Arrays.fill(pc, to);
            return;
        }
        for (int m = mask; m != 0; m &= m - 1) pc[Integer.numberOfTrailingZeros(m)] = to;
    }

    byte[] local(int lane, int size) {
        byte[] memory = local[lane];
        if (memory == null) local[lane] = memory = new byte[size];
        return memory;
    }
}
