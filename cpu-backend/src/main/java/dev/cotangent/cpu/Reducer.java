package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.program.Program;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reductions of any dimensions. The elements are walked as [outer, reduced, columns]: outer and columns are the
 * dimensions kept, columns those that lie closer together than what is reduced, so that memory is read in order. How
 * the work is cut up depends on the shape alone, and so the result does not depend on the number of threads.
 */
final class Reducer {
    /** So many elements are reduced at least before partial results are joined. */
    private static final int SEGMENT = 1 << 16;

    private final Kernels kernels;
    private final Pool pool;

    Reducer(Kernels kernels, Pool pool) {
        this.kernels = kernels;
        this.pool = pool;
    }

    void reduce(Reduction kind, Program program, Strided out, Strided[] ins, long[] scalars) {
        if (out.numel() == 0) return;
        long numel = ins[0].numel();
        Folds.Plan plan = Folds.Plan.of(kind, program.outputs().getFirst().dtype(), kernels, numel);
        if (numel == 0) {
            fillEmpty(kind, out);
            return;
        }
        Order order =
                Order.of(out.layout(), walked(kind, plan, ins), kind == Reduction.ARGMAX || kind == Reduction.ARGMIN);
        Evaluation evaluation = new Evaluation(kernels.of(program), new Strided[0], ins, order.dims, numel, scalars);
        new Run(plan, evaluation, program.outputs().getFirst().dtype(), out, order).all();
    }

    private static void fillEmpty(Reduction kind, Strided out) {
        long one = out.dtype().isFloatingPoint() ? Double.doubleToRawLongBits(1) : 1;
        Filler.fill(out, kind == Reduction.PROD || kind == Reduction.ALL ? one : 0);
    }

    /**
     * The layout along which to walk. Where the order of the elements counts, which is where sums and products round,
     * that is the order of the shape, so that what is computed on the way gives the same bits as what lies in memory;
     * else that of the input of most places.
     */
    private static Layout walked(Reduction kind, Folds.Plan plan, Strided[] ins) {
        Layout best = ins[0].layout();
        boolean rounds =
                (kind == Reduction.SUM || kind == Reduction.PROD) && plan.type().isFloatingPoint();
        if (rounds) return best.isContiguous() ? best : Layout.contiguous(best.sizes());
        for (Strided in : ins) {
            if (in.layout().extent() - in.layout().offset() > best.extent() - best.offset()) best = in.layout();
        }
        return best;
    }

