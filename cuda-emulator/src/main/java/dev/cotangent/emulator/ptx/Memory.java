package dev.cotangent.emulator.ptx;

import dev.cotangent.emulator.ptx.Instruction.Step;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Loads, stores and atomics in the state spaces. */
final class Memory {
    /** Where shared and local memory are in the generic address space. */
    static final long SHARED_WINDOW = 0x7f00_0000_0000_0000L;

    static final long LOCAL_WINDOW = 0x7e00_0000_0000_0000L;
    private static final long WINDOW_MASK = 0xff00_0000_0000_0000L;
    private static final int BANKS = 32;
    private static final int BANK_BYTES = 4;

    enum Space {
        PARAM,
        GLOBAL,
        SHARED,
        LOCAL,
        GENERIC
    }

    private Memory() {}

    /** Returns the space and the address in it of a generic address. */
    private static Space spaceOf(long address) {
        return switch ((int) (address >>> 56)) {
            case 0x7f -> Space.SHARED;
            case 0x7e -> Space.LOCAL;
            default -> Space.GLOBAL;
        };
    }

    /**
     * Returns a load into registers.
     *
     * @param to one register per element of the vector
     * @param base the register of the address
     */
    static Step load(Space space, Type type, int[] to, int base, long offset) {
        int bytes = type.bytes();
        return (w, mask) -> {
            count(w, mask, space, base, offset, bytes * to.length, false);
            for (int m = mask; m != 0; m &= m - 1) {
                int lane = Integer.numberOfTrailingZeros(m);
                long address = w.get(base, lane) + offset;
                check(w, space, address, bytes * to.length, false, "a load");
                for (int i = 0; i < to.length; i++) {
                    if (to[i] < 0) continue;
                    long raw = read(w, lane, space, address + (long) i * bytes, bytes);
                    // Loads extend to the width of the register.
                    w.set(to[i], lane, type.isSigned() ? type.extend(raw) & widest(type) : raw);
                }
            }
        };
    }

    /** Returns the bits that a signed load fills: of 8 bits those of a 16-bit register, whose upper bits instructions may read. */
    private static long widest(Type type) {
        return switch (type) {
            case S8 -> 0xffff;
            case S16 -> 0xffffffffL;
            case S32 -> 0xffffffffL;
            default -> -1;
        };
    }

    /** Returns a store of registers. */
    static Step store(Space space, Type type, int[] from, int base, long offset) {
        int bytes = type.bytes();
        return (w, mask) -> {
            count(w, mask, space, base, offset, bytes * from.length, true);
            for (int m = mask; m != 0; m &= m - 1) {
                int lane = Integer.numberOfTrailingZeros(m);
                long address = w.get(base, lane) + offset;
                check(w, space, address, bytes * from.length, true, "a store");
                for (int i = 0; i < from.length; i++) {
                    write(w, lane, space, address + (long) i * bytes, bytes, w.get(from[i], lane));
                }
            }
        };
    }

    /** Returns an atomic operation; {@code to} is negative for a reduction without a result. */
    static Step atomic(Space space, Type type, int to, int base, long offset, int b, int c, Operations.Ternary f) {
        int bytes = type.bytes();
        return (w, mask) -> {
            for (int m = mask; m != 0; m &= m - 1) {
                int lane = Integer.numberOfTrailingZeros(m);
                long address = w.get(base, lane) + offset;
                check(w, space, address, bytes, false, "an atomic");
                check(w, space, address, bytes, true, "an atomic");
                long old = read(w, lane, space, address, bytes);
                long next = f.of(old, w.get(b, lane), c < 0 ? 0 : w.get(c, lane));
                write(w, lane, space, address, bytes, next);
                if (to >= 0) w.set(to, lane, old);
            }
        };
    }

    private static void check(Warp w, Space space, long address, int bytes, boolean write, String what) {
        Space actual = space == Space.GENERIC ? spaceOf(address) : space;
        switch (actual) {
            case GLOBAL -> w.block.memory.check(address, bytes, write, what);
            case SHARED -> {
                int at = (int) (address & ~WINDOW_MASK);
                if (at % bytes != 0 || at < 0 || at + bytes > w.block.shared.byteSize()) {
                    throw new PtxException(what + " of " + bytes + " bytes at " + at + " of shared memory of "
                            + w.block.shared.byteSize() + " bytes is out of bounds or misaligned");
                }
                if (write) w.block.sharedWritten.set(at, at + bytes);
                else if (w.block.sharedWritten.nextClearBit(at) < at + bytes) {
                    throw new PtxException(what + " of " + bytes + " bytes at " + at
                            + " of shared memory reads what was never written");
                }
            }
            case LOCAL -> {
                int at = (int) (address & ~WINDOW_MASK);
                if (at % bytes != 0 || at < 0 || at + bytes > w.block.kernel.localBytes()) {
                    throw new PtxException(what + " of " + bytes + " bytes at " + at
                            + " of local memory is out of bounds or misaligned");
                }
            }
            default -> {
                if (address < 0 || address + bytes > w.block.parameters.byteSize()) {
                    throw new PtxException(
                            what + " of " + bytes + " bytes at " + address + " is outside the parameters");
                }
            }
        }
    }

