package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Attention with the whole matrix of scores, written with the primitives of {@link Backend}. */
final class AttentionDecompositions {
    private static final long[] NONE = {};

    private final Backend backend;
    private final Dtype wide;
    private final Strided q;
    private final Strided k;
    private final Strided v;
    private final @Nullable Strided mask;
    private final boolean causal;
    private final double scale;

    AttentionDecompositions(
            Backend backend, Strided q, Strided k, Strided v, @Nullable Strided mask, boolean causal, double scale) {
        this.backend = backend;
        this.wide = q.dtype().computeType();
        this.q = q;
        this.k = k;
        this.v = v;
        this.mask = mask;
        this.causal = causal;
        this.scale = scale;
    }

    /** Writes the result and the logarithms of the sums of the exponentials. */
    void forward(Strided out, Strided logs) {
        Strided scores = scores();
        long[] row = scores.layout().sizes().clone();
        row[row.length - 1] = 1;
        Strided sums = Decompositions.fresh(backend, wide, Layout.contiguous(row));
        if (scores.numel() == 0) {
            backend.fill(out, 0);
            backend.fill(logs, Double.doubleToRawLongBits(Double.NEGATIVE_INFINITY));
            return;
        }
        Strided max = Decompositions.fresh(backend, wide, Layout.contiguous(row));
        backend.reduce(Reduction.MAX, Program.identity(wide), max, new Strided[] {scores}, NONE);
        Strided maxes = spread(max, scores);
        backend.reduce(Reduction.SUM, shifted("sum"), sums, new Strided[] {scores, maxes}, NONE);
        Strided rows = max.with(Layout.contiguous(logs.layout().sizes()));
        backend.pointwise(logs(), new Strided[] {logs}, new Strided[] {rows, sums.with(rows.layout())}, NONE);
        Strided weights = weights(scores, logs);
        Strided product = matrices(out.layout());
        Strided values = copied(v);
        backend.matmul(flat(weights), flat(values), flat(product), flat(product), 1, 0);
        backend.copy(product, out);
    }

    /** Writes the gradients of queries, keys and values from that of the result. */
    void backward(Strided g, Strided out, Strided logs, Strided ofQ, Strided ofK, Strided ofV) {
        Strided scores = scores();
        if (scores.numel() == 0) {
            for (Strided s : new Strided[] {ofQ, ofK, ofV}) backend.fill(s, 0);
            return;
        }
        Strided weights = weights(scores, logs);
        Strided gradient = flat(copied(g));
        Strided p = flat(weights);
        Strided values = flat(copied(v));
        product(transposed(p), gradient, 1, ofV);
        Strided ofScores = matrices(scores.layout());
        backend.matmul(gradient, transposed(values), flat(ofScores), flat(ofScores), 1, 0);
        long[] row = logs.layout().sizes();
        long[] column = Arrays.copyOf(row, row.length + 1);
        column[row.length] = 1;
        Strided delta = Decompositions.fresh(backend, wide, Layout.contiguous(column));
        backend.reduce(Reduction.SUM, product(g.dtype(), out.dtype()), delta, new Strided[] {g, out}, NONE);
        backend.pointwise(
                ofScores(), new Strided[] {ofScores}, new Strided[] {weights, ofScores, spread(delta, scores)}, NONE);
        Strided s = flat(ofScores);
        product(s, flat(copied(k)), scale, ofQ);
        product(transposed(s), flat(copied(q)), scale, ofK);
    }

    private void product(Strided a, Strided b, double factor, Strided out) {
        Strided product = matrices(out.layout());
        backend.matmul(a, b, flat(product), flat(product), factor, 0);
        backend.copy(product, out);
    }

    private Strided matrices(Layout like) {
        return Decompositions.fresh(backend, wide, Layout.contiguous(like.sizes()));
    }

    /** Returns a contiguous operand of the compute type. */
    private Strided copied(Strided s) {
        Strided copy = matrices(s.layout());
        backend.copy(s, copy);
        return copy;
    }

    /** Collapses the leading dimensions to one. */
    private Strided flat(Strided s) {
        long[] sizes = s.layout().sizes();
        int rank = sizes.length;
        long n = 1;
        for (int d = 0; d < rank - 2; d++) n *= sizes[d];
        return s.with(Layout.contiguous(n, sizes[rank - 2], sizes[rank - 1]));
    }

