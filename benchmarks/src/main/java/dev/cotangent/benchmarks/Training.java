package dev.cotangent.benchmarks;

import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** A training step: forward, backward, optimiser. */
final class Training implements Work {
    private static final int STEPS_COMPARED = 3;

    private final List<Tensor> parameters;
    private final Supplier<Tensor> loss;
    private final Function<List<Tensor>, Optimizer> optimizers;
    private final List<Tensor> start = new ArrayList<>();
    private Optimizer optimizer;

    /**
     * Creates a step.
     *
     * @param parameters the parameters, with their initial values
     * @param loss computes the loss of the batch
     * @param optimizers creates an optimiser without state
     */
    Training(List<Tensor> parameters, Supplier<Tensor> loss, Function<List<Tensor>, Optimizer> optimizers) {
        this.parameters = parameters;
        this.loss = loss;
        this.optimizers = optimizers;
        for (Tensor p : parameters) start.add(p.detach().clone());
        optimizer = optimizers.apply(parameters);
    }

    /** Restarts the training, whose gradients would vanish after thousands of steps, and creates the optimiser state. */
    @Override
    public void reset() {
        for (int i = 0; i < start.size(); i++) parameters.get(i).data().copy_(start.get(i));
        optimizer = optimizers.apply(parameters);
        run();
    }

    @Override
    public Tensor run() {
        try (var scope = Scope.open()) {
            optimizer.zeroGrad();
            Tensor value = loss.get();
            value.backward();
            optimizer.step();
            for (Tensor p : parameters) OurEngine.materialize(p);
            return scope.keep(value.detach());
        }
    }

    @Override
    public List<Tensor> outcome() {
        List<Tensor> all = new ArrayList<>(parameters);
        for (int i = 0; i < STEPS_COMPARED; i++) all.add(run());
        return all;
    }

    /** Returns the forward pass without gradients. */
    static Work forward(Supplier<Tensor> loss) {
        return () -> {
            try (var _ = Autograd.noGrad()) {
                return loss.get();
            }
        };
    }
}
