package dev.cotangent.backend;

import dev.cotangent.Dtype;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Operations composed of the primitives of {@link Backend}, for backends without a kernel for them. */
final class Decompositions {
    private static final long[] NONE = {};
    private static final Map<List<?>, Program> PROGRAMS = new ConcurrentHashMap<>();

    private Decompositions() {}

    /** Caches programs by name and types, since backends cache compiled programs by identity. */
    static Program program(Supplier<Program> make, Object... key) {
        List<Object> k = List.of(key);
        Program known = PROGRAMS.get(k);
        return known != null ? known : PROGRAMS.computeIfAbsent(k, unused -> make.get());
    }

    static Strided fresh(Backend backend, Dtype dtype, Layout layout) {
        return new Strided(backend.allocateUnset(dtype, layout.numel()), Layout.contiguous(layout.sizes()));
    }

    private static Strided expanded(Strided s, long[] sizes) {
        return s.with(s.layout().expand(sizes));
    }

    static void softmax(Backend backend, Strided in, Strided out, int dim, boolean log) {
        if (in.numel() == 0) return;
        long[] reducedSizes = in.layout().sizes().clone();
        reducedSizes[dim] = 1;
        Layout row = Layout.contiguous(reducedSizes);
        Dtype dtype = in.dtype();
        Dtype wide = dtype.computeType();
        Strided max = new Strided(backend.allocateUnset(dtype, row.numel()), row);
        backend.reduce(Reduction.MAX, Program.identity(dtype), max, new Strided[] {in}, NONE);
        Strided maxes = max.with(row.expand(in.layout().sizes()));
        Program exp = program(
                () -> {
                    Exprs e = new Exprs();
                    return new Program(
                            List.of(dtype, dtype),
                            List.of(),
                            List.of(shifted(e, dtype).exp()));
                },
                "exp",
                dtype);
        Strided sum = new Strided(backend.allocateUnset(wide, row.numel()), row);
        backend.reduce(Reduction.SUM, exp, sum, new Strided[] {in, maxes}, NONE);
        Program finish = program(
                () -> {
                    Exprs e = new Exprs();
                    Expr total = e.input(2, wide);
                    Expr shifted = shifted(e, dtype);
                    Expr result = log ? shifted.sub(total.log()) : shifted.exp().div(total);
                    return new Program(List.of(dtype, dtype, wide), List.of(), List.of(result.cast(dtype)));
                },
                "softmax",
                dtype,
                log);
        Strided sums = sum.with(row.expand(in.layout().sizes()));
        backend.pointwise(finish, new Strided[] {out}, new Strided[] {in, maxes, sums}, NONE);
    }

    static void softmaxBackward(Backend backend, Strided g, Strided result, Strided out, int dim, boolean log) {
        if (out.numel() == 0) return;
        long[] reducedSizes = out.layout().sizes().clone();
        reducedSizes[dim] = 1;
        Dtype dtype = out.dtype();
        Dtype wide = dtype.computeType();
        Strided sum = fresh(backend, wide, Layout.contiguous(reducedSizes));
        List<Dtype> types = List.of(dtype, dtype);
        Program weighted = program(
                () -> {
                    Exprs e = new Exprs();
                    Expr x = e.input(0, dtype).cast(wide);
                    Expr y = e.input(1, dtype).cast(wide);
                    return new Program(types, List.of(), List.of(log ? x : x.mul(y)));
                },
                "softmax's gradient reduced",
                dtype,
                log);
        backend.reduce(Reduction.SUM, weighted, sum, new Strided[] {g, result}, NONE);
        Program finish = program(
                () -> {
                    Exprs e = new Exprs();
                    Expr x = e.input(0, dtype).cast(wide);
                    Expr y = e.input(1, dtype).cast(wide);
                    Expr total = e.input(2, wide);
                    Expr gradient =
                            log ? x.sub(y.exp().mul(total)) : x.sub(total).mul(y);
                    return new Program(List.of(dtype, dtype, wide), List.of(), List.of(gradient.cast(dtype)));
                },
                "softmax's gradient",
                dtype,
                log);
        Strided sums = expanded(sum, out.layout().sizes());
        backend.pointwise(finish, new Strided[] {out}, new Strided[] {g, result, sums}, NONE);
    }

