package dev.cotangent.examples.digits;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import java.util.List;
import java.util.Objects;

/** Adam (Kingma and Ba 2014, algorithm 1). */
final class Adam {
    private static final double BETA1 = 0.9;
    private static final double BETA2 = 0.999;
    private static final double EPSILON = 1e-8;

    private final List<Tensor> parameters;
    private final List<Tensor> means;
    private final List<Tensor> squares;
    private final double rate;
    private int step;

    Adam(List<Tensor> parameters, double rate) {
        this.parameters = parameters;
        this.rate = rate;
        means = parameters.stream().map(p -> p.zerosLike()).toList();
        squares = parameters.stream().map(p -> p.zerosLike()).toList();
    }

    /** Updates each parameter by its gradient, and zeroes the gradient. */
    void step() {
        step++;
        double biasCorrection1 = 1 - Math.pow(BETA1, step);
        double biasCorrection2 = 1 - Math.pow(BETA2, step);
        try (var _ = Autograd.noGrad()) {
            for (int i = 0; i < parameters.size(); i++) {
                Tensor gradient = Objects.requireNonNull(parameters.get(i).grad());
                Tensor mean = means.get(i).lerp_(gradient, 1 - BETA1);
                Tensor square = squares.get(i).mul_(BETA2).addcmul_(gradient, gradient, 1 - BETA2);
                Tensor scale = square.div(biasCorrection2).sqrt_().add_(EPSILON);
                parameters.get(i).addcdiv_(mean, scale, -rate / biasCorrection1);
                gradient.zero_();
            }
        }
    }
}
