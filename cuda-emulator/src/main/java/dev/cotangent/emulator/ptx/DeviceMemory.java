package dev.cotangent.emulator.ptx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Global memory of an emulated device: allocations with bounds, and which of their bytes were ever written. */
public final class DeviceMemory implements AutoCloseable {
    private static final int ALIGNMENT = 256;
    static final int SECTOR = 32;

    /** An allocation. */
    private static final class Block {
        private final MemorySegment data;
        private final long start;
        /** The bytes that were written; reads of others are errors. */
        private final BitSet written = new BitSet();

        private final BitSet sectorsRead = new BitSet();
        private final BitSet sectorsWritten = new BitSet();

        Block(MemorySegment data) {
            this.data = data;
            start = data.address();
        }
    }

    /** Finds allocations that are not this memory's own. */
    @FunctionalInterface
    interface Finder {
        /** Returns the allocation that has an address, or null. */
        @Nullable
        MemorySegment find(long address);
    }

    private final Arena arena = Arena.ofShared();
    private final TreeMap<Long, Block> blocks = new TreeMap<>();
    private final @Nullable Finder finder;
    private Block last = new Block(MemorySegment.NULL);

    /** Creates a memory without allocations. */
    public DeviceMemory() {
        this(null);
    }

    /** Creates a memory whose allocations, all of them written, are another's. */
    DeviceMemory(@Nullable Finder finder) {
        this.finder = finder;
    }

    /** Allocates bytes, which have to be written before they are read; returns their address, aligned to 256. */
    public long allocate(long bytes) {
        Block block = new Block(arena.allocate(Math.max(1, bytes), ALIGNMENT).asSlice(0, bytes));
        blocks.put(block.start, block);
        return block.start;
    }

    /** Returns an allocation for the host to read and write; afterwards all its bytes count as written. */
    public MemorySegment host(long address) {
        Block block = find(address, 1, "the host's access");
        block.written.set(0, (int) block.data.byteSize());
        return block.data;
    }

    private Block find(long address, int bytes, String what) {
        if (address >= last.start && address + bytes <= last.start + last.data.byteSize()) return last;
        Map.Entry<Long, Block> entry = blocks.floorEntry(address);
        Block block = entry == null ? null : entry.getValue();
        if (finder != null && (block == null || address + bytes > block.start + block.data.byteSize())) {
            MemorySegment found = finder.find(address);
            if (found != null) {
                block = new Block(found);
                block.written.set(0, (int) Math.min(Integer.MAX_VALUE, found.byteSize()));
                blocks.put(block.start, block);
            }
        }
        if (block == null || address + bytes > block.start + block.data.byteSize()) {
            throw new PtxException(what + " of " + bytes + " bytes at 0x" + Long.toHexString(address)
                    + " is out of bounds"
                    + (block == null
                            ? ""
                            : " of the allocation of " + block.data.byteSize() + " bytes at 0x"
                                    + Long.toHexString(block.start)));
        }
        last = block;
        return block;
    }

    private static void aligned(long address, int bytes, String what) {
        if (address % bytes != 0) {
            throw new PtxException(
                    what + " of " + bytes + " bytes at 0x" + Long.toHexString(address) + " is misaligned");
        }
    }

    /** Checks an access of several elements, which has to be aligned as a whole. */
    void check(long address, int bytes, boolean write, String what) {
        aligned(address, bytes, what);
        Block block = find(address, bytes, what);
        int at = (int) (address - block.start);
        if (write) {
            block.written.set(at, at + bytes);
            block.sectorsWritten.set(at / SECTOR);
        } else {
            if (block.written.nextClearBit(at) < at + bytes) {
                throw new PtxException(what + " of " + bytes + " bytes at 0x" + Long.toHexString(address)
                        + " reads memory that was never written");
            }
            block.sectorsRead.set(at / SECTOR);
        }
    }

    /** Reads 1, 2, 4 or 8 bytes that were checked. */
    long get(long address, int bytes) {
        Block b = find(address, bytes, "a load");
        return get(b.data, address - b.start, bytes);
    }

    void set(long address, int bytes, long value) {
        Block b = find(address, bytes, "a store");
        set(b.data, address - b.start, bytes, value);
    }

    static long get(MemorySegment data, long at, int bytes) {
        return switch (bytes) {
            case 1 -> data.get(ValueLayout.JAVA_BYTE, at) & 0xff;
            case 2 -> data.get(ValueLayout.JAVA_SHORT_UNALIGNED, at) & 0xffff;
            case 4 -> data.get(ValueLayout.JAVA_INT_UNALIGNED, at) & 0xffffffffL;
            default -> data.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
        };
    }

    static void set(MemorySegment data, long at, int bytes, long value) {
        switch (bytes) {
            case 1 -> data.set(ValueLayout.JAVA_BYTE, at, (byte) value);
            case 2 -> data.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
            case 4 -> data.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
            default -> data.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
        }
    }

    /** Moves the numbers of sectors that were touched since the last call into the counts. */
    void count(Counts counts) {
        for (Block b : blocks.values()) {
            counts.readBytes += (long) SECTOR * b.sectorsRead.cardinality();
            counts.writtenBytes += (long) SECTOR * b.sectorsWritten.cardinality();
            b.sectorsRead.clear();
            b.sectorsWritten.clear();
        }
    }

    /** Frees all allocations. */
    @Override
    public void close() {
        arena.close();
    }
}