    private static Expr shifted(Exprs e, Dtype dtype) {
        Dtype wide = dtype.computeType();
        return e.input(0, dtype).cast(wide).sub(e.input(1, dtype).cast(wide));
    }

    static void normalize(
            Backend backend,
            Strided in,
            @Nullable Strided weight,
            @Nullable Strided bias,
            double eps,
            Strided out,
            Strided mean,
            Strided rstd) {
        if (mean.numel() == 0) return;
        Dtype dtype = in.dtype();
        Dtype wide = dtype.computeType();
        long[] sizes = in.layout().sizes();
        long count = 1;
        for (int d = 0; d < sizes.length; d++) if (mean.layout().size(d) != sizes[d]) count *= sizes[d];
        long[] number = {Double.doubleToRawLongBits(count)};
        Strided sum = fresh(backend, wide, mean.layout());
        sum(backend, in, sum);
        backend.pointwise(divide(wide), new Strided[] {mean}, new Strided[] {sum}, number);
        Strided means = expanded(mean, sizes);
        backend.reduce(Reduction.SUM, square(dtype, wide), sum, new Strided[] {in, means}, NONE);
        Program invert = program(
                () -> {
                    Exprs e = new Exprs();
                    Expr variance = e.input(0, wide).div(e.scalar(0, wide));
                    Expr result = variance.add(e.scalar(1, wide)).sqrt().rdiv(1);
                    return new Program(List.of(wide), List.of(wide, wide), List.of(result));
                },
                "invert",
                wide);
        long[] numbers = {number[0], Double.doubleToRawLongBits(eps)};
        backend.pointwise(invert, new Strided[] {rstd}, new Strided[] {sum}, numbers);

        List<Strided> ins = new ArrayList<>(List.of(in, means, expanded(rstd, sizes)));
        List<Dtype> types = new ArrayList<>(List.of(dtype, wide, wide));
        for (Strided s : new Strided[] {weight, bias}) {
            if (s == null) continue;
            ins.add(s);
            types.add(s.dtype());
        }
        boolean scales = weight != null;
        Program finish = program(
                () -> {
                    Exprs e = new Exprs();
                    Expr x = e.input(0, dtype).cast(wide);
                    Expr y = x.sub(e.input(1, wide)).mul(e.input(2, wide));
                    for (int i = 3; i < types.size(); i++) {
                        Expr parameter = e.input(i, types.get(i)).cast(wide);
                        y = i == 3 && scales ? y.mul(parameter) : y.add(parameter);
                    }
                    return new Program(types, List.of(), List.of(y.cast(dtype)));
                },
                "normalize",
                List.copyOf(types),
                scales);
        backend.pointwise(finish, new Strided[] {out}, ins.toArray(Strided[]::new), NONE);
    }

    /** Writes the mean square of the differences from a mean. */
    static void variance(Backend backend, Strided in, Strided mean, Strided var) {
        if (mean.numel() == 0) return;
        Dtype dtype = in.dtype();
        Dtype wide = mean.dtype();
        Strided means = expanded(mean, in.layout().sizes());
        backend.reduce(Reduction.SUM, square(dtype, wide), var, new Strided[] {in, means}, NONE);
        long[] count = {Double.doubleToRawLongBits((double) in.numel() / mean.numel())};
        backend.pointwise(divide(wide), new Strided[] {var}, new Strided[] {var}, count);
    }

    /** Returns the program that divides its operand by a scalar. */
    static Program divide(Dtype wide) {
        return program(
                () -> {
                    Exprs e = new Exprs();
                    Expr quotient = e.input(0, wide).div(e.scalar(0, wide));
                    return new Program(List.of(wide), List.of(wide), List.of(quotient));
                },
                "divide",
                wide);
    }

    private static Program square(Dtype dtype, Dtype wide) {
        return program(
                () -> {
                    Exprs e = new Exprs();
                    Expr difference = e.input(0, dtype).cast(wide).sub(e.input(1, wide));
                    return new Program(List.of(dtype, wide), List.of(), List.of(difference.square()));
                },
                "square",
                dtype);
    }

