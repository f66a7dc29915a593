package dev.cotangent.benchmarks;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.benchmarks.operators.Operators;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** The table of cases, in float32 unless the name says otherwise. */
public final class Cases {
    private static final int FLOAT = Float.BYTES;
    private static final int SIDE = 4096;
    private static final int[] SQUARES = {64, 128, 256, 512, 1024, 2048};
    private static final int[][] PRODUCTS = {{64, 784, 128}, {4096, 64, 64}, {1, 4096, 4096}, {32, 512, 1000}};
    private static final int[] LENGTHS = {3, 1000, 100_000, 10_000_000};

    private final List<Case> all = new ArrayList<>();

    private Cases() {}

    /** Returns all cases, in the order of the table. */
    public static List<Case> all() {
        var cases = new Cases();
        for (int n : SQUARES) cases.mm(n, n, n);
        for (int[] p : PRODUCTS) cases.mm(p[0], p[1], p[2]);
        cases.bmm(16, 128, 64, 128);
        cases.elementwise();
        cases.matrices();
        for (boolean adam : new boolean[] {false, true}) {
            cases.training(adam, 32, 64, 128, 10);
            cases.training(adam, 64, 784, 512, 256, 10);
            cases.training(adam, 256, 1024, 1024, 1024, 10);
        }
        cases.typed(Dtype.FLOAT64, 2, 512, 1024, 2048);
        cases.typed(Dtype.BFLOAT16, 1, 512, 1024);
        cases.gpt();
        cases.all.addAll(Convolutions.cases());
        cases.all.addAll(Operators.common());
        return List.copyOf(cases.all);
    }

    private void mm(int m, int k, int n) {
        all.add(new Case(
                "mm/%dx%dx%d".formatted(m, k, n),
                2.0 * m * k * n,
                FLOAT * ((double) m * k + (double) k * n + (double) m * n),
                device -> {
                    Tensor a = Inputs.tensor(device, 1, m, k);
                    Tensor b = Inputs.tensor(device, 2, k, n);
                    return () -> a.mm(b);
                }));
    }

    /** Adds square products of another dtype; a float64 flop counts twice, as a vector has half as many lanes. */
    private void typed(Dtype dtype, int weight, int... sides) {
        for (int n : sides) {
            all.add(new Case(
                    "mm_%s/%dx%dx%d".formatted(dtype.name().toLowerCase(Locale.ROOT), n, n, n),
                    2.0 * weight * n * n * n,
                    3.0 * dtype.bytes() * n * n,
                    device -> {
                        Tensor a = Inputs.tensor(device, 1, n, n).to(dtype);
                        Tensor b = Inputs.tensor(device, 2, n, n).to(dtype);
                        return () -> a.mm(b);
                    }));
        }
    }

    private void gpt() {
        all.add(new Case("gpt/forward", Gpt.flops(), Gpt.bytes(), Gpt::forward));
        all.add(new Case("gpt/step", 3 * Gpt.flops(), 8 * Gpt.bytes(), Gpt::training));
        all.add(new Case("gpt/step_fused", 3 * Gpt.flops(), 8 * Gpt.bytes(), Gpt::training));
        double parameters = (double) AdamStep.TENSORS * AdamStep.SIDE * AdamStep.SIDE;
        for (String kind : List.of("default", "fused")) {
            all.add(new Case("adamw/" + kind, 0, 7 * FLOAT * parameters, AdamStep::new));
        }
    }

    private void bmm(int batch, int m, int k, int n) {
        all.add(new Case(
                "bmm/%dx%dx%dx%d".formatted(batch, m, k, n),
                2.0 * batch * m * k * n,
                FLOAT * (double) batch * (m * k + k * n + m * n),
                device -> {
                    Tensor a = Inputs.tensor(device, 1, batch, m, k);
                    Tensor b = Inputs.tensor(device, 2, batch, k, n);
                    return () -> a.bmm(b);
                }));
    }

