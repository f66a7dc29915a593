package dev.cotangent.cli;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Scope;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.cuda.Cuda;
import dev.cotangent.nn.Dropout;
import dev.cotangent.nn.GELU;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.nn.Sigmoid;
import dev.cotangent.nn.Tanh;
import dev.cotangent.optim.Adam;
import dev.cotangent.optim.AdamW;
import dev.cotangent.optim.Optimizer;
import dev.cotangent.optim.SGD;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Typical training steps with each activation, optimiser and loss, run once to compile their kernels: fused kernels are
 * known only after a whole step. Fusion depends on sizes, so there are small and large ones.
 */
public final class TrainingSteps {
    private static final int STEPS = 3;
    private static final int SMALL = 16;
    private static final int LARGE = 256;
    private static final double RATE = 1e-3;

    private record Kind(
            String what,
            Supplier<Module> activation,
            Function<List<Tensor>, Optimizer> optimizer,
            BinaryOperator<Tensor> loss) {
        Kind(String what, Supplier<Module> activation, Function<List<Tensor>, Optimizer> optimizer) {
            this(what, activation, optimizer, Tensor::crossEntropy);
        }
    }

    private static final Function<List<Tensor>, Optimizer> ADAM = p -> new Adam(p, RATE);

    private static final List<Kind> KINDS = List.of(
            new Kind("ReLU and Adam", ReLU::new, ADAM),
            new Kind("GELU and AdamW", GELU::new, p -> new AdamW(p, RATE)),
            new Kind("Tanh and SGD", Tanh::new, p -> new SGD(p, RATE)),
            new Kind(
                    "Sigmoid and SGD with momentum",
                    Sigmoid::new,
                    p -> new SGD(p, SGD.options().lr(RATE).momentum(0.9))),
            new Kind("dropout and Adam", () -> new Sequential(new ReLU(), new Dropout(0.5)), ADAM),
            new Kind("regression", ReLU::new, ADAM, Tensor::mseLoss));

    private TrainingSteps() {}

    /** Returns the number of steps that {@link #run} reports. */
    static int count(List<Dtype> dtypes) {
        return KINDS.size() * dtypes.size() + trainings().size();
    }

    private static List<WarmupTraining> trainings() {
        return ServiceLoader.load(WarmupTraining.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /** Runs all steps. */
    static void run(Device device, List<Dtype> dtypes, Cuda.Progress progress) {
        Generator.State before = Generator.standard().state();
        int all = count(dtypes);
        int done = 0;
        try {
            for (Dtype dtype : dtypes) {
                for (int kind = 0; kind < KINDS.size(); kind++) {
                    train(kind, device, dtype, SMALL);
                    train(kind, device, dtype, LARGE);
                    progress.at(++done, all, "training with " + KINDS.get(kind).what + " of " + dtype.torchName());
                }
            }
            for (WarmupTraining training : trainings()) {
                training.run(device);
                Cuda.synchronize(device);
                progress.at(++done, all, training.name());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Generator.standard().setState(before);
        }
    }

    /** Runs some steps of a kind of training with layers of the given width, and an evaluation. */
    public static void train(int kind, Device device, Dtype dtype, int width) {
        Kind k = KINDS.get(kind);
        try (var _ = Scope.open()) {
            int rows = width / 2;
            boolean classes = !k.what.equals("regression");
            Module network = new Sequential(
                            new Linear(width, width),
                            k.activation.get(),
                            new Linear(width, width / 2),
                            k.activation.get(),
                            new Linear(width / 2, 10))
                    .to(dtype)
                    .to(device);
            Optimizer optimizer = k.optimizer.apply(network.parameters());
            Tensor batch = Tensors.rand(Shape.of(rows, width), dtype.device(device));
            Tensor target = classes
                    ? Tensors.zeros(Shape.of(rows), Dtype.INT64.device(device))
                    : Tensors.rand(Shape.of(rows, 10), dtype.device(device));
            for (int i = 0; i < STEPS; i++) {
                optimizer.zeroGrad();
                k.loss.apply(network.forward(batch), target).backward();
                optimizer.step();
            }
            network.eval();
            Tensor answers = Autograd.noGrad(() -> network.forward(batch));
            if (classes) answers.argmax(1).eq(target).to(Dtype.FLOAT32).mean().itemDouble();
        }
    }
}
