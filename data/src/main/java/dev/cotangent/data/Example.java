package dev.cotangent.data;

import dev.cotangent.Tensor;
import java.util.function.Function;

/**
 * An input and what a model is to answer, of one sample or of a batch; the pair {@code (input, target)} of PyTorch's datasets.
 *
 * @param input what the model is given
 * @param target what it is to answer: the number of a class, as an int64 tensor without dimensions, or values
 * @param <X> the type of the input, in most cases a {@link Tensor}
 */
public record Example<X>(X input, Tensor target) {
    /** Returns the target with another input: how a dataset of examples is transformed. */
    public <Y> Example<Y> withInput(Function<? super X, ? extends Y> function) {
        return new Example<>(function.apply(input), target);
    }

    /** Returns the input with another target. */
    public Example<X> withTarget(Function<? super Tensor, ? extends Tensor> function) {
        return new Example<>(input, function.apply(target));
    }
}
