package dev.cotangent.benchmarks.peers;

import dev.cotangent.benchmarks.Engine;
import dev.cotangent.benchmarks.Inputs.Checksum;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** ND4J; it has no automatic gradients of arrays. */
public final class Nd4jEngine implements Engine {
    @Override
    public String name() {
        return "nd4j";
    }

    @Override
    public String open(String device, int threads) {
        if (!device.equals("cpu")) throw new IllegalArgumentException("ND4J is measured on the CPU alone");
        Nd4j.getEnvironment().setMaxThreads(threads);
        Nd4j.getEnvironment().setMaxMasterThreads(threads);
        String version = Nd4j.class.getPackage().getImplementationVersion();
        return version == null ? "ND4J" : "ND4J " + version;
    }

    @Override
    public @Nullable Prepared prepare(String name) {
        Operands operands = Operands.of(name);
        if (operands.sizes().length == 0) return null;
        INDArray p = array(1, operands.first());
        INDArray q = array(2, operands.second());
        Supplier<INDArray> work = switch (operands.kind()) {
            case "mm" -> () -> p.mmul(q);
            case "bmm" -> () -> Nd4j.matmul(p, q);
            case "add" -> () -> p.add(q);
            case "broadcast_add" -> () -> p.addRowVector(q);
            case "mul_scalar" -> () -> p.mul(1.5);
            case "exp" -> () -> Transforms.exp(p, true);
            case "tanh" -> () -> Transforms.tanh(p, true);
            case "chain" ->
                () -> Transforms.exp(p.mul(q).addi(0.5).negi(), false).muli(p);
            case "sum" -> () -> p.sum();
            case "mean" -> () -> p.mean();
            case "row_sum" -> () -> p.sum(1);
            case "column_sum" -> () -> p.sum(0);
            case "softmax" -> () -> Transforms.softmax(p, true);
            case "transposed_copy" -> () -> p.transpose().dup('c');
            default -> null;
        };
        return work == null ? null : new Simple(work);
    }

    private static INDArray array(int seed, long[] shape) {
        return Nd4j.createFromArray(Operands.values(seed, shape)).reshape('c', shape);
    }

    private record Simple(Supplier<INDArray> work) implements Prepared {
        @Override
        public void run(int times) {
            for (int i = 0; i < times; i++) work.get().close();
        }

        @Override
        public Checksum checksum() {
            INDArray result = work.get();
            return Checksum.of(List.of(result.dup('c').reshape(result.length()).toFloatVector()).stream());
        }
    }
}
