package dev.cotangent.emulator.ptx;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** A kernel of a {@link PtxModule}: what a GPU would run, executed warp by warp. */
public final class PtxKernel {
    /** Instructions of a warp after which it is reported as endless. */
    private static final long LIMIT = 100_000_000L;

    private final String name;
    private final List<Integer> parameterSizes;
    private final List<Integer> parameterOffsets;
    private final int parameterBytes;
    private final int sharedBytes;
    private final int localBytes;
    private final Instruction[] code;
    private final Registers registers;

    PtxKernel(
            String name,
            List<Integer> parameterSizes,
            List<Integer> parameterOffsets,
            int parameterBytes,
            int sharedBytes,
            int localBytes,
            List<Instruction> code,
            Registers registers) {
        this.name = name;
        this.parameterSizes = List.copyOf(parameterSizes);
        this.parameterOffsets = List.copyOf(parameterOffsets);
        this.parameterBytes = parameterBytes;
        this.sharedBytes = sharedBytes;
        this.localBytes = localBytes;
        this.code = code.toArray(Instruction[]::new);
        this.registers = registers;
    }

    /** Returns the name. */
    public String name() {
        return name;
    }

    /** Returns the bytes of each parameter. */
    public List<Integer> parameterSizes() {
        return parameterSizes;
    }

    /** Returns the offset of each parameter in the block that {@link #launch} takes. */
    public List<Integer> parameterOffsets() {
        return parameterOffsets;
    }

    /** Returns the bytes of all parameters. */
    public int parameterBytes() {
        return parameterBytes;
    }

    /** Returns the bytes of shared memory that the kernel declares. */
    public int sharedBytes() {
        return sharedBytes;
    }

    int localBytes() {
        return localBytes;
    }

    /**
     * A launch's numbers of blocks or threads.
     *
     * @param x at least 1
     * @param y at least 1
     * @param z at least 1
     */
    public record Dim(int x, int y, int z) {
        /** Creates one of a single dimension. */
        public Dim(int x) {
            this(x, 1, 1);
        }

        long count() {
            return (long) x * y * z;
        }
    }

    /**
     * Runs all blocks.
     *
     * @param parameters the values of the parameters, each at its offset
     * @param seed the seed of the order of blocks and warps; 0 for ascending
     * @return what was counted
     * @throws PtxException for what faults or hangs on a GPU
     */
    public Counts launch(
            Dim grid, Dim block, int dynamicShared, MemorySegment parameters, DeviceMemory memory, long seed) {
        Counts counts = new Counts();
        Random random = seed == 0 ? null : new Random(seed);
        long[] order = LongStream.range(0, grid.count()).toArray();
        if (random != null) shuffle(order, random);
        for (long b : order) {
            Block running = new Block(this, parameters, dynamicShared, memory, counts);
            run(warps(running, grid, block, b), counts, random);
        }
        counts.threads += grid.count() * block.count();
        memory.count(counts);
        return counts;
    }

    private static void shuffle(long[] all, Random random) {
        for (int i = all.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            long swapped = all[i];
            all[i] = all[j];
            all[j] = swapped;
        }
    }

    private List<Warp> warps(Block block, Dim grid, Dim size, long number) {
        List<Warp> all = new ArrayList<>();
        int threads = (int) size.count();
        for (int first = 0; first < threads; first += Warp.LANES) {
            Warp warp = new Warp(block, all.size(), registers.count(), Math.min(Warp.LANES, threads - first));
            registers.initialize(warp, grid, size, number, first);
            all.add(warp);
        }
        block.counts.warps += all.size();
        return all;
    }

    private void run(List<Warp> warps, Counts counts, @Nullable Random random) {
        List<Warp> order = new ArrayList<>(warps);
        while (true) {
            if (random != null) Collections.shuffle(order, random);
            boolean waiting = false;
            boolean alive = false;
            for (Warp w : order) {
                run(w, counts);
                waiting |= w.alive != 0 && w.atBarrier == w.alive;
                alive |= w.alive != 0;
            }
            if (!alive) return;
            if (!waiting) throw new PtxException(name + ": no warp can go on");
            counts.barriers++;
            for (Warp w : order) w.atBarrier = 0;
        }
    }

    /** Runs a warp until all its lanes have ended or wait at the barrier. */
    private void run(Warp w, Counts counts) {
        for (long n = 0; n < LIMIT; n++) {
            int runnable = w.runnable();
            if (runnable == 0) {
                if (w.parked != 0) throw new PtxException(name + ": lanes of a warp wait for others that do not come");
                return;
            }
            int mask = w.lowest(runnable);
            int at = w.pc[Integer.numberOfTrailingZeros(mask)];
            Instruction i = code[at];
            int active = mask;
            if (i.guard() >= 0) {
                active = w.where(i.guard(), mask);
                if (i.negated()) active = mask & ~active;
            }
            counts.add(i.kind(), Integer.bitCount(active));
            switch (i.flow()) {
                case NEXT -> {
                    if (active != 0) step(w, i, active);
                    w.move(mask, at + 1);
                }
                case BRANCH -> {
                    if (i.guard() >= 0) {
                        counts.branches++;
                        if (active != 0 && active != mask) counts.divergentBranches++;
                    }
                    w.move(mask & ~active, at + 1);
                    w.move(active, i.target());
                }
                case EXIT -> {
                    w.move(mask & ~active, at + 1);
                    w.alive &= ~active;
                }
                case BARRIER -> {
                    w.move(mask, at + 1);
                    w.atBarrier |= active;
                }
                case WARP_SYNC -> synchronize(w, i, active, at);
            }
        }
        throw new PtxException(name + ": a warp runs for ever");
    }

    private void step(Warp w, Instruction i, int active) {
        try {
            i.step().run(w, active);
        } catch (PtxException e) {
            throw new PtxException(name + ": " + i.text() + ": " + e.getMessage());
        }
    }

    /** Runs a shuffle or vote once all of its lanes are there. */
    private void synchronize(Warp w, Instruction i, int active, int at) {
        int members = (int) w.get(i.members(), Integer.numberOfTrailingZeros(active)) & w.alive;
        if ((members & active) != active) {
            throw new PtxException(name + ": " + i.text() + ": a lane is not in its own mask of members");
        }
        int there = active;
        for (int m = w.parked & members; m != 0; m &= m - 1) {
            int lane = Integer.numberOfTrailingZeros(m);
            if (w.pc[lane] == at) there |= 1 << lane;
        }
        if (there != members) {
            w.parked |= active;
            if (w.runnable() == 0) {
                throw new PtxException(name + ": " + i.text() + ": lanes 0x" + Integer.toHexString(members & ~there)
                        + " of the mask of members do not come");
            }
            return;
        }
        w.parked &= ~there;
        step(w, i, there);
        w.move(there, at + 1);
    }
}