    private void elementwise() {
        for (int n : LENGTHS) {
            binary("add", n, 3, Tensor::add);
            unary("mul_scalar", n, 2, p -> p.mul(1.5));
            unary("exp", n, 2, Tensor::exp);
            unary("tanh", n, 2, Tensor::tanh);
            unary("gelu", n, 2, Tensor::gelu);
            binary("chain", n, 3, (p, q) -> p.mul(q).add(0.5).neg().exp().mul(p));
            unary("sum", n, 1, Tensor::sum);
            unary("mean", n, 1, Tensor::mean);
            all.add(new Case("mean_backward/" + n, 0, 4.0 * FLOAT * n, device -> {
                Tensor p = Inputs.tensor(device, 1, n).requiresGrad_(true);
                Tensor q = Inputs.tensor(device, 2, n).requiresGrad_(true);
                return new MeanBackward(p, q);
            }));
        }
    }

    private void matrices() {
        matrix("row_sum", 1, x -> x.sum(1));
        matrix("column_sum", 1, x -> x.sum(0));
        matrix("softmax", 2, x -> x.softmax(-1));
        all.add(new Case(onMatrix("layer_norm"), 0, 2.0 * FLOAT * SIDE * SIDE, device -> {
            Tensor x = Inputs.tensor(device, 1, SIDE, SIDE);
            Tensor weight = Inputs.tensor(device, 2, SIDE);
            Tensor bias = Inputs.tensor(device, 3, SIDE);
            return () -> x.layerNorm(new long[] {SIDE}, weight, bias, 1e-5);
        }));
        all.add(new Case(onMatrix("broadcast_add"), 0, 2.0 * FLOAT * SIDE * SIDE, device -> {
            Tensor x = Inputs.tensor(device, 1, SIDE, SIDE);
            Tensor row = Inputs.tensor(device, 2, SIDE);
            return () -> x.add(row);
        }));
        matrix("transposed_copy", 2, x -> x.t().contiguous());
    }

    private void training(boolean adam, int batch, int... widths) {
        String sizes = Arrays.stream(widths).mapToObj(Integer::toString).collect(Collectors.joining("-"));
        all.add(new Case(
                "train/%s/%d/%s".formatted(sizes, batch, adam ? "adam" : "sgd"),
                Perceptron.flops(widths, batch),
                Perceptron.bytes(widths, adam),
                device -> Perceptron.training(device, widths, batch, adam)));
    }

    private static String onMatrix(String kind) {
        return kind + "/" + SIDE + "x" + SIDE;
    }

    private void matrix(String kind, int passes, UnaryOperator<Tensor> op) {
        all.add(new Case(onMatrix(kind), 0, (double) passes * FLOAT * SIDE * SIDE, device -> {
            Tensor x = Inputs.tensor(device, 1, SIDE, SIDE);
            return () -> op.apply(x);
        }));
    }

    private void unary(String kind, int n, int passes, UnaryOperator<Tensor> op) {
        all.add(new Case(kind + "/" + n, 0, (double) passes * FLOAT * n, device -> {
            Tensor p = Inputs.tensor(device, 1, n);
            return () -> op.apply(p);
        }));
    }

    private void binary(String kind, int n, int passes, BinaryOperator<Tensor> op) {
        all.add(new Case(kind + "/" + n, 0, (double) passes * FLOAT * n, device -> {
            Tensor p = Inputs.tensor(device, 1, n);
            Tensor q = Inputs.tensor(device, 2, n);
            return () -> op.apply(p, q);
        }));
    }

    /** Forward and backward of {@code mean(p * q)}, with new gradients each time. */
    private record MeanBackward(Tensor p, Tensor q) implements Work {
        @Override
        public Tensor run() {
            p.setGrad(null);
            q.setGrad(null);
            Tensor mean = p.mul(q).mean();
            mean.backward();
            OurEngine.materialize(p.grad());
            OurEngine.materialize(q.grad());
            return mean;
        }

        @Override
        public List<Tensor> outcome() {
            Tensor mean = run();
            return List.of(mean, OurEngine.gradient(p), OurEngine.gradient(q));
        }
    }
}
