package dev.cotangent.jcuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.backend.MemoryReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Tests reuse and every step of an allocation, on simulated memory. */
class CachingAllocatorTest {
    private static final long MIB = 1 << 20;

    /** Simulated memory of a given size, whose addresses are never reused. */
    private static class FakeMemory implements CachingAllocator.Source {
        private final long total;
        private final Map<Long, Long> blocks = new HashMap<>();
        long used;
        private long next = 1 << 20;

        FakeMemory(long total) {
            this.total = total;
        }

        @Override
        public long allocate(long bytes) {
            if (used + bytes > total) return 0;
            long address = next;
            next += bytes;
            used += bytes;
            blocks.put(address, bytes);
            return address;
        }

        @Override
        public void free(long address) {
            used -= blocks.remove(address);
        }

        @Override
        public long total() {
            return total;
        }

        @Override
        public boolean synchronizeDevice() {
            return true;
        }
    }

    /** A stream whose fences are reached when {@code done} is set. */
    private static final class FakeStream implements CachingAllocator.StreamPool {
        private boolean done;

        @Override
        public CachingAllocator.Fence recordFence() {
            return new CachingAllocator.Fence() {
                @Override
                public boolean isReached() {
                    return done;
                }

                @Override
                public void await() {
                    done = true;
                }
            };
        }

        @Override
        public void onUse(DeviceMemory memory) {}
    }

    /** An allocator with one stream. */
    private static final class Single {
        final CachingAllocator all;
        final CachingAllocator.FreeList freeList;

        Single(FakeMemory source, boolean caching) {
            all = new CachingAllocator(source, 0, caching);
            freeList = all.createFreeList(new FakeStream());
        }

        DeviceMemory allocate(long bytes) {
            return all.allocate(bytes, freeList);
        }

        CachingAllocator.Scratch scratch(long bytes) {
            return all.scratch(bytes, freeList);
        }
    }

    @Test
    void scratchMemoryIsReused() {
        FakeMemory source = new FakeMemory(64 * MIB);
        Single a = new Single(source, true);
        long first;
        try (CachingAllocator.Scratch s = a.scratch(5000)) {
            first = s.address();
        }
        try (CachingAllocator.Scratch s = a.scratch(5001)) {
            assertEquals(first, s.address());
        }
        assertEquals(1, a.all.counters().reused());
        a.all.empty();
        assertEquals(Map.of(), source.blocks);
    }

    @Test
    void explicitlyFreedMemoryIsReusedOnce() {
        Single a = new Single(new FakeMemory(64 * MIB), true);
        DeviceMemory first = a.allocate(4 * MIB);
        a.all.free(first);
        a.all.free(first);
        assertEquals(0, a.all.live());
        assertEquals(4 * MIB, a.all.cached());
        DeviceMemory second = a.allocate(4 * MIB);
        DeviceMemory third = a.allocate(4 * MIB);
        assertEquals(first.address(), second.address());
        assertTrue(second.address() != third.address());
        assertEquals(8 * MIB, a.all.live());
    }

