package dev.cotangent.cpu;

import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Where the strips of matrix products lie: one array of a type, cut into places, of which a thread takes one for as long as it
 * multiplies. To the loops of tiles that array is a constant. So Java's compiler knows its length, and that an index of which
 * only the lower bits are taken lies within it: the checks of bounds, several for each read of a strip, are gone.
 */
public final class PackingBuffer {
    private static final int PLACE = 1 << 20;

    /** Elements at the end of the first place for loops that are being warmed, which thus never wait for a place. */
    private static final int ASIDE = 1 << 10;

    /** Elements of a place: of 510 rows and 2048 inner indices. */
    static final int ROOM = PLACE - ASIDE;

    /** Elements behind the last place, for what is read at constants from an index. */
    private static final int BEHIND = 1 << 12;

    /** So small a part of all memory, where there are many processors. */
    private static final int PART = 64;

    /** Part of the array. */
    static final class Slot {
        final int start;

        /** The product whose strips are here; who packs something else says so. */
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

    /** Those of float32, or of float64. */
    public static PackingBuffer of(boolean isDouble) {
        return isDouble ? Doubles.ALL : Floats.ALL;
    }

    /** The array. */
    public Object memory() {
        return memory;
    }

    /** The elements of all places, a power of two. */
    public int length() {
        return length;
    }

    int places() {
        return places.length();
    }

    /** Where loops that are being warmed may pack, one at a time. */
    int aside() {
        return ROOM;
    }

    /** A place that nobody else has, preferably that one; waits for one, and who has one waits for nothing. */
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