    /** In which order to walk the dimensions, and the sizes of the three parts. */
    private record Order(int[] dims, int[] kept, long outer, long reduced, long columns) {
        static Order of(Layout out, Layout in, boolean keepOrder) {
            int[] byStride = Walk.byStride(in);
            int[] natural = Walk.natural(in.rank());
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
        private final Folds.Plan plan;
        private final Evaluation evaluation;
        private final @Nullable Loop convert;
        private final Strided out;
        private final Walk outWalk;
        private final long outer;
        private final long reduced;
        private final long columns;

        Run(Folds.Plan plan, Evaluation evaluation, Dtype values, Strided out, Order order) {
            this.plan = plan;
            this.evaluation = evaluation;
            this.convert = Conversions.loop(values, plan.type());
            this.out = out;
            this.outWalk = Walk.of(out.layout(), order.kept);
            this.outer = order.outer;
            this.reduced = order.reduced;
            this.columns = order.columns;
        }

        void all() {
            long cost = evaluation.code.cost + 3;
            if (reduced * columns <= Registers.BLOCK) {
                // Small pieces: several to a block.
                int many = (int) (Registers.BLOCK / (reduced * columns));
                pool.run(outer, many, cost * reduced * columns, (from, to) -> {
                    Evaluation.Evaluator e = evaluation.evaluator();
                    for (long o = from; o < to; o += many) several(e, o, (int) Math.min(many, to - o));
                });
                return;
            }
            int width = (int) Math.min(columns, Registers.BLOCK);
            long chunks = (columns + width - 1) / width;
            long segments = outer * chunks >= 32 ? 1 : Math.min(256, (reduced * width + SEGMENT - 1) / SEGMENT);
            long length = (reduced + segments - 1) / segments;
            if (columns == 1) length = (length + Registers.BLOCK - 1) / Registers.BLOCK * Registers.BLOCK;
            long rows = length;
            int parts = (int) ((reduced + rows - 1) / rows);
            Folds[][] results = new Folds[(int) (outer * chunks)][parts];
            pool.run(outer * chunks * parts, 1, cost * rows * width, (from, to) -> {
                Evaluation.Evaluator e = evaluation.evaluator();
                for (long t = from; t < to; t++) {
                    int piece = (int) (t / parts);
                    int part = (int) (t % parts);
                    long column = piece % chunks * width;
                    int wide = (int) Math.min(width, columns - column);
                    long top = part * rows;
                    Folds f = plan.maker().of(wide);
                    segment(e, f, piece / chunks, top, Math.min(reduced, top + rows), column, wide);
                    results[piece][part] = f;
                    if (parts == 1) finish(f, piece / chunks * columns + column, wide);
                }
            });
            if (parts == 1) return;
            for (int piece = 0; piece < results.length; piece++) {
                Folds f = results[piece][0];
                for (int p = 1; p < parts; p++) f.merge(results[piece][p]);
                long column = piece % chunks * width;
                finish(f, piece / chunks * columns + column, (int) Math.min(width, columns - column));
            }
        }

        /** A few of the outer indices, all of each. */
        private void several(Evaluation.Evaluator e, long first, int many) {
            int size = (int) (reduced * columns);
            Folds f = plan.maker().of((int) (many * columns));
            Object block = evaluate(e, first * size, many * size);
            int offset = offset(e);
            if (columns == 1 && reduced < 2 * Loop.LANES && many > 1 && !(block instanceof boolean[])) {
                // Short rows: turned round, what was a row each is one loop for all.
                Object turned = Registers.mine().get(Kind.of(plan.type()), Registers.LAST - 2);
                Elements.of(plan.type()).block(block, offset, 1, size, size, many, turned, 0, many);
                f.fold(turned, 0, size, many, 0, 0);
                finish(f, first, many);
                return;
            }
            for (int o = 0; o < many; o++) {
                f.fold(block, offset + o * size, (int) reduced, (int) columns, (int) (o * columns), 0);
            }
            finish(f, first * columns, (int) (many * columns));
        }

        /** Some of the rows of one outer index, in some columns. */
        private void segment(Evaluation.Evaluator e, Folds f, long o, long top, long bottom, long column, int wide) {
            int many = wide == columns ? Math.max(1, Registers.BLOCK / wide) : 1;
            for (long r = top; r < bottom; r += many) {
                int rows = (int) Math.min(many, bottom - r);
                Object block = evaluate(e, (o * reduced + r) * columns + column, rows * wide);
                f.fold(block, offset(e), rows, wide, 0, r);
            }
        }

        private Object evaluate(Evaluation.Evaluator e, long from, int n) {
            e.block(from, n);
            if (convert == null) return e.array();
            Object wide = Registers.mine().get(Kind.of(plan.type()), Registers.LAST - 1);
            convert.run(wide, 0, e.array(), e.offset(), e.array(), 0, e.array(), 0, n);
            return wide;
        }

        private int offset(Evaluation.Evaluator e) {
            return convert == null ? e.offset() : 0;
        }

        /** Writes the results that belong to the linear index {@code at} of the output and on. */
        private void finish(Folds f, long at, int n) {
            Object result = f.result();
            Loop toOut = Conversions.loop(f.type(), out.dtype());
            if (toOut != null) {
                Object converted = Kind.of(out.dtype()).allocate(n);
                toOut.run(converted, 0, result, 0, result, 0, result, 0, n);
                result = converted;
            }
            outWalk.store(Elements.of(out.dtype()), result, 0, out.storage().memory(), at, n);
        }
    }
}
