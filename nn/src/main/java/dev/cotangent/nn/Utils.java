package dev.cotangent.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.nn.internal.PythonText;
import java.util.ArrayList;
import java.util.List;

/** Utilities for all parameters at once; PyTorch's {@code torch.nn.utils}. */
public final class Utils {
    private static final double EPS = 1e-6;

    private Utils() {}

    /** Works as {@link #clipGradNorm_(List, double, double, boolean)} with the Euclidean norm. */
    public static Tensor clipGradNorm_(List<Tensor> parameters, double maxNorm) {
        return clipGradNorm_(parameters, maxNorm, 2, false);
    }

    /**
     * Scales all gradients in place so that their norm, taken together, is at most {@code maxNorm}; {@code
     * clip_grad_norm_}.
     *
     * @param normType the power of the norm; infinity for the largest element
     * @param errorIfNonfinite whether a norm that is infinite or NaN is an error
     * @return the norm before
     */
    public static Tensor clipGradNorm_(
            List<Tensor> parameters, double maxNorm, double normType, boolean errorIfNonfinite) {
        List<Tensor> gradients = gradients(parameters);
        try (var _ = Autograd.noGrad()) {
            if (gradients.isEmpty()) return Tensors.scalar(0f);
            Tensor first = gradients.getFirst();
            List<Tensor> norms = new ArrayList<>();
            for (Tensor g : gradients) norms.add(g.norm(normType).to(first.device(), first.dtype()));
            Tensor total = Tensors.stack(norms).norm(normType);
            if (errorIfNonfinite && !Double.isFinite(total.itemDouble())) {
                throw new CotangentException("The total norm of order " + PythonText.of(normType)
                        + " for gradients from `parameters` is non-finite, so it cannot be clipped. To disable this"
                        + " error and scale the gradients by the non-finite norm anyway, set"
                        + " `error_if_nonfinite=False`");
            }
            Tensor factor = total.add(EPS).rdiv(maxNorm).clampMax(1.0);
            for (Tensor g : gradients) g.mul_(factor.to(g.device(), g.dtype()));
            return total;
        }
    }

    /** Limits all elements of gradients in place to ±{@code clipValue}; {@code clip_grad_value_}. */
    public static void clipGradValue_(List<Tensor> parameters, double clipValue) {
        try (var _ = Autograd.noGrad()) {
            for (Tensor g : gradients(parameters)) g.clamp_(-clipValue, clipValue);
        }
    }

    private static List<Tensor> gradients(List<Tensor> parameters) {
        List<Tensor> all = new ArrayList<>();
        for (Tensor p : parameters) {
            Tensor g = p.grad();
            if (g != null) all.add(g);
        }
        return all;
    }

    /** Returns all elements as one vector, recorded; {@code parameters_to_vector}. */
    public static Tensor parametersToVector(List<Tensor> parameters) {
        return Tensors.cat(parameters.stream().map(p -> p.reshape(-1)).toList());
    }

    /** Writes parts of a vector into the parameters; {@code vector_to_parameters}. */
    public static void vectorToParameters(Tensor vector, List<Tensor> parameters) {
        long all = parameters.stream().mapToLong(Tensor::numel).sum();
        if (vector.dim() != 1 || vector.numel() != all) {
            throw new CotangentException(
                    "vectorToParameters needs a vector of " + all + " elements, but got " + vector.shape());
        }
        try (var _ = Autograd.noGrad()) {
            long from = 0;
            for (Tensor p : parameters) {
                p.copy_(vector.narrow(0, from, p.numel()).view(p.shape().toArray()));
                from += p.numel();
            }
        }
    }

    /**
     * Stacks sequences of different lengths, the shorter ones filled up; {@code nn.utils.rnn.pad_sequence}.
     *
     * @param sequences tensors of L x *, where only L may differ
     * @param batchFirst whether the result is N x L x *, not L x N x *
     */
    public static Tensor padSequence(List<Tensor> sequences, boolean batchFirst, double paddingValue) {
        if (sequences.isEmpty()) {
            throw new CotangentException("pad_sequence: expected a non-empty list of tensors");
        }
        long longest = sequences.stream().mapToLong(s -> s.size(0)).max().orElseThrow();
        List<Tensor> filled = new ArrayList<>();
        for (Tensor s : sequences) {
            long[] padding = new long[2 * s.dim()];
            padding[padding.length - 1] = longest - s.size(0);
            filled.add(s.pad(padding, "constant", paddingValue));
        }
        return Tensors.stack(filled, batchFirst ? 0 : 1);
    }

    /** Returns the sequences that {@link #padSequence} stacked; {@code nn.utils.rnn.unpad_sequence}. */
    public static List<Tensor> unpadSequence(Tensor padded, List<Integer> lengths, boolean batchFirst) {
        Tensor rows = batchFirst ? padded : padded.transpose(0, 1);
        if (rows.size(0) != lengths.size()) {
            throw new CotangentException("unpadSequence needs a length for each of " + rows.size(0)
                    + " sequences, but got " + lengths.size());
        }
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < lengths.size(); i++) all.add(rows.select(0, i).narrow(0, 0, lengths.get(i)));
        return all;
    }
}
