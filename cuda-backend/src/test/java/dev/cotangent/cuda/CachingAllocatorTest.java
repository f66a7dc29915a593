package dev.cotangent.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
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
        public void synchronize() {}
    }

    @Test
    void scratchIsUsedAgain() {
        Counted source = new Counted(64 * MIB);
        CachingAllocator a = new CachingAllocator(source, 0, true);
        long first;
        try (CachingAllocator.Scratch s = a.scratch(5000)) {
            first = s.address();
        }
        try (CachingAllocator.Scratch s = a.scratch(5001)) {
            assertEquals(first, s.address());
        }
        assertEquals(1, a.rungs().reused());
        a.empty();
        assertEquals(Map.of(), source.blocks);
    }

    @Test
    void whatIsFreedByHandIsUsedAgainAtOnceAndOnce() {
        CachingAllocator a = new CachingAllocator(new Counted(64 * MIB), 0, true);
        DeviceMemory first = a.allocate(4 * MIB);
        a.free(first);
        a.free(first);
        assertEquals(0, a.live());
        assertEquals(4 * MIB, a.cached());
        DeviceMemory second = a.allocate(4 * MIB);
        DeviceMemory third = a.allocate(4 * MIB);
        assertEquals(first.address(), second.address());
        assertTrue(second.address() != third.address());
        assertEquals(8 * MIB, a.live());
    }

    @Test
    void blocksInUseNeverShareAPlace() {
        CachingAllocator a = new CachingAllocator(new Counted(64 * MIB), 0, true);
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
        CachingAllocator a = new CachingAllocator(new Counted(64 * MIB), 0, true);
        for (int i = 0; i < 2000; i++) a.allocate(4 * MIB + i % 7 * MIB);
        assertTrue(a.rungs().collected() > 0, a.rungs().toString());
        assertTrue(a.rungs().collected() < 1000, a.rungs().toString());
        assertEquals(0, a.rungs().failed());
    }

    @Test
    void whatIsCachedIsGivenBackBeforeAnErrorIsRaised() {
        Counted source = new Counted(64 * MIB);
        CachingAllocator a = new CachingAllocator(source, 0, true);
        for (int i = 0; i < 6; i++) a.scratch(8 * MIB + i * 2 * MIB).close();
        DeviceMemory large = a.allocate(40 * MIB);
        assertEquals(1, a.rungs().emptied());
        assertEquals(0, a.rungs().failed());
        String message = assertThrows(CotangentException.class, () -> a.allocate(40 * MIB))
                .getMessage();
        assertTrue(
                message.startsWith(
                        "CUDA out of memory. Tried to allocate 40.00 MiB (GPU 0; 64.00 MiB total capacity; 40.00 MiB"
                                + " already allocated"),
                message);
        assertEquals(1, a.rungs().failed());
        DeviceMemory small = a.allocate(8 * MIB);
        assertEquals(48 * MIB, large.bytes() + small.bytes());
        assertEquals(48 * MIB, a.live());
    }

    @Test
    void withoutCachingEverythingGoesBackAtOnce() {
        Counted source = new Counted(64 * MIB);
        CachingAllocator a = new CachingAllocator(source, 0, false);
        a.scratch(100).close();
        assertEquals(0, source.used);
        assertEquals(0, a.cached());
    }
}
