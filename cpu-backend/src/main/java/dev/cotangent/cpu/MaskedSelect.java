package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;

/** Elements chosen by a mask: counted in chunks first, so that threads know where to write. */
final class MaskedSelect {
    /** Elements of a chunk, a multiple of a register. */
    private static final int CHUNK = 16 * Registers.BLOCK;

    /** Tenths of a nanosecond for an element: to count, and to move. */
    private static final int COUNT_COST = 3;

    private static final int MOVE_COST = 12;

    private final Backend backend;
    private final WorkerPool pool;

    MaskedSelect(Backend backend, WorkerPool pool) {
        this.backend = backend;
        this.pool = pool;
    }

    /** A mask, and how many elements are set before each chunk of it. */
    private final class Mask {
        private final StridedIterator walk;
        private final Object memory;
        private final RegisterCodec elements;
        private final Dtype dtype;
        private final long numel;
        private final int[] before;

        Mask(Strided mask) {
            walk = StridedIterator.of(mask.layout());
            memory = mask.storage().memory();
            dtype = mask.dtype();
            elements = RegisterCodec.of(dtype);
            numel = mask.numel();
            int chunks = Math.toIntExact(Math.ceilDiv(numel, CHUNK));
            before = new int[chunks + 1];
            chunks((first, n, set, chunk) -> before[chunk + 1] += count(set, n), COUNT_COST);
            for (int c = 0; c < chunks; c++) before[c + 1] += before[c];
        }

        int total() {
            return before[before.length - 1];
        }

        /** Runs a body for each register of the mask; those of a chunk in order, in one thread. */
        void chunks(Body body, int cost) {
            pool.run(before.length - 1, 1, (long) CHUNK * cost, (from, to) -> {
                Registers mine = Registers.mine();
                boolean[] set = (boolean[]) mine.get(RegisterType.BOOL, Registers.LAST);
                Object register = mine.get(RegisterType.of(dtype), Registers.LAST - 1);
                Loop truth = dtype == Dtype.BOOL ? null : DtypeConversions.loop(dtype, Dtype.BOOL);
                for (int chunk = (int) from; chunk < to; chunk++) {
                    long end = Math.min(numel, (chunk + 1L) * CHUNK);
                    for (long at = (long) chunk * CHUNK; at < end; at += Registers.BLOCK) {
                        int n = (int) Math.min(Registers.BLOCK, end - at);
                        if (truth == null && walk.isDirect()) load((byte[]) memory, walk.start() + (int) at, set, n);
                        else walk.load(elements, memory, at, truth == null ? set : register, n);
                        if (truth != null) truth.run(set, 0, register, 0, register, 0, register, 0, n);
                        body.run(at, n, set, chunk);
                    }
                }
            });
        }

        /** Runs a body as {@link #chunks(Body, int)} with how many elements were set before the register. */
        void counted(Counted body) {
            int[] done = new int[before.length - 1];
            chunks(
                    (at, n, set, chunk) -> {
                        int here = count(set, n);
                        body.run(at, n, set, before[chunk] + done[chunk], here);
                        done[chunk] += here;
                    },
                    MOVE_COST);
        }
    }

    private interface Body {
        void run(long at, int n, boolean[] set, int chunk);
    }

    private interface Counted {
        void run(long at, int n, boolean[] set, int done, int here);
    }

    /** Loads contiguous bools in a scalar loop, which is fast from the first calls on, as vectors are not. */
    private static void load(byte[] from, int i, boolean[] to, int n) {
        for (int e = 0; e < n; e++) to[e] = from[i + e] != 0;
    }

    private static int count(boolean[] set, int n) {
        int sum = 0;
        for (int i = 0; i < n; i++) sum += set[i] ? 1 : 0;
        return sum;
    }

    /** Returns the row-major indices of elements that are not zero. */
    Strided nonzero(Strided in) {
        Mask mask = new Mask(in);
        Strided out = fresh(Dtype.INT64, mask.total());
        long[] to = (long[]) out.storage().memory();
        mask.counted((at, n, set, done, here) -> positions(set, at, to, done, done + here));
        return out;
    }

