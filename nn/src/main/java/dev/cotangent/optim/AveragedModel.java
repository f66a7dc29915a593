package dev.cotangent.optim;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.internal.PythonText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Averages the parameters of a model over its training, evenly (Izmailov and others 2018) or exponentially; PyTorch's {@code
 * torch.optim.swa_utils.AveragedModel}. Buffers are copied as they are.
 *
 * <pre>{@code
 * var average = AveragedModel.exponential(new Classifier(), 0.999);
 * // after each step of the optimiser
 * average.updateParameters(model);
 * }</pre>
 */
public final class AveragedModel extends Module {
    private final Module module;
    private final Tensor averaged = Tensors.scalar(0L);
    private final @Nullable Double decay;

    private AveragedModel(Module module, @Nullable Double decay) {
        registerBuffer("n_averaged", averaged);
        this.module = registerModule("module", module);
        this.decay = decay;
    }

    /** Returns an average in which all updates count the same. {@code module} takes the values. */
    public static AveragedModel even(Module module) {
        return new AveragedModel(module, null);
    }

    /** Returns an exponential moving average with this decay. {@code module} receives the values. */
    public static AveragedModel exponential(Module module, double decay) {
        if (!(decay >= 0 && decay <= 1)) {
            throw new ValueException("Invalid decay value " + PythonText.of(decay)
                    + " provided. Please provide a value in [0,1] range.");
        }
        return new AveragedModel(module, decay);
    }

    /** Returns the module that has the average. */
    public Module module() {
        return module;
    }

    @Override
    public Tensor forward(Tensor input) {
        return module.call(input);
    }

    /** Takes the model's parameters into the average, the first time as they are; {@code update_parameters}. */
    public void updateParameters(Module model) {
        List<Tensor> from = model.parameters();
        List<Tensor> to = module.parameters();
        if (!model.stateDict().keySet().equals(module.stateDict().keySet())) {
            throw new CotangentException("the model has not the parameters and buffers of the averaged one: "
                    + model.stateDict().keySet() + " and " + module.stateDict().keySet());
        }
        long n = averaged.itemLong();
        try (var _ = Autograd.noGrad()) {
            double weight = n == 0 ? 1 : decay == null ? 1.0 / (n + 1) : 1 - decay;
            for (int i = 0; i < to.size(); i++) {
                Tensor average = to.get(i);
                Tensor now = from.get(i).detach().to(average.device(), average.dtype());
                if (n == 0) average.copy_(now);
                else average.add_(now.sub(average).mul(weight));
            }
            List<Tensor> buffers = model.buffers();
            for (int i = 0; i < buffers.size(); i++) module.buffers().get(i).copy_(buffers.get(i));
            averaged.add_(1);
        }
    }
}
