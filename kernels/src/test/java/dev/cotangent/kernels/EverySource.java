package dev.cotangent.kernels;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Scan;
import dev.cotangent.backend.Scatter;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Sources of every template for every dtype it accepts, and programs that contain every scalar op. */
final class EverySource {
    private static final Dtype[] REAL = {Dtype.FLOAT32, Dtype.FLOAT64, Dtype.FLOAT16, Dtype.BFLOAT16};

    private EverySource() {}

    static List<KernelSource> templates() {
        List<KernelSource> all = new ArrayList<>();
        for (Dtype dtype : Dtype.reals()) {
            boolean wide = dtype.ordinal() % 2 == 0;
            boolean bool = dtype == Dtype.BOOL;
            for (Reduction kind : Reduction.values()) {
                if (bool && (kind == Reduction.SUM || kind == Reduction.PROD)) continue;
                Dtype result = switch (kind) {
                    case ARGMAX, ARGMIN -> Dtype.INT64;
                    case ANY, ALL -> Dtype.BOOL;
                    default -> dtype;
                };
                all.add(KernelSources.reduce(kind, Program.identity(dtype), result, wide));
            }
            for (Scan kind : Scan.values()) {
                if (!bool || kind == Scan.MAX || kind == Scan.MIN) all.add(KernelSources.scan(kind, dtype, wide));
            }
            for (Scatter kind : Scatter.values()) all.add(KernelSources.scatter(kind, dtype, wide));
            all.add(KernelSources.gather(dtype, wide));
            all.add(KernelSources.sort(dtype, wide));
            if (!bool) all.add(KernelSources.matmul(dtype, wide));
        }
        for (Dtype dtype : REAL) {
            all.add(KernelSources.softmax(dtype, false, false));
            all.add(KernelSources.softmax(dtype, true, true));
            all.add(KernelSources.normalize(dtype, dtype, dtype.computeType(), false));
            all.add(KernelSources.normalize(dtype, dtype.computeType(), dtype, true));
            all.add(KernelSources.nll(dtype, false));
            all.add(KernelSources.nll(dtype, true));
            all.add(KernelSources.random(Distribution.UNIFORM, dtype, false));
            all.add(KernelSources.random(Distribution.NORMAL, dtype, true));
        }
        all.add(KernelSources.random(Distribution.BITS, Dtype.INT64, false));
        return all;
    }

    /** Returns programs of about ten ops that contain each op for each dtype it accepts, and every conversion. */
    static List<Program> programs() {
        List<Program> all = new ArrayList<>();
        for (Dtype dtype : Dtype.reals()) {
            if (dtype.isHalf()) continue;
            Exprs e = new Exprs();
            List<Expr> outputs = new ArrayList<>();
            for (ScalarOp op : ScalarOp.values()) {
                if (!takes(op, dtype)) continue;
                Expr[] args = new Expr[op.arity()];
                for (int i = 0; i < args.length; i++) args[i] = e.input(i, dtype);
                if (op.kind() == ScalarOp.Kind.SELECT) args[0] = args[0].cast(Dtype.BOOL);
                outputs.add(e.call(op, args));
                if (outputs.size() == 10) {
                    all.add(new Program(List.of(dtype, dtype, dtype), List.of(), outputs));
                    outputs = new ArrayList<>();
                }
            }
            if (!outputs.isEmpty()) all.add(new Program(List.of(dtype, dtype, dtype), List.of(), outputs));
        }
        for (Dtype from : Dtype.reals()) {
            Exprs e = new Exprs();
            Expr x = e.input(0, from);
            List<Expr> casts = Arrays.stream(Dtype.reals()).map(x::cast).toList();
            all.add(new Program(List.of(from), List.of(), casts));
        }
        Exprs e = new Exprs();
        List<Expr> constants = new ArrayList<>();
        for (Dtype dtype : Dtype.reals()) {
            constants.add(e.scalar(dtype.ordinal(), dtype));
            for (double c : new double[] {0, -1, 1.5, 0x1p-149, Double.NaN, Double.NEGATIVE_INFINITY, 1e300, -1e19}) {
                constants.add(e.constant(dtype, c));
            }
        }
        for (int i = 0; i < constants.size(); i += 16) {
            List<Expr> some = constants.subList(i, Math.min(constants.size(), i + 16));
            all.add(new Program(List.of(), List.of(Dtype.reals()), some));
        }
        return all;
    }

    /** Returns random programs like those of fusion, computed in one type. */
    static List<Program> random(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Program> all = new ArrayList<>();
        while (all.size() < count) {
            Exprs e = new Exprs();
            Dtype dtype = Dtype.reals()[random.nextInt(Dtype.reals().length)];
            Dtype type = dtype.computeType();
            List<Expr> exprs = new ArrayList<>(
                    List.of(e.input(0, dtype).cast(type), e.input(1, dtype).cast(type), e.scalar(0, type)));
            for (int n = random.nextInt(2, 30); n > 0; n--) {
                ScalarOp op = ScalarOp.values()[random.nextInt(ScalarOp.values().length)];
                if (!takes(op, type)) continue;
                Expr[] args = new Expr[op.arity()];
                for (int i = 0; i < args.length; i++) args[i] = exprs.get(random.nextInt(exprs.size()));
                if (op.kind() == ScalarOp.Kind.SELECT) args[0] = args[0].cast(Dtype.BOOL);
                Expr result = e.call(op, args);
                exprs.add(
                        random.nextInt(3) == 0 && dtype.isHalf()
                                ? result.cast(dtype).cast(type)
                                : result.cast(type));
            }
            all.add(new Program(
                    List.of(dtype, dtype),
                    List.of(type),
                    List.of(exprs.getLast().cast(dtype), exprs.get(2))));
        }
        return all;
    }

    private static boolean takes(ScalarOp op, Dtype dtype) {
        boolean bool = dtype == Dtype.BOOL;
        return switch (op.kind()) {
            case SAME -> !bool || op == ScalarOp.ADD || op == ScalarOp.MUL || op == ScalarOp.MAX || op == ScalarOp.MIN;
            case FLOAT -> dtype.isFloatingPoint();
            case COMPARE, SELECT -> true;
            case BITS -> !dtype.isFloatingPoint() && !(bool && (op == ScalarOp.SHL || op == ScalarOp.SHR));
        };
    }
}