    private static void positions(boolean[] set, long first, long[] to, int at, int end) {
        for (int i = 0; at < end; i++) {
            to[at] = first + i;
            at += set[i] ? 1 : 0;
        }
    }

    private Strided fresh(Dtype dtype, long n) {
        return new Strided(backend.allocateUnset(dtype, n), Layout.contiguous(n));
    }

    private Strided dense(Strided s) {
        if (s.layout().isContiguous()) return s;
        Strided copy = new Strided(
                backend.allocateUnset(s.dtype(), s.numel()),
                Layout.contiguous(s.layout().sizes()));
        backend.copy(s, copy);
        return copy;
    }

    /** Returns the elements where a mask is set, row-major. */
    Strided select(Strided in, Strided selected) {
        Mask mask = new Mask(selected);
        Strided out = fresh(in.dtype(), mask.total());
        if (mask.total() == 0) return out;
        Strided from = dense(in);
        int start = (int) from.layout().offset();
        Object x = from.storage().memory();
        Object y = out.storage().memory();
        ElementCopies moves = ElementCopies.of(y);
        mask.counted((at, n, set, done, here) -> {
            long[] places = (long[]) Registers.mine().get(RegisterType.LONG, Registers.LAST - 2);
            positions(set, 0, places, 0, here);
            moves.gather(x, start + (int) at, 0, 1, places, 0, 1, n, y, done, 1, here);
        });
        if (from != in) from.storage().discard();
        return out;
    }

    /** Writes the elements of a source where a mask is set, if it has as many; returns how many are set. */
    long scatter(Strided to, Strided selected, Strided source) {
        Mask mask = new Mask(selected);
        int total = mask.total();
        if (total == 0 || total > source.numel()) return total;
        Strided target = dense(to);
        Strided from = dense(source);
        int start = (int) target.layout().offset();
        int first = (int) from.layout().offset();
        Object x = from.storage().memory();
        Object y = target.storage().memory();
        ElementCopies moves = ElementCopies.of(y);
        mask.counted((at, n, set, done, here) -> {
            long[] places = (long[]) Registers.mine().get(RegisterType.LONG, Registers.LAST - 2);
            positions(set, 0, places, 0, here);
            moves.scatter(x, first + done, 1, places, 0, 1, y, start + (int) at, 0, 1, here);
        });
        if (target != to) {
            backend.copy(target, to);
            target.storage().discard();
        }
        if (from != source) from.storage().discard();
        return total;
    }

    /** Writes the indices of ascending positions in a shape: within a row by subtraction, and by division for a new one. */
    static void coordinates(WorkerPool pool, Strided positions, long[] sizes, Strided out) {
        int n = (int) positions.numel();
        int rank = sizes.length;
        if (rank == 0) return;
        long[] from = (long[]) positions.storage().memory();
        long[] to = (long[]) out.storage().memory();
        int start = (int) positions.layout().offset();
        int stride = (int) positions.layout().stride(0);
        int first = (int) out.layout().offset();
        int row = (int) out.layout().stride(0);
        int column = (int) out.layout().stride(1);
        long width = sizes[rank - 1];
        pool.run(n, Registers.BLOCK, MOVE_COST, (begin, end) -> {
            long[] outer = new long[rank];
            long rowStart = -width;
            for (int e = (int) begin; e < end; e++) {
                long position = from[start + e * stride];
                if (position - rowStart >= width) {
                    long rest = position / width;
                    rowStart = rest * width;
                    for (int d = rank - 2; d >= 0; d--) {
                        outer[d] = rest % sizes[d];
                        rest /= sizes[d];
                    }
                }
                int at = first + e * row;
                for (int d = 0; d < rank - 1; d++) to[at + d * column] = outer[d];
                to[at + (rank - 1) * column] = position - rowStart;
            }
        });
    }
}