    @Test
    void blocksInUseDoNotOverlap() {
        Single a = new Single(new FakeMemory(64 * MIB), true);
        List<DeviceMemory> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) all.add(a.allocate(1 + i * 97L));
        all.sort((x, y) -> Long.compare(x.address(), y.address()));
        for (int i = 1; i < all.size(); i++) {
            assertTrue(all.get(i - 1).address() + all.get(i - 1).bytes()
                    <= all.get(i).address());
        }
    }

    @Test
    void aLoopThatDropsItsMemoryNeverFails() {
        Single a = new Single(new FakeMemory(64 * MIB), true);
        int calls = 300;
        for (int i = 0; i < calls; i++) a.allocate(4 * MIB + i % 7 * MIB);
        assertTrue(a.all.counters().collected() > 0, a.all.counters().toString());
        assertTrue(a.all.counters().collected() < calls / 2, a.all.counters().toString());
        assertEquals(0, a.all.counters().failed());
    }

    @Test
    void theCacheIsEmptiedBeforeAnError() {
        FakeMemory source = new FakeMemory(64 * MIB);
        Single a = new Single(source, true);
        for (int i = 0; i < 6; i++) a.scratch(8 * MIB + i * 2 * MIB).close();
        DeviceMemory large = a.allocate(40 * MIB);
        assertEquals(1, a.all.counters().emptied());
        assertEquals(0, a.all.counters().failed());
        String message = assertThrows(CotangentException.class, () -> a.allocate(40 * MIB))
                .getMessage();
        assertTrue(
                message.startsWith(
                        "CUDA out of memory. Tried to allocate 40.00 MiB (GPU 0; 64.00 MiB total capacity; 40.00 MiB"
                                + " already allocated"),
                message);
        assertEquals(1, a.all.counters().failed());
        DeviceMemory small = a.allocate(8 * MIB);
        assertEquals(48 * MIB, large.bytes() + small.bytes());
        assertEquals(48 * MIB, a.all.live());
    }

    @Test
    void largeBlocksAreSplitAndMerged() {
        FakeMemory source = new FakeMemory(64 * MIB);
        Single a = new Single(source, true);
        a.scratch(32 * MIB).close();
        DeviceMemory first = a.allocate(10 * MIB);
        DeviceMemory second = a.allocate(20 * MIB);
        assertEquals(1, source.blocks.size());
        assertEquals(first.address() + 10 * MIB, second.address());
        a.all.free(first);
        assertEquals(first.address(), a.allocate(8 * MIB).address());
        a.all.free(second);
        DeviceMemory third = a.allocate(24 * MIB);
        assertEquals(second.address() - 2 * MIB, third.address());
        assertEquals(1, a.all.counters().allocated());
    }

    @Test
    void varyingShapesNeverEmptyTheCache() {
        FakeMemory source = new FakeMemory(64 * MIB);
        Single a = new Single(source, true);
        Random random = new Random(3);
        TreeMap<Long, DeviceMemory> live = new TreeMap<>();
        a.scratch(60 * MIB).close();
        for (int i = 0; i < 2000; i++) {
            if (live.size() > 3 || !live.isEmpty() && random.nextBoolean()) {
                a.all.free(live.pollFirstEntry().getValue());
            } else {
                DeviceMemory m = a.allocate(MIB + 1 + random.nextInt(9 << 20));
                var before = live.lowerEntry(m.address());
                var after = live.higherEntry(m.address());
                assertTrue(before == null || before.getKey() + before.getValue().bytes() <= m.address());
                assertTrue(after == null || m.address() + m.bytes() <= after.getKey());
                live.put(m.address(), m);
            }
        }
        assertEquals(0, a.all.counters().emptied());
        live.values().forEach(a.all::free);
        assertEquals(0, a.all.live());
        a.scratch(60 * MIB).close();
        assertEquals(1, source.blocks.size());
        a.all.empty();
        assertEquals(Map.of(), source.blocks);
    }

    @Test
    void allocationsStayBelowALimit() {
        FakeMemory source = new FakeMemory(64 * MIB);
        Single a = new Single(source, true);
        a.all.setLimit(24 * MIB);
        a.scratch(16 * MIB).close();
        DeviceMemory kept = a.allocate(20 * MIB);
        assertEquals(20 * MIB, source.used, "the cache was emptied to stay below the limit");
        assertThrows(CotangentException.class, () -> a.allocate(8 * MIB));
        a.all.setLimit(Long.MAX_VALUE);
        assertEquals(28 * MIB, kept.bytes() + a.allocate(8 * MIB).bytes());
    }

    /** A driver that would take the host's memory is asked for no more than the device has. */
    @Test
    void memoryIsNotSpilledToTheHost() {
        FakeMemory source = new FakeMemory(1 << 30) {
            @Override
            public long available() {
                return 64 * MIB - super.used;
            }
        };
        Single a = new Single(source, true);
        a.scratch(40 * MIB).close();
        DeviceMemory large = a.allocate(60 * MIB);
        assertEquals(60 * MIB, source.used);
        assertThrows(CotangentException.class, () -> a.allocate(8 * MIB));
        assertEquals(60 * MIB, large.bytes());
    }

    @Test
    void withoutCachingMemoryIsFreedAtOnce() {
        FakeMemory source = new FakeMemory(64 * MIB);
        Single a = new Single(source, false);
        a.scratch(100).close();
        assertEquals(0, source.used);
        assertEquals(0, a.all.cached());
    }

    @Test
    void streamsDoNotShareCachedBlocks() {
        CachingAllocator a = new CachingAllocator(new FakeMemory(64 * MIB), 0, true);
        CachingAllocator.FreeList one = a.createFreeList(new FakeStream());
        CachingAllocator.FreeList other = a.createFreeList(new FakeStream());
        DeviceMemory first = a.allocate(4 * MIB, one);
        a.free(first);
        DeviceMemory second = a.allocate(4 * MIB, other);
        assertTrue(first.address() != second.address());
        assertEquals(first.address(), a.allocate(4 * MIB, one).address());
    }

    @Test
    void blocksUsedByAnotherStreamAreReusedAfterItsWork() {
        CachingAllocator a = new CachingAllocator(new FakeMemory(64 * MIB), 0, true);
        FakeStream other = new FakeStream();
        CachingAllocator.FreeList mine = a.createFreeList(new FakeStream());
        DeviceMemory first = a.allocate(4 * MIB, mine);
        assertEquals(first.address(), first.address(other));
        a.free(first);
        assertEquals(0, a.live());
        assertTrue(first.address() != a.allocate(4 * MIB, mine).address());
        other.done = true;
        assertEquals(first.address(), a.allocate(4 * MIB, mine).address());
    }

    @Test
    void pendingBlocksAreAwaitedBeforeMemoryRunsOut() {
        CachingAllocator a = new CachingAllocator(new FakeMemory(64 * MIB), 0, true);
        FakeStream other = new FakeStream();
        CachingAllocator.FreeList mine = a.createFreeList(new FakeStream());
        DeviceMemory first = a.allocate(40 * MIB, mine);
        first.address(other);
        a.free(first);
        assertEquals(40 * MIB, a.allocate(40 * MIB, mine).bytes());
        assertTrue(other.done);
    }

    @Test
    void aPrivateFreeListKeepsItsMemoryUntilClosed() {
        FakeMemory source = new FakeMemory(64 * MIB);
        CachingAllocator a = new CachingAllocator(source, 0, true);
        CachingAllocator.FreeList graphList = a.createPrivate(new FakeStream());
        DeviceMemory first = a.allocate(4 * MIB, graphList);
        a.free(first);
        a.empty();
        assertEquals(4 * MIB, source.used);
        a.closePrivate(graphList);
        a.empty();
        assertEquals(0, source.used);
    }

    @Test
    void theReportCountsAllocationsAndFrees() {
        Single a = new Single(new FakeMemory(64 * MIB), true);
        DeviceMemory first = a.allocate(4 * MIB);
        DeviceMemory second = a.allocate(8 * MIB);
        a.all.free(second);
        MemoryReport r = a.all.report();
        assertEquals(new MemoryReport.Gauge(4 * MIB, 12 * MIB, 12 * MIB, 8 * MIB), r.allocated());
        assertEquals(new MemoryReport.Gauge(12 * MIB, 12 * MIB, 12 * MIB, 0), r.reserved());
        assertEquals(new MemoryReport.Gauge(1, 2, 2, 1), r.allocations());
        a.all.resetPeaks();
        a.all.empty();
        assertEquals(4 * MIB, a.all.report().allocated().peak());
        assertEquals(
                new MemoryReport.Gauge(4 * MIB, 12 * MIB, 12 * MIB, 8 * MIB),
                a.all.report().reserved());
        assertEquals(4 * MIB, first.bytes());
        String[] lines = a.all.report().table(0).split("\n");
        assertEquals("| Allocated memory      |  4096 KiB  |  4096 KiB  |   12 MiB   |  8192 KiB  |", lines[7]);
        for (String line : lines) assertEquals(77, line.length(), line);
    }
}