    private Strided transposed(Strided s) {
        return s.with(s.layout().transpose(1, 2));
    }

    private Strided spread(Strided rows, Strided like) {
        return rows.with(rows.layout().expand(like.layout().sizes()));
    }

    /** Computes the scaled products plus the mask, -infinity for a masked key. */
    private Strided scores() {
        long[] sizes = q.layout().sizes().clone();
        int rank = sizes.length;
        sizes[rank - 1] = k.layout().size(rank - 2);
        Strided scores = Decompositions.fresh(backend, wide, Layout.contiguous(sizes));
        if (scores.numel() == 0) return scores;
        Strided keys = transposed(flat(copied(k)));
        backend.matmul(flat(copied(q)), keys, flat(scores), flat(scores), scale, 0);
        List<Strided> ins = new ArrayList<>(List.of(scores));
        if (causal) {
            ins.add(ScanDecompositions.along(ScanDecompositions.iota(backend, sizes[rank - 2]), rank - 2, sizes));
            ins.add(ScanDecompositions.along(ScanDecompositions.iota(backend, sizes[rank - 1]), rank - 1, sizes));
        }
        if (mask != null) ins.add(mask);
        if (ins.size() > 1) {
            Strided[] operands = ins.toArray(Strided[]::new);
            backend.pointwise(masked(), new Strided[] {scores}, operands, NONE);
        }
        return scores;
    }

    private Program masked() {
        Dtype of = mask == null ? wide : mask.dtype();
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    List<Dtype> types = new ArrayList<>(List.of(wide));
                    Expr score = e.input(0, wide);
                    Expr none = score.like(Double.NEGATIVE_INFINITY);
                    if (causal) {
                        types.add(Dtype.INT64);
                        types.add(Dtype.INT64);
                        score = e.input(2, Dtype.INT64)
                                .le(e.input(1, Dtype.INT64))
                                .where(score, none);
                    }
                    if (mask != null) {
                        Expr m = e.input(types.size(), of);
                        types.add(of);
                        score = of == Dtype.BOOL ? m.where(score, none) : score.add(m.cast(wide));
                    }
                    return new Program(types, List.of(), List.of(score));
                },
                "masked scores",
                wide,
                causal,
                mask != null,
                of);
    }

    /** Computes the exponentials of scores less the largest of their row; of a row without any, zeros. */
    private Program shifted(String name) {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr max = e.input(1, wide);
                    Expr exp = e.input(0, wide).sub(max).exp();
                    Expr none = max.eq(Double.NEGATIVE_INFINITY);
                    return new Program(List.of(wide, wide), List.of(), List.of(none.where(exp.like(0), exp)));
                },
                "attention's weights",
                name,
                wide);
    }

    private Program logs() {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr max = e.input(0, wide);
                    Expr log = max.add(e.input(1, wide).log());
                    Expr none = max.eq(Double.NEGATIVE_INFINITY);
                    return new Program(List.of(wide, wide), List.of(), List.of(none.where(max, log)));
                },
                "attention's logarithms",
                wide);
    }

    private Strided weights(Strided scores, Strided logs) {
        long[] row = logs.layout().sizes();
        long[] column = Arrays.copyOf(row, row.length + 1);
        column[row.length] = 1;
        Strided rows = spread(logs.with(Layout.contiguous(column)), scores);
        backend.pointwise(shifted("sum"), new Strided[] {scores}, new Strided[] {scores, rows}, NONE);
        return scores;
    }

    private Program product(Dtype g, Dtype out) {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr product = e.input(0, g).cast(wide).mul(e.input(1, out).cast(wide));
                    return new Program(List.of(g, out), List.of(), List.of(product));
                },
                "product",
                g,
                out);
    }

    private Program ofScores() {
        return Decompositions.program(
                () -> {
                    Exprs e = new Exprs();
                    Expr gradient = e.input(1, wide).sub(e.input(2, wide)).mul(e.input(0, wide));
                    return new Program(List.of(wide, wide, wide), List.of(), List.of(gradient));
                },
                "gradient of scores",
                wide);
    }
}