    /** Sums over the dimensions in which {@code out}, of the compute type, has size 1. */
    static void sum(Backend backend, Strided in, Strided out) {
        if (out.numel() == 0) return;
        Dtype dtype = in.dtype();
        Program wider = program(
                () -> {
                    Expr x = new Exprs().input(0, dtype);
                    return new Program(List.of(dtype), List.of(), List.of(x.cast(dtype.computeType())));
                },
                "wider",
                dtype);
        backend.reduce(Reduction.SUM, wider, out, new Strided[] {in}, NONE);
    }

    static void normalizeBackward(
            Backend backend, Strided g, Strided in, Strided mean, Strided rstd, @Nullable Strided weight, Strided out) {
        if (out.numel() == 0) return;
        Dtype dtype = in.dtype();
        Dtype wide = dtype.computeType();
        long[] sizes = in.layout().sizes();
        List<Strided> ins = new ArrayList<>(List.of(g, in, expanded(mean, sizes), expanded(rstd, sizes)));
        List<Dtype> types = new ArrayList<>(List.of(dtype, dtype, wide, wide));
        if (weight != null) {
            ins.add(weight);
            types.add(weight.dtype());
        }
        List<Dtype> key = List.copyOf(types);
        Strided[] gradient = weight == null ? new Strided[] {g} : new Strided[] {g, weight};
        Strided sum = fresh(backend, wide, mean.layout());
        Strided along = fresh(backend, wide, mean.layout());
        Strided[] operands = ins.toArray(Strided[]::new);
        Program weighed = program(
                () -> {
                    Exprs e = new Exprs();
                    List<Dtype> own = new ArrayList<>(key);
                    own.subList(1, 4).clear();
                    return new Program(own, List.of(), List.of(weighed(e, own, 1)));
                },
                "weighed",
                key);
        backend.reduce(Reduction.SUM, weighed, sum, gradient, NONE);
        Program product = program(
                () -> {
                    Exprs e = new Exprs();
                    return new Program(
                            key, List.of(), List.of(weighed(e, key, 4).mul(normalized(e, dtype))));
                },
                "normalize's gradient, weighted sum",
                key);
        backend.reduce(Reduction.SUM, product, along, operands, NONE);
        types.add(wide);
        types.add(wide);
        ins.add(expanded(sum, sizes));
        ins.add(expanded(along, sizes));
        Program finish = program(
                () -> {
                    Exprs e = new Exprs();
                    int n = key.size();
                    Expr count = e.scalar(0, wide);
                    Expr slope = normalized(e, dtype).mul(e.input(n + 1, wide).div(count));
                    Expr gradientOfIn = weighed(e, key, 4)
                            .sub(e.input(n, wide).div(count))
                            .sub(slope)
                            .mul(e.input(3, wide));
                    return new Program(List.copyOf(types), List.of(wide), List.of(gradientOfIn.cast(dtype)));
                },
                "normalize's gradient",
                key);
        long[] count = {Double.doubleToRawLongBits((double) in.numel() / mean.numel())};
        backend.pointwise(finish, new Strided[] {out}, ins.toArray(Strided[]::new), count);
    }

    static void normalizeWeightBackward(
            Backend backend, Strided g, Strided in, Strided mean, Strided rstd, Strided out) {
        if (out.numel() == 0) return;
        Dtype dtype = in.dtype();
        Dtype wide = mean.dtype();
        long[] sizes = in.layout().sizes();
        List<Dtype> types = List.of(g.dtype(), dtype, wide, wide);
        Program along = program(
                () -> {
                    Exprs e = new Exprs();
                    Expr gradient = e.input(0, types.get(0)).cast(wide);
                    return new Program(types, List.of(), List.of(gradient.mul(normalized(e, dtype))));
                },
                "along",
                types);
        Strided[] operands = {g, in, expanded(mean, sizes), expanded(rstd, sizes)};
        backend.reduce(Reduction.SUM, along, out, operands, NONE);
    }

    /** Returns the gradient (0), times the weight if there is one. */
    private static Expr weighed(Exprs e, List<Dtype> types, int weight) {
        Dtype wide = types.get(0).computeType();
        Expr g = e.input(0, types.get(0)).cast(wide);
        return types.size() > weight ? g.mul(e.input(weight, types.get(weight)).cast(wide)) : g;
    }

