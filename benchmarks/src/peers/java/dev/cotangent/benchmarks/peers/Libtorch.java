package dev.cotangent.benchmarks.peers;

import dev.cotangent.benchmarks.Engine;
import dev.cotangent.benchmarks.Inputs.Checksum;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AbstractTensor;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/** PyTorch's library as JavaCPP offers it; every run has a scope, which frees its tensors. */
public final class Libtorch implements Engine {
    @Override
    public String name() {
        return "libtorch";
    }

    @Override
    public String open(String device, int threads) {
        if (!device.equals("cpu")) throw new IllegalArgumentException("libtorch is measured on the CPU alone");
        torch.set_num_threads(threads);
        return "libtorch by JavaCPP, " + Tensor.class.getPackage().getImplementationVersion();
    }

    @Override
    public @Nullable Prepared prepare(String name) {
        Operands operands = Operands.of(name);
        if (operands.sizes().length == 0 || operands.kind().equals("layer_norm")) return null;
        Tensor p = tensor(1, operands.first());
        Tensor q = tensor(2, operands.second());
        if (operands.kind().equals("mean_backward"))
            return new MeanBackward(p.set_requires_grad(true), q.set_requires_grad(true));
        var scalar = new Scalar(1.5);
        var half = new Scalar(0.5);
        Supplier<Tensor> work = switch (operands.kind()) {
            case "mm" -> () -> p.mm(q);
            case "bmm" -> () -> p.bmm(q);
            case "add", "broadcast_add" -> () -> p.add(q);
            case "mul_scalar" -> () -> p.mul(scalar);
            case "exp" -> p::exp;
            case "tanh" -> p::tanh;
            case "gelu" -> () -> torch.gelu(p);
            case "chain" -> () -> p.mul(q).add(half).neg().exp().mul(p);
            case "sum" -> p::sum;
            case "mean" -> p::mean;
            case "row_sum" -> () -> p.sum(1);
            case "column_sum" -> () -> p.sum(0);
            case "softmax" -> () -> p.softmax(-1);
            case "transposed_copy" -> () -> p.t().contiguous();
            default -> throw new IllegalArgumentException(name);
        };
        return new Simple(work);
    }

    @SuppressWarnings("unchecked")
    private static PointerScope scope() {
        return new PointerScope();
    }

    private static Tensor tensor(int seed, long[] shape) {
        return AbstractTensor.create(Operands.values(seed, shape), shape);
    }

    private static float[] elements(Tensor t) {
        FloatBuffer buffer = t.detach().contiguous().createBuffer();
        float[] values = new float[buffer.remaining()];
        buffer.get(values);
        return values;
    }

    private record Simple(Supplier<Tensor> work) implements Prepared {
        @Override
        public void run(int times) {
            for (int i = 0; i < times; i++) {
                try (var _ = scope()) {
                    work.get();
                }
            }
        }

        @Override
        public Checksum checksum() {
            return Checksum.of(List.of(elements(work.get())).stream());
        }
    }

    private record MeanBackward(Tensor p, Tensor q) implements Prepared {
        @Override
        public void run(int times) {
            for (int i = 0; i < times; i++) once();
        }

        private float once() {
            try (var _ = scope()) {
                p.mutable_grad().put(new Tensor());
                q.mutable_grad().put(new Tensor());
                Tensor mean = p.mul(q).mean();
                mean.backward();
                return mean.item_float();
            }
        }

        @Override
        public Checksum checksum() {
            float mean = once();
            return Checksum.of(List.of(new float[] {mean}, elements(p.grad()), elements(q.grad())).stream());
        }
    }
}
