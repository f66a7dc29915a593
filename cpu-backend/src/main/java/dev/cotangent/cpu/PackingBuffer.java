package dev.cotangent.cpu;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The packing buffer of A: one array of a type, divided into slots, one of which a thread owns while it multiplies. To
 * micro-kernels that array is a constant. So Java's compiler knows its length, and that a masked index is within it: no
 * read of a micro-panel has a bounds check.
 */
public final class PackingBuffer {
    private static final int PLACE = 1 << 20;

    /** Elements at the end of the first slot for warm-up runs, which thus never wait for a slot. */
    private static final int ASIDE = 1 << 10;

    /** Elements of a slot: 510 rows and 2048 inner indices. */
    static final int ROOM = PLACE - ASIDE;

    /** Elements after the last slot, for reads at constant offsets from an index. */
    private static final int BEHIND = 1 << 12;

    /** So small a part of all memory, where there are many processors. */
    private static final int PART = 64;

    /** Part of the array. */
    static final class Slot {
        final int start;

        /** The product whose micro-panels are packed here, changed by who packs others. */
        @Nullable
        Object holds;

        private Slot(int start) {
            this.start = start;
        }

        int number() {
            return start / PLACE;
        }
    }

    private static final class Floats {
        static final PackingBuffer ALL = new PackingBuffer(RegisterType.FLOAT, Float.BYTES);
    }

    private static final class Doubles {
        static final PackingBuffer ALL = new PackingBuffer(RegisterType.DOUBLE, Double.BYTES);
    }

    private final Object memory;
    private final int length;
    private final AtomicReferenceArray<@Nullable Slot> places;
    private final Semaphore free;

    private PackingBuffer(RegisterType kind, int bytes) {
        long most = Math.max(1, Runtime.getRuntime().maxMemory() / PART / PLACE / bytes);
        int processors = Runtime.getRuntime().availableProcessors();
        int n = Integer.highestOneBit((int) Math.min(2L * processors - 1, most));
        length = n * PLACE;
        memory = kind.allocate(length + BEHIND);
        places = new AtomicReferenceArray<>(n);
        for (int i = 0; i < n; i++) places.setPlain(i, new Slot(i * PLACE));
        free = new Semaphore(n);
    }

    /** Returns the buffer of float32 or of float64. */
    public static PackingBuffer of(boolean isDouble) {
        return isDouble ? Doubles.ALL : Floats.ALL;
    }

    /** Returns the array. */
    public Object memory() {
        return memory;
    }

    /** Returns the elements of all slots, a power of two. */
    public int length() {
        return length;
    }

    int places() {
        return places.length();
    }

    /** Returns the offset of the slot for warm-up, one thread at a time. */
    int warmupSlot() {
        return ROOM;
    }

    /** Takes a free slot, preferably that one. Blocks until one is free; the owner of a slot never blocks. */
    Slot take(int preferred) {
        free.acquireUninterruptibly();
        for (int i = preferred; ; i++) {
            Slot place = places.getAndSet(i % places.length(), null);
            if (place != null) return place;
        }
    }

    void give(Slot place) {
        places.set(place.number(), place);
        free.release();
    }
}