    /** Returns {@code (in - mean) * rstd} of inputs 1 to 3. */
    private static Expr normalized(Exprs e, Dtype dtype) {
        Dtype wide = dtype.computeType();
        return e.input(1, dtype).cast(wide).sub(e.input(2, wide)).mul(e.input(3, wide));
    }

    static void nll(
            Backend backend,
            Strided logs,
            int dim,
            Strided target,
            @Nullable Strided weight,
            long ignored,
            Strided losses,
            Strided weights) {
        if (target.numel() == 0) return;
        Dtype dtype = logs.dtype();
        long[] number = {ignored};
        Strided index = classes(backend, target, number);
        Strided picked = ofClasses(backend, dtype, weight, index);
        Program weigh = program(
                () -> {
                    Exprs e = new Exprs();
                    Expr w = e.input(0, dtype);
                    Expr none = e.input(1, Dtype.INT64).eq(e.scalar(0, Dtype.INT64));
                    return new Program(
                            List.of(dtype, Dtype.INT64), List.of(Dtype.INT64), List.of(none.where(w.like(0), w)));
                },
                "weigh",
                dtype);
        backend.pointwise(weigh, new Strided[] {weights}, new Strided[] {picked, target}, number);
        backend.gather(logs, dim, index, picked);
        backend.pointwise(lost(dtype), new Strided[] {losses}, new Strided[] {picked, weights, target}, number);
    }

    /** Returns the weight of each target's class. */
    private static Strided ofClasses(Backend backend, Dtype dtype, @Nullable Strided weight, Strided index) {
        Strided picked = fresh(backend, dtype, index.layout());
        if (weight != null) {
            Strided flat = new Strided(index.storage(), Layout.contiguous(index.numel()));
            backend.gather(weight, 0, flat, new Strided(picked.storage(), flat.layout()));
        } else {
            backend.fill(picked, Double.doubleToRawLongBits(1));
        }
        return picked;
    }

    /** Returns {@code -value * weight}; 0 for ignored targets. */
    private static Program lost(Dtype dtype) {
        return program(
                () -> {
                    Exprs e = new Exprs();
                    Dtype wide = dtype.computeType();
                    Expr product =
                            e.input(0, dtype).cast(wide).mul(e.input(1, dtype).cast(wide));
                    Expr loss = product.cast(dtype).cast(wide).neg().cast(dtype);
                    Expr none = e.input(2, Dtype.INT64).eq(e.scalar(0, Dtype.INT64));
                    return new Program(
                            List.of(dtype, dtype, Dtype.INT64),
                            List.of(Dtype.INT64),
                            List.of(none.where(loss.like(0), loss)));
                },
                "lost",
                dtype);
    }

    /** Returns the targets with ignored ones replaced by 0. */
    private static Strided classes(Backend backend, Strided target, long[] ignored) {
        Strided index = fresh(backend, Dtype.INT64, target.layout());
        Program choose = program(
                () -> {
                    Exprs e = new Exprs();
                    Expr t = e.input(0, Dtype.INT64);
                    Expr none = t.eq(e.scalar(0, Dtype.INT64));
                    return new Program(List.of(Dtype.INT64), List.of(Dtype.INT64), List.of(none.where(t.like(0), t)));
                },
                "classes");
        backend.pointwise(choose, new Strided[] {index}, new Strided[] {target}, ignored);
        return index;
    }

    static void nllBackward(
            Backend backend, Strided g, int dim, Strided target, @Nullable Strided weight, long ignored, Strided out) {
        backend.fill(out, 0);
        if (target.numel() == 0) return;
        long[] number = {ignored};
        Strided index = classes(backend, target, number);
        Strided weights = ofClasses(backend, out.dtype(), weight, index);
        Strided part = fresh(backend, out.dtype(), target.layout());
        backend.pointwise(lost(out.dtype()), new Strided[] {part}, new Strided[] {g, weights, target}, number);
        backend.scatter(Scatter.SET, out, dim, index, part);
    }
}
