package dev.cotangent.cpu;

import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.ir.Program;
import java.util.Arrays;

/**
 * Reductions of any dimensions. Iterates over [outer, reduced, columns]: outer and columns are the remaining dimensions,
 * columns those with smaller strides than the reduced ones, so that memory is read in order. How
 * the work is cut up depends on the shape alone, and so the result does not depend on the number of threads.
 */
final class Reducer {
    /** The least number of elements reduced before partial results are combined, or results written. */
    private static final int SEGMENT = 1 << 16;

    /** The least number of pieces of the work, if it is enough. */
    private static final int PIECES = 64;

    /** Columns reduced at once where memory is read directly: most of a row, if not all. */
    private static final int WIDE = 4 * Registers.BLOCK;

    private static final int CONVERTED = Registers.LAST - 1;
    private static final int TURNED = Registers.LAST - 2;

    private final LoopKernels kernels;
    private final WorkerPool pool;

    Reducer(LoopKernels kernels, WorkerPool pool) {
        this.kernels = kernels;
        this.pool = pool;
    }

    void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        if (out.numel() == 0) return;
        long numel = ins[0].numel();
        if (numel == 0) {
            fillEmpty(kind, out);
            return;
        }
        CompiledProgram code = kernels.of(program);
        Accumulators.Plan plan = code.plan(kind, out.dtype(), kernels);
        Loop loop = plan.kernel().folding(numel);
        if (numel <= Registers.BLOCK
                && out.numel() == 1
                && reduceSmall(code, plan, loop, out, ins, scalars, (int) numel)) return;
        Order order = Order.of(
                out.layout(), walked(rounds(kind, program), ins), kind == Reduction.ARGMAX || kind == Reduction.ARGMIN);
        ProgramExecution evaluation = new ProgramExecution(code, new Strided[0], ins, order.dims, numel, scalars);
        new Run(plan, loop, evaluation, out, order).all();
    }

    /** Reduces a few elements to one: those of an operand, or what one step makes of them. */
    private static boolean reduceSmall(
            CompiledProgram code,
            Accumulators.Plan plan,
            Loop loop,
            Strided out,
            Strided[] ins,
            long[] scalars,
            int n) {
        if (plan.convert() != null) return false;
        Object values;
        int offset = 0;
        if (code.input >= 0) {
            if (!ins[code.input].layout().isContiguous()) return false;
            values = ins[code.input].storage().memory();
            offset = (int) ins[code.input].layout().offset();
        } else {
            values = Registers.mine().get(RegisterType.of(plan.type()), CONVERTED);
            if (!code.runSmall(values, 0, ins, scalars, n)) return false;
        }
        Accumulators folds = plan.of(1, loop);
        folds.fold(values, offset, n, 0, 0);
        int at = (int) out.layout().offset();
        RegisterCodec.of(out.dtype())
                .store(plan.results(folds, 1), 0, out.storage().memory(), at, 1, 1);
        return true;
    }

    private void fillEmpty(Reduction kind, Strided out) {
        long one = out.dtype().isFloatingPoint() ? Double.doubleToRawLongBits(1) : 1;
        Fill.fill(pool, out, kind == Reduction.PROD || kind == Reduction.ALL ? one : 0);
    }

    /** Returns whether the result depends on the order of the reduction. */
    static boolean rounds(Reduction kind, Program program) {
        return (kind == Reduction.SUM || kind == Reduction.PROD)
                && program.outputs().getFirst().dtype().isFloatingPoint();
    }

    /**
     * Returns the layout to iterate along. Where the order of the elements counts, which is where sums and products
     * round, that is the order of the shape, so that what is computed on the way gives the same bits as what lies in
     * memory; else that of the input of most places.
     */
    private static Layout walked(boolean rounds, Strided[] ins) {
        Layout best = ins[0].layout();
        if (rounds) return best.isContiguous() ? best : Layout.contiguous(best.sizes());
        for (Strided in : ins) {
            if (in.layout().storageSpan() - in.layout().offset() > best.storageSpan() - best.offset())
                best = in.layout();
        }
        return best;
    }

    /** The order of the dimensions, and the sizes of the three parts. */
    private record Order(int[] dims, int[] kept, long outer, long reduced, long columns) {
        static Order of(Layout out, Layout in, boolean keepOrder) {
            int[] byStride = StridedIterator.byStride(in);
            int[] natural = StridedIterator.natural(in.rank());
            long closest = Long.MAX_VALUE;
            for (int d : natural) {
                if (isReduced(out, in, d) && in.size(d) > 1) closest = Math.min(closest, Math.abs(in.stride(d)));
            }
            int[] dims = new int[in.rank()];
            int n = 0;
            long outer = 1;
            long reduced = 1;
            long columns = 1;
            for (int d : byStride) {
                if (isReduced(out, in, d) || Math.abs(in.stride(d)) < closest && in.stride(d) != 0) continue;
                dims[n++] = d;
                outer *= in.size(d);
            }
            for (int d : keepOrder ? natural : byStride) {
                if (!isReduced(out, in, d)) continue;
                dims[n++] = d;
                reduced *= in.size(d);
            }
            for (int d : byStride) {
                if (isReduced(out, in, d) || Math.abs(in.stride(d)) >= closest || in.stride(d) == 0) continue;
                dims[n++] = d;
                columns *= in.size(d);
            }
            int[] kept = new int[n];
            int k = 0;
            for (int d : dims) if (!isReduced(out, in, d)) kept[k++] = d;
            return new Order(dims, Arrays.copyOf(kept, k), outer, reduced, columns);
        }

        private static boolean isReduced(Layout out, Layout in, int d) {
            return out.size(d) != in.size(d);
        }
    }

    private final class Run {
        private final Accumulators.Plan plan;
        private final Loop loop;
        private final ProgramExecution evaluation;
        private final Strided out;
        private final StridedIterator outWalk;
        private final long outer;
        private final long reduced;
        private final long columns;
        /** Whether the operand is in memory, so that pieces may have any length. */
        private final boolean direct;

        /** So many columns are reduced at once. */
        private final int width;

        Run(Accumulators.Plan plan, Loop loop, ProgramExecution evaluation, Strided out, Order order) {
            this.plan = plan;
            this.loop = loop;
            this.evaluation = evaluation;
            this.out = out;
            this.outWalk = StridedIterator.of(out.layout(), order.kept);
            this.outer = order.outer;
            this.reduced = order.reduced;
            this.columns = order.columns;
            this.direct = plan.convert() == null && evaluation.isDirect();
            this.width = (int) Math.min(columns, direct ? WIDE : Registers.BLOCK);
        }

        void all() {
            // Where rows are cut changes how results round, so that depends on nothing but the shape.
            long narrow = Math.min(columns, Registers.BLOCK);
            long pieces = outer * ((columns + narrow - 1) / narrow);
            long cuts = Math.clamp(reduced * narrow / SEGMENT, 1, Math.max(1, PIECES / pieces));
            long unit = columns == 1 ? Registers.BLOCK : Accumulators.ROWS;
            long length = ((reduced + cuts - 1) / cuts + unit - 1) / unit * unit;
            int parts = (int) ((reduced + length - 1) / length);
            long chunks = (columns + width - 1) / width;
            int group = group();
            long groups = (outer + group - 1) / group;
            Accumulators[][] results = new Accumulators[parts == 1 ? 0 : (int) (groups * chunks)][parts];
            long cost = (direct ? 2 : evaluation.code.cost + 3) * Math.min(length, reduced) * group * width;
            pool.run(groups * chunks * parts, 1, cost, (from, to) -> {
                ProgramExecution.Evaluator e = evaluation.evaluator();
                for (long t = from; t < to; t++) {
                    int piece = (int) (t / parts);
                    int part = (int) (t % parts);
                    long o = piece / chunks * group;
                    int many = (int) Math.min(group, outer - o);
                    long column = piece % chunks * width;
                    int wide = (int) Math.min(width, columns - column);
                    long top = part * length;
                    Accumulators f = plan.of(many * wide, loop);
                    fold(e, f, o, many, top, Math.min(reduced, top + length), column, wide);
                    if (parts == 1) finish(f, o * columns + column, many * wide);
                    else results[piece][part] = f;
                }
            });
            for (int piece = 0; piece < results.length; piece++) {
                Accumulators f = results[piece][0];
                for (int p = 1; p < parts; p++) f.merge(results[piece][p]);
                long column = piece % chunks * width;
                finish(f, piece / chunks * columns + column, (int) Math.min(width, columns - column));
            }
        }

        /** Returns the number of outer indices at once, whose results are written together. */
        private int group() {
            if (width < columns) return 1;
            long each = reduced * columns;
            long elements = Math.clamp(outer * each / PIECES, SEGMENT, 4 * SEGMENT);
            long many = Math.min(elements / each, Registers.BLOCK / columns);
            int block = inBlock();
            return (int) Math.min(outer, Math.max(many / block * block, block));
        }

        /** Returns the number of outer indices in one block. */
        private int inBlock() {
            return (int) Math.max(1, Registers.BLOCK / (reduced * columns));
        }

        /** Reduces some of the rows of some outer indices, in some columns. */
        private void fold(
                ProgramExecution.Evaluator e,
                Accumulators f,
                long o,
                int many,
                long top,
                long bottom,
                long column,
                int wide) {
            boolean inBlocks = reduced * columns <= Registers.BLOCK;
            if (columns == 1 && direct && reduced >= 2 * Loop.LANES) {
                Object memory = evaluate(e, o * reduced + top, (int) (bottom - top));
                int offset = offset(e);
                if (many > 1) f.runs(memory, offset, (int) reduced, many, 0);
                else f.fold(memory, offset, (int) (bottom - top), 0, top);
            } else if (inBlocks) {
                int most = inBlock();
                for (int k = 0; k < many; k += most)
                    several(e, f, o + k, Math.min(most, many - k), (int) (k * columns));
            } else {
                for (int k = 0; k < many; k++) rows(e, f, o + k, top, bottom, column, wide, (int) (k * columns));
            }
        }

        /** Reduces a block of all elements of some outer indices. */
        private void several(ProgramExecution.Evaluator e, Accumulators f, long o, int many, int at) {
            int size = (int) (reduced * columns);
            Object block = evaluate(e, o * size, many * size);
            int offset = offset(e);
            if (columns > 1) {
                for (int k = 0; k < many; k++) {
                    int to = at + (int) (k * columns);
                    f.rows(block, offset + k * size, (int) reduced, (int) columns, (int) columns, to, 0);
                }
            } else if (reduced < 2 * Loop.LANES && many > 1 && !(block instanceof boolean[])) {
                // Short rows are transposed, so that one loop reduces all of them.
                Object turned = Registers.mine().get(RegisterType.of(plan.type()), TURNED);
                RegisterCodec.of(plan.type()).block(block, offset, 1, size, size, many, turned, 0, many);
                f.turned(turned, size, many, at);
            } else {
                f.runs(block, offset, size, many, at);
            }
        }

        /** Reduces some of the rows of one outer index, in some columns. */
        private void rows(
                ProgramExecution.Evaluator e,
                Accumulators f,
                long o,
                long top,
                long bottom,
                long column,
                int wide,
                int at) {
            int most = direct ? Integer.MAX_VALUE : wide == columns ? Math.max(1, Registers.BLOCK / wide) : 1;
            int count;
            for (long r = top; r < bottom; r += count) {
                count = (int) Math.min(most, bottom - r);
                Object block = evaluate(e, (o * reduced + r) * columns + column, count * wide);
                if (columns == 1) f.fold(block, offset(e), count, at, r);
                else f.rows(block, offset(e), count, wide, (int) columns, at, r);
            }
        }

        private Object evaluate(ProgramExecution.Evaluator e, long from, int n) {
            e.block(from, n);
            Loop convert = plan.convert();
            if (convert == null) return e.array();
            Object wide = Registers.mine().get(RegisterType.of(plan.type()), CONVERTED);
            convert.run(wide, 0, e.array(), e.offset(), e.array(), 0, e.array(), 0, n);
            return wide;
        }

        private int offset(ProgramExecution.Evaluator e) {
            return plan.convert() == null ? e.offset() : 0;
        }

        /** Writes the results that belong to the linear index {@code at} of the output and on. */
        private void finish(Accumulators f, long at, int n) {
            Object results = plan.results(f, n);
            outWalk.store(
                    RegisterCodec.of(out.dtype()), results, 0, out.storage().memory(), at, n);
        }
    }
}
