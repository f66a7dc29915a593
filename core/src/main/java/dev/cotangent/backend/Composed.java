package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.program.Expr;
import dev.cotangent.program.Exprs;
import dev.cotangent.program.Program;
import java.util.List;

/** Whole ops written with the primitives of {@link Backend}: what a backend has without a kernel of its own. */
final class Composed {
    private static final long[] NONE = {};

    private Composed() {}

    static void softmax(Backend backend, Strided in, Strided out, int dim, boolean log) {
        if (in.numel() == 0) return;
        long[] kept = in.layout().sizes().clone();
        kept[dim] = 1;
        Layout row = Layout.contiguous(kept);
        Dtype dtype = in.dtype();
        Dtype wide = dtype.computeType();
        Strided max = new Strided(backend.allocate(dtype, row.numel()), row);
        backend.reduce(Reduction.MAX, Program.identity(dtype), max, new Strided[] {in}, NONE);
        Strided maxes = max.with(row.expand(in.layout().sizes()));

        Exprs e = new Exprs();
        Expr shifted = e.input(0, dtype).cast(wide).sub(e.input(1, dtype).cast(wide));
        Program exp = new Program(List.of(dtype, dtype), List.of(), List.of(shifted.exp()));
        Strided sum = new Strided(backend.allocate(wide, row.numel()), row);
        backend.reduce(Reduction.SUM, exp, sum, new Strided[] {in, maxes}, NONE);

        Expr total = e.input(2, wide);
        Expr result = log ? shifted.sub(total.log()) : shifted.exp().div(total);
        Program finish = new Program(List.of(dtype, dtype, wide), List.of(), List.of(result.cast(dtype)));
        Strided sums = sum.with(row.expand(in.layout().sizes()));
        backend.pointwise(finish, new Strided[] {out}, new Strided[] {in, maxes, sums}, NONE);
    }
}
