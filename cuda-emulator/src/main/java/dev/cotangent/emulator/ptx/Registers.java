package dev.cotangent.emulator.ptx;

import java.util.LinkedHashMap;
import java.util.Map;

/** The registers of a kernel: those of the code, special ones, and one for each constant. */
final class Registers {
    private final Map<String, Integer> named = new LinkedHashMap<>();
    private final Map<Long, Integer> constants = new LinkedHashMap<>();
    private int count;

    int count() {
        return count;
    }

    /** Returns the register of a name, new if it is not known. */
    int of(String name) {
        return named.computeIfAbsent(name, _ -> count++);
    }

    /** Returns the register that holds a constant. */
    int constant(long value) {
        return constants.computeIfAbsent(value, _ -> count++);
    }

    /** Writes constants and special registers of a warp's threads. */
    void initialize(Warp warp, PtxKernel.Dim grid, PtxKernel.Dim size, long block, int first) {
        constants.forEach((value, r) -> warp.fill(r, value));
        named.forEach((name, r) -> {
            if (!isSpecial(name)) return;
            for (int lane = 0; lane < Warp.LANES; lane++) {
                warp.set(r, lane, special(name, grid, size, block, first + lane, lane, warp.number));
            }
        });
    }

    private static boolean isSpecial(String name) {
        return name.startsWith("%tid")
                || name.startsWith("%ntid")
                || name.startsWith("%ctaid")
                || name.startsWith("%nctaid")
                || name.startsWith("%lane")
                || name.startsWith("%warpid")
                || name.startsWith("%nwarpid");
    }

    private static long special(
            String name, PtxKernel.Dim grid, PtxKernel.Dim size, long block, int thread, int lane, int warp) {
        return switch (name) {
            case "%tid.x" -> thread % size.x();
            case "%tid.y" -> thread / size.x() % size.y();
            case "%tid.z" -> thread / (size.x() * size.y());
            case "%ntid.x" -> size.x();
            case "%ntid.y" -> size.y();
            case "%ntid.z" -> size.z();
            case "%ctaid.x" -> block % grid.x();
            case "%ctaid.y" -> block / grid.x() % grid.y();
            case "%ctaid.z" -> block / ((long) grid.x() * grid.y());
            case "%nctaid.x" -> grid.x();
            case "%nctaid.y" -> grid.y();
            case "%nctaid.z" -> grid.z();
            case "%laneid" -> lane;
            case "%warpid" -> warp;
            case "%nwarpid" -> (size.count() + Warp.LANES - 1) / Warp.LANES;
            case "%lanemask_eq" -> 1L << lane;
            case "%lanemask_lt" -> (1L << lane) - 1;
            case "%lanemask_le" -> (2L << lane) - 1;
            case "%lanemask_gt" -> 0xffffffffL & ~((2L << lane) - 1);
            case "%lanemask_ge" -> 0xffffffffL & ~((1L << lane) - 1);
            default -> throw new PtxException("the special register " + name + " is not known");
        };
    }
}
