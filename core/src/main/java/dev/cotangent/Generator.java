package dev.cotangent;

import dev.cotangent.backend.Philox;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Where random numbers come from: a seed and a position in its sequence. Thread-safe. */
public final class Generator {
    private static final Generator STANDARD = new Generator(System.nanoTime() ^ 0x5DEECE66DL);

    private State state;

    /**
     * A place in a sequence.
     *
     * @param seed the sequence
     * @param position the next block of it, see {@link Philox}
     */
    public record State(long seed, long position) {}

    private static final ThreadLocal<@Nullable Runnable> WATCH = new ThreadLocal<>();
    /** How many threads watch their draws: if none, no thread-local is read. */
    private static final AtomicInteger WATCHING = new AtomicInteger();

    /** One that starts at the beginning of the seed's sequence. */
    public Generator(long seed) {
        state = new State(seed, 0);
    }

    /** The one that everything draws from unless told otherwise. */
    public static Generator standard() {
        return STANDARD;
    }

    /** Starts at the beginning of the seed's sequence. */
    public synchronized void manualSeed(long seed) {
        state = new State(seed, 0);
    }

    /** The place in the sequence. */
    public synchronized State state() {
        return state;
    }

    /** Goes to a place of a sequence. */
    public synchronized void setState(State value) {
        state = value;
    }

    /** Takes the numbers for so many elements: returns where they start, and moves on. */
    public State take(long elements) {
        return skip(Philox.blocks(elements));
    }

    /** Moves on by so many blocks; returns where it was. */
    public synchronized State skip(long blocks) {
        if (WATCHING.get() > 0) {
            Runnable watch = WATCH.get();
            if (watch != null) watch.run();
        }
        State now = state;
        state = new State(now.seed, now.position + blocks);
        return now;
    }

    /** Calls {@code onDraw} before each draw of the calling thread, from any generator, while {@code work} runs. */
    public static <T> T watchDraws(Runnable onDraw, Supplier<T> work) {
        Runnable outer = WATCH.get();
        WATCH.set(onDraw);
        WATCHING.incrementAndGet();
        try {
            return work.get();
        } finally {
            WATCHING.decrementAndGet();
            if (outer == null) WATCH.remove();
            else WATCH.set(outer);
        }
    }
}