    private static long read(Warp w, int lane, Space space, long address, int bytes) {
        return switch (space == Space.GENERIC ? spaceOf(address) : space) {
            case PARAM -> DeviceMemory.get(w.block.parameters, address, bytes);
            case SHARED -> DeviceMemory.get(w.block.shared, address & ~WINDOW_MASK, bytes);
            case LOCAL -> DeviceMemory.get(local(w, lane), address & ~WINDOW_MASK, bytes);
            default -> w.block.memory.get(address, bytes);
        };
    }

    private static void write(Warp w, int lane, Space space, long address, int bytes, long value) {
        switch (space == Space.GENERIC ? spaceOf(address) : space) {
            case SHARED -> DeviceMemory.set(w.block.shared, address & ~WINDOW_MASK, bytes, value);
            case LOCAL -> DeviceMemory.set(local(w, lane), address & ~WINDOW_MASK, bytes, value);
            case PARAM -> throw new PtxException("a store to a parameter");
            default -> w.block.memory.set(address, bytes, value);
        }
    }

    private static MemorySegment local(Warp w, int lane) {
        return MemorySegment.ofArray(w.local(lane, w.block.kernel.localBytes()));
    }

    // Counting

    private static void count(Warp w, int mask, Space space, int base, long offset, int bytes, boolean write) {
        if (space == Space.PARAM || space == Space.LOCAL) return;
        long[] addresses = new long[Integer.bitCount(mask)];
        int n = 0;
        for (int m = mask; m != 0; m &= m - 1) {
            addresses[n++] = w.get(base, Integer.numberOfTrailingZeros(m)) + offset;
        }
        Space actual = space == Space.GENERIC ? spaceOf(addresses[0]) : space;
        if (actual == Space.SHARED) {
            w.block.counts.sharedRequests++;
            w.block.counts.conflicts += passes(addresses, bytes) - least(addresses.length, bytes);
        } else if (actual == Space.GLOBAL) {
            w.block.counts.requests++;
            countSectors(w.block.counts, addresses, bytes);
        }
    }

    /** Counts the sectors of a request, and those that its distinct bytes would fill. */
    private static void countSectors(Counts counts, long[] addresses, int bytes) {
        Arrays.sort(addresses);
        long sectors = 0;
        long distinct = 0;
        long lastSector = Long.MIN_VALUE;
        long end = Long.MIN_VALUE;
        for (long a : addresses) {
            for (long s = a / DeviceMemory.SECTOR; s <= (a + bytes - 1) / DeviceMemory.SECTOR; s++) {
                if (s > lastSector) {
                    sectors++;
                    lastSector = s;
                }
            }
            distinct += a + bytes - Math.max(a, Math.min(end, a + bytes));
            end = Math.max(end, a + bytes);
        }
        counts.sectors += sectors;
        counts.idealSectors += (distinct + DeviceMemory.SECTOR - 1) / DeviceMemory.SECTOR;
    }

    /** Returns the passes of a conflict-free access: 128 bytes per pass. */
    private static int least(int lanes, int bytes) {
        return Math.max(1, (lanes * bytes + BANKS * BANK_BYTES - 1) / (BANKS * BANK_BYTES));
    }

    /** Returns the passes over shared memory: per pass each bank gives one word, to any number of lanes. */
    private static int passes(long[] addresses, int bytes) {
        int perPass = Math.max(1, Math.min(Warp.LANES, BANKS * BANK_BYTES / bytes));
        int passes = 0;
        for (int first = 0; first < addresses.length; first += perPass) {
            int end = Math.min(addresses.length, first + perPass);
            long[] words = new long[(end - first) * Math.max(1, bytes / BANK_BYTES)];
            int n = 0;
            for (int i = first; i < end; i++) {
                for (int b = 0; b < bytes; b += BANK_BYTES) words[n++] = (addresses[i] + b) / BANK_BYTES;
            }
            Arrays.sort(words);
            int[] perBank = new int[BANKS];
            int most = 1;
            for (int i = 0; i < n; i++) {
                if (i > 0 && words[i] == words[i - 1]) continue;
                most = Math.max(most, ++perBank[(int) (words[i] % BANKS)]);
            }
            passes += most;
        }
        return passes;
    }
}
