package dev.cotangent;

import dev.cotangent.backend.MersenneTwister;
import dev.cotangent.backend.Philox;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A random number generator: a seed and a position in its sequence. Thread-safe.
 *
 * <p>There are two kinds. The default uses {@link Philox}, with the same numbers on every device and for any number of
 * threads. {@link #pytorch} draws the numbers of PyTorch's CPU generator after {@code torch.manual_seed}, sequentially,
 * on every device: for comparing a program with its original. {@link #setDefaultGenerator} sets the generator for all
 * calls without an explicit one, {@link #use} for a thread and a while:
 *
 * <pre>{@code
 * Generator.setDefaultGenerator(Generator.pytorch(0));
 * Tensor x = randn(3); // the numbers of torch.manual_seed(0); torch.randn(3)
 * }</pre>
 */
public final class Generator {
    private static final ThreadLocal<@Nullable Use> INNERMOST = new ThreadLocal<>();
    private static volatile Generator current = new Generator(System.nanoTime() ^ 0x5DEECE66DL);

    private State state;

    /**
     * A position in a sequence.
     *
     * @param seed the seed
     * @param position the next block of the sequence, see {@link Philox}
     * @param twister the state of PyTorch's generator, not to be drawn from; null for Philox
     */
    public record State(long seed, long position, @Nullable MersenneTwister twister) {}

    private static final ThreadLocal<@Nullable Runnable> WATCH = new ThreadLocal<>();
    /** Number of threads that watch draws; if zero, the thread-local is not read. */
    private static final AtomicInteger WATCHING = new AtomicInteger();

    /** Creates a generator that starts at the beginning of the seed's sequence. */
    public Generator(long seed) {
        this(new State(seed, 0, null));
    }

    private Generator(State state) {
        this.state = state;
    }

    /** Creates a generator with the numbers of PyTorch's CPU generator after {@code torch.manual_seed(seed)}. */
    public static Generator pytorch(long seed) {
        return new Generator(new State(seed, 0, new MersenneTwister(seed)));
    }

    /** Returns the current generator: the one set by {@link #use}, else the default one. */
    public static Generator standard() {
        Use use = INNERMOST.get();
        return use == null ? current : use.generator;
    }

    /**
     * Makes this the current generator of the thread until the result is closed:
     *
     * <pre>{@code
     * try (var _ = Generator.pytorch(0).use()) {
     *     model = new Linear(64, 10); // with PyTorch's parameters
     * }
     * }</pre>
     */
    public Use use() {
        return new Use(this);
    }

    /** A scope in which a generator is a thread's current one. */
    public static final class Use implements AutoCloseable {
        private final Generator generator;
        private final @Nullable Use outer = INNERMOST.get();
        private boolean closed;

        private Use(Generator generator) {
            this.generator = generator;
            INNERMOST.set(this);
        }

        /**
         * Ends the scope.
         *
         * @throws CotangentException in another thread, or if a scope opened later is still open
         */
        @Override
        public void close() {
            if (closed) return;
            if (INNERMOST.get() != this) {
                throw new CotangentException(
                        "the use of a generator is ended by the thread that began it, and after all"
                                + " that began later");
            }
            closed = true;
            if (outer == null) INNERMOST.remove();
            else INNERMOST.set(outer);
        }
    }

    /** Sets the default generator of all threads. */
    public static void setDefaultGenerator(Generator generator) {
        current = generator;
    }

    /** Returns whether this draws the numbers of PyTorch's CPU generator. */
    public synchronized boolean isPyTorch() {
        return state.twister != null;
    }

    /** Resets to the start of a seed's sequence; {@code manual_seed}. */
    public synchronized void manualSeed(long seed) {
        state = new State(seed, 0, state.twister == null ? null : new MersenneTwister(seed));
    }

    /** Returns the seed set last; {@code initial_seed}. */
    public synchronized long initialSeed() {
        return state.seed;
    }

    /** Returns the position in the sequence; {@code get_state}. */
    public synchronized State state() {
        MersenneTwister t = state.twister;
        return t == null ? state : new State(state.seed, state.position, t.copy());
    }

    /** Sets the position in a sequence; {@code set_state}. A state of the other kind changes this generator's kind. */
    public synchronized void setState(State value) {
        MersenneTwister t = value.twister;
        state = t == null ? value : new State(value.seed, value.position, t.copy());
    }

    /** Reserves Philox blocks for that many elements and advances; returns their position. */
    public State take(long elements) {
        return skip(Philox.blocks(elements));
    }

    /** Advances Philox by a number of blocks; returns the previous position. */
    public synchronized State skip(long blocks) {
        noteDraw();
        State now = state;
        if (blocks == 0) return now;
        if (now.twister != null) {
            throw new UnsupportedException("PyTorch's generator has no blocks to skip: draw with draw()");
        }
        state = new State(now.seed, now.position + blocks, null);
        return now;
    }

    /** Draws from PyTorch's generator exclusively. For authors of operations. */
    public synchronized <T> T draw(Function<MersenneTwister, T> work) {
        MersenneTwister t = state.twister;
        if (t == null) throw new UnsupportedException("only PyTorch's generator is drawn from one by one");
        noteDraw();
        return work.apply(t);
    }

    private static void noteDraw() {
        if (WATCHING.get() == 0) return;
        Runnable watch = WATCH.get();
        if (watch != null) watch.run();
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
