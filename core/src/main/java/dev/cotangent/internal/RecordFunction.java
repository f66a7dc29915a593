package dev.cotangent.internal;

import org.jspecify.annotations.Nullable;

/**
 * The profiler's view of what runs: ranges of time of operations, backward nodes and users, which nest by thread, and
 * allocations. Without an observer each call costs the load of a field and a branch. An operation is recorded as
 *
 * {@snippet :
 * return end(start("mm", this, other), MatmulOps.mm((Tensor) this, other));
 * }
 *
 * <p>As an operation's range is not closed by an exception, {@link #raised} tells the observer of it; ranges of code that may
 * call users' code are closed in {@code finally}.
 */
public final class RecordFunction {
    /** What a range is. */
    public enum Kind {
        /** An operation. */
        OPERATION,
        /** The engine's work for a backward node. */
        NODE,
        /** A user's function with its own backward. */
        FUNCTION,
        /** A module. */
        MODULE,
        /** A range that a user named, or a step of an optimiser. */
        USER,
        /** A deferred element-wise program. */
        FUSED
    }

    /** Receives what is recorded; called by many threads. */
    public interface Observer {
        /**
         * Starts a range of the calling thread.
         *
         * @param sequence the number of a backward node, or -1
         * @param inputs tensors and lists of tensors
         * @return a positive number, which ends the range
         */
        int start(Kind kind, String name, long sequence, @Nullable Object... inputs);

        /** Ends a range, and what was started within and not ended. */
        void end(int range);

        /** Notes that the innermost operation recorded a backward node. */
        void recorded(long sequence);

        /** Counts memory of a device that was allocated, or freed if negative. */
        void allocated(long bytes, boolean onHost);

        /** Notes that an exception was made. */
        void raised();
    }

    private static final Object[] NONE = {};

    private static volatile @Nullable Observer observer;

    private RecordFunction() {}

    /** Sets the observer; null for none. */
    public static void observe(@Nullable Observer value) {
        observer = value;
    }

    /** Returns whether there is an observer. */
    public static boolean isActive() {
        return observer != null;
    }

    /** Starts the range of an operation; returns its number, or 0 without an observer. */
    public static int start(String operation) {
        Observer o = observer;
        return o == null ? 0 : o.start(Kind.OPERATION, operation, -1, NONE);
    }

    /** Works as {@link #start(String)}, with an input: a tensor or a list of tensors. */
    public static int start(String operation, @Nullable Object input) {
        Observer o = observer;
        return o == null ? 0 : o.start(Kind.OPERATION, operation, -1, input);
    }

    /** Works as {@link #start(String)}, with two inputs. */
    public static int start(String operation, @Nullable Object input, @Nullable Object other) {
        Observer o = observer;
        return o == null ? 0 : o.start(Kind.OPERATION, operation, -1, input, other);
    }

    /** Works as {@link #start(String)}, with three inputs. */
    public static int start(String operation, @Nullable Object first, @Nullable Object second, @Nullable Object third) {
        Observer o = observer;
        return o == null ? 0 : o.start(Kind.OPERATION, operation, -1, first, second, third);
    }

    /** Works as {@link #start(String)}, with four inputs. */
    public static int start(
            String operation,
            @Nullable Object first,
            @Nullable Object second,
            @Nullable Object third,
            @Nullable Object fourth) {
        Observer o = observer;
        return o == null ? 0 : o.start(Kind.OPERATION, operation, -1, first, second, third, fourth);
    }

    /** Works as {@link #start(String)}, with five inputs. */
    public static int start(
            String operation,
            @Nullable Object first,
            @Nullable Object second,
            @Nullable Object third,
            @Nullable Object fourth,
            @Nullable Object fifth) {
        Observer o = observer;
        return o == null ? 0 : o.start(Kind.OPERATION, operation, -1, first, second, third, fourth, fifth);
    }

    /** Starts a range of any kind; the caller asked {@link #isActive} first, and ends it in {@code finally}. */
    public static int startRange(Kind kind, String name, long sequence) {
        Observer o = observer;
        return o == null ? 0 : o.start(kind, name, sequence, NONE);
    }

    /** Ends an operation's range and returns its result. */
    public static <T extends @Nullable Object> T end(int range, T result) {
        if (range != 0) end(range);
        return result;
    }

    /** Ends a range; does nothing for 0. */
    public static void end(int range) {
        if (range == 0) return;
        Observer o = observer;
        if (o != null) o.end(range);
    }

    /** Notes that the innermost operation recorded a backward node. */
    public static void recorded(long sequence) {
        Observer o = observer;
        if (o != null) o.recorded(sequence);
    }

    /** Counts memory that was allocated, or freed if negative. */
    public static void allocated(long bytes, boolean onHost) {
        Observer o = observer;
        if (o != null) o.allocated(bytes, onHost);
    }

    /** Notes that an exception was made. */
    public static void raised() {
        Observer o = observer;
        if (o != null) o.raised();
    }
}
