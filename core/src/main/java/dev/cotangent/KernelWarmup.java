package dev.cotangent;

import dev.cotangent.cuda.Cuda;
import java.util.List;
import java.util.function.BiConsumer;

/** Runs common operations on a few elements, so that a device's kernels are compiled and cached. */
public final class KernelWarmup {
    private static final int ROWS = 4;
    private static final int COLUMNS = 8;

    /** The device and dtype of a warm-up run. */
    private record Bench(Device device, Dtype dtype) {
        Tensor numbers(long... sizes) {
            return Tensors.rand(Shape.of(sizes), dtype.device(device)).requiresGrad_();
        }

        Tensor classes(long... sizes) {
            return Tensors.zeros(Shape.of(sizes), Dtype.INT64.device(device));
        }
    }

    private record Step(String what, BiConsumer<Bench, Tensor> work) {}

    private static final List<Step> STEPS = List.of(
            new Step("sums and products", (b, x) -> {
                Tensor y = b.numbers(ROWS, COLUMNS);
                Tensor row = b.numbers(COLUMNS);
                back(x.add(y));
                back(x.add(row));
                back(x.sub(y));
                back(x.mul(y));
                back(x.mul(row));
                back(x.div(y.add(1)));
                back(x.mul(2));
                back(x.div(3));
                back(x.sub(1));
                back(x.neg());
            }),
            new Step("powers and logarithms", (b, x) -> {
                back(x.pow(2));
                back(x.square());
                back(x.add(1).sqrt());
                back(x.add(1).rsqrt());
                back(x.add(1).log());
                back(x.exp());
                back(x.abs());
                back(x.clamp(0.1, 0.9));
            }),
            new Step("activations", (b, x) -> {
                back(x.relu());
                back(x.sigmoid());
                back(x.tanh());
                back(x.gelu());
                back(x.silu());
                back(x.leakyRelu());
                back(x.softplus());
            }),
            new Step("comparisons", (b, x) -> {
                Tensor y = b.numbers(ROWS, COLUMNS);
                Tensor mask = x.gt(y);
                x.eq(y);
                x.lt(0.5);
                back(x.where(mask, y));
                back(x.maskedFill(mask, 0));
            }),
            new Step("reductions", (b, x) -> {
                back(x.sum());
                back(x.sum(0));
                back(x.sum(1));
                back(x.mean());
                back(x.mean(1));
                back(x.max());
                back(x.max(1).values());
                x.argmax(1);
                back(x.var(1));
                back(x.norm());
                x.gt(0).all();
            }),
            new Step("matrix products", (b, x) -> {
                Tensor w = b.numbers(ROWS, COLUMNS);
                back(x.linear(w, b.numbers(ROWS)));
                back(x.matmul(w.t()));
                back(x.unsqueeze(0).bmm(w.t().unsqueeze(0)));
            }),
            new Step("softmax", (b, x) -> {
                back(x.softmax(1));
                back(x.logSoftmax(1));
            }),
            new Step("normalization", (b, x) -> {
                Tensor weight = b.numbers(COLUMNS);
                Tensor bias = b.numbers(COLUMNS);
                back(x.layerNorm(new long[] {COLUMNS}, weight, bias, 1e-5));
                back(x.batchNorm(null, null, weight, bias, true, 0.1, 1e-5));
            }),
            new Step("losses", (b, x) -> {
                back(x.crossEntropy(b.classes(ROWS)));
                back(x.mseLoss(b.numbers(ROWS, COLUMNS)));
            }),
            new Step("indexing", (b, x) -> {
                back(b.classes(ROWS).embedding(x));
                back(x.indexSelect(0, b.classes(2)));
                back(x.gather(1, b.classes(ROWS, 1)));
                back(x.scatterAdd(1, b.classes(ROWS, 1), b.numbers(ROWS, 1)));
                back(Tensors.cat(List.of(x, b.numbers(ROWS, COLUMNS)), 0));
                back(x.t().contiguous());
                x.sort(1);
            }),
            new Step("random numbers", (b, x) -> {
                back(x.dropout(0.5));
                x.detach().normal_();
                x.detach().bernoulli_(0.5);
            }),
            new Step("conversions", (b, x) -> {
                for (Dtype to : List.of(Dtype.FLOAT32, Dtype.FLOAT16, Dtype.BFLOAT16)) back(x.to(to));
                x.gt(0).to(b.dtype);
                b.classes(ROWS).to(b.dtype);
            }),
            new Step("updates in place", (b, x) -> {
                Tensor p = x.detach();
                Tensor g = b.numbers(ROWS, COLUMNS).detach();
                p.add_(g, -0.1);
                p.add_(g);
                p.sub_(g);
                p.mul_(0.9);
                p.mul_(g);
                p.lerp_(g, 0.1);
                p.addcmul_(g, g, 0.01);
                p.addcdiv_(g, g.add(1), -0.001);
                p.fill_(1);
                p.zero_();
            }));

    private KernelWarmup() {}

    private static void back(Tensor result) {
        result.sum().backward();
    }

    /** Runs all steps for each dtype; returns the number of steps. */
    public static int run(Device device, List<Dtype> dtypes, Cuda.Progress progress) {
        Generator.State before = Generator.standard().state();
        int all = STEPS.size() * dtypes.size();
        int done = 0;
        try (var _ = Scope.open()) {
            for (Dtype dtype : dtypes) {
                Bench bench = new Bench(device, dtype);
                for (Step step : STEPS) {
                    step.work.accept(bench, bench.numbers(ROWS, COLUMNS));
                    progress.at(++done, all, step.what + " of " + dtype.torchName());
                }
            }
            Cuda.synchronize(device);
        } finally {
            Generator.standard().setState(before);
        }
        return all;
    }
}
