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
import org.junit.jupiter.api.Test;

/** Reuse, and every rung of the ladder, on memory that is only counted. */
class CachingAllocatorTest {
    private static final long MIB = 1 << 20;

    /** So many bytes, handed out at ever new addresses. */
    private static final class Counted implements CachingAllocator.Source {
        private final long total;
        private final Map<Long, Long> blocks = new HashMap<>();
        private long used;
        private long next = 1 << 20;

        Counted(long total) {
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
        public boolean settle() {
            return true;
        }
    }

    /** A lane whose marks are passed when it is told so. */
    private static final class Lane implements CachingAllocator.StreamPool {
        private boolean done;

        @Override
        public CachingAllocator.Fence mark() {
            return new CachingAllocator.Fence() {
                @Override
                public boolean isPassed() {
                    return done;
                }

                @Override
                public void await() {
                    done = true;
                }
            };
        }

        @Override
        public void touched(DeviceMemory memory) {}
    }

    /** An allocator whose users have one lane. */
    private static final class Single {
        final CachingAllocator all;
        final CachingAllocator.FreeList shelf;

        Single(Counted source, boolean caching) {
            all = new CachingAllocator(source, 0, caching);
            shelf = all.shelf(new Lane());
        }

        DeviceMemory allocate(long bytes) {
            return all.allocate(bytes, shelf);
        }

        CachingAllocator.Scratch scratch(long bytes) {
            return all.scratch(bytes, shelf);
        }
    }

    @Test
    void scratchIsUsedAgain() {
        Counted source = new Counted(64 * MIB);
        Single a = new Single(source, true);
        long first;
        try (CachingAllocator.Scratch s = a.scratch(5000)) {
            first = s.address();
        }
        try (CachingAllocator.Scratch s = a.scratch(5001)) {
            assertEquals(first, s.address());
        }
        assertEquals(1, a.all.rungs().reused());
        a.all.empty();
        assertEquals(Map.of(), source.blocks);
    }

    @Test
    void whatIsFreedByHandIsUsedAgainAtOnceAndOnce() {
        Single a = new Single(new Counted(64 * MIB), true);
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
    void blocksInUseNeverShareAPlace() {
        Single a = new Single(new Counted(64 * MIB), true);
        List<DeviceMemory> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) all.add(a.allocate(1 + i * 97L));
        all.sort((x, y) -> Long.compare(x.address(), y.address()));
        for (int i = 1; i < all.size(); i++) {
            assertTrue(all.get(i - 1).address() + all.get(i - 1).bytes()
                    <= all.get(i).address());
        }
    }

    @Test
    void aLoopThatDropsWhatItMakesNeverFails() {
        Single a = new Single(new Counted(64 * MIB), true);
        int calls = 300;
        for (int i = 0; i < calls; i++) a.allocate(4 * MIB + i % 7 * MIB);
        assertTrue(a.all.rungs().collected() > 0, a.all.rungs().toString());
        assertTrue(a.all.rungs().collected() < calls / 2, a.all.rungs().toString());
        assertEquals(0, a.all.rungs().failed());
    }

    @Test
    void whatIsCachedIsGivenBackBeforeAnErrorIsRaised() {
        Counted source = new Counted(64 * MIB);
        Single a = new Single(source, true);
        for (int i = 0; i < 6; i++) a.scratch(8 * MIB + i * 2 * MIB).close();
        DeviceMemory large = a.allocate(40 * MIB);
        assertEquals(1, a.all.rungs().emptied());
        assertEquals(0, a.all.rungs().failed());
        String message = assertThrows(CotangentException.class, () -> a.allocate(40 * MIB))
                .getMessage();
        assertTrue(
                message.startsWith(
                        "CUDA out of memory. Tried to allocate 40.00 MiB (GPU 0; 64.00 MiB total capacity; 40.00 MiB"
                                + " already allocated"),
                message);
        assertEquals(1, a.all.rungs().failed());
        DeviceMemory small = a.allocate(8 * MIB);
        assertEquals(48 * MIB, large.bytes() + small.bytes());
        assertEquals(48 * MIB, a.all.live());
    }

    @Test
    void withoutCachingEverythingGoesBackAtOnce() {
        Counted source = new Counted(64 * MIB);
        Single a = new Single(source, false);
        a.scratch(100).close();
        assertEquals(0, source.used);
        assertEquals(0, a.all.cached());
    }

    @Test
    void lanesDoNotShareWhatTheyKeep() {
        CachingAllocator a = new CachingAllocator(new Counted(64 * MIB), 0, true);
        CachingAllocator.FreeList one = a.shelf(new Lane());
        CachingAllocator.FreeList other = a.shelf(new Lane());
        DeviceMemory first = a.allocate(4 * MIB, one);
        a.free(first);
        DeviceMemory second = a.allocate(4 * MIB, other);
        assertTrue(first.address() != second.address());
        assertEquals(first.address(), a.allocate(4 * MIB, one).address());
    }

    @Test
    void whatAnotherLaneUsesIsNotUsedAgainBeforeThatIsDone() {
        CachingAllocator a = new CachingAllocator(new Counted(64 * MIB), 0, true);
        Lane other = new Lane();
        CachingAllocator.FreeList mine = a.shelf(new Lane());
        DeviceMemory first = a.allocate(4 * MIB, mine);
        assertEquals(first.address(), first.address(other));
        a.free(first);
        assertEquals(0, a.live());
        assertTrue(first.address() != a.allocate(4 * MIB, mine).address());
        other.done = true;
        assertEquals(first.address(), a.allocate(4 * MIB, mine).address());
    }

    @Test
    void whatWaitsForAnotherLaneIsWaitedForBeforeMemoryRunsOut() {
        CachingAllocator a = new CachingAllocator(new Counted(64 * MIB), 0, true);
        Lane other = new Lane();
        CachingAllocator.FreeList mine = a.shelf(new Lane());
        DeviceMemory first = a.allocate(40 * MIB, mine);
        first.address(other);
        a.free(first);
        assertEquals(40 * MIB, a.allocate(40 * MIB, mine).bytes());
        assertTrue(other.done);
    }

    @Test
    void aHeldShelfGivesNothingAwayUntilItIsLetGo() {
        Counted source = new Counted(64 * MIB);
        CachingAllocator a = new CachingAllocator(source, 0, true);
        CachingAllocator.FreeList held = a.hold(new Lane());
        DeviceMemory first = a.allocate(4 * MIB, held);
        a.free(first);
        a.empty();
        assertEquals(4 * MIB, source.used);
        a.letGo(held);
        a.empty();
        assertEquals(0, source.used);
    }

    @Test
    void theReportCountsWhatWasTakenAndGivenBack() {
        Single a = new Single(new Counted(64 * MIB), true);
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
