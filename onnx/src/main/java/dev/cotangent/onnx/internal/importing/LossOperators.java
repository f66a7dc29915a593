package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.add;
import static dev.cotangent.onnx.internal.importing.Operators.tensor;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Losses. */
final class LossOperators {
    private LossOperators() {}

    static void register() {
        tensor("NegativeLogLikelihoodLoss", v(12, 13, 22), c -> loss(c, c.x(0)));
        add("SoftmaxCrossEntropyLoss", v(12, 13), c -> {
            Tensor logs = c.x(0).logSoftmax(1);
            return Value.all(List.of(loss(c, logs), logs));
        });
    }

    private static Tensor loss(Call c, Tensor logs) {
        Tensor target = c.x(1).toLong();
        boolean ignores = c.hasAttribute("ignore_index");
        Tensor ignored = ignores ? target.eq(c.i("ignore_index")) : target.ne(target);
        Tensor known = Tensors.where(ignored, target.zerosLike(), target);
        Tensor losses = logs.gather(1, known.unsqueeze(1)).squeeze(1).neg();
        @Nullable Tensor weight = c.opt(2);
        Tensor weights = weight == null
                ? losses.detach().onesLike()
                : weight.indexSelect(0, known.reshape(-1)).reshape(known.shape().toArray());
        weights = weights.maskedFill(ignored, 0);
        losses = losses.mul(weights);
        String reduction = c.s("reduction", "mean");
        return switch (reduction) {
            case "none" -> losses;
            case "sum" -> losses.sum();
            case "mean" -> losses.sum().div(weights.sum());
            default -> throw c.error("has the reduction '" + reduction + "'");
        };
    }
}
