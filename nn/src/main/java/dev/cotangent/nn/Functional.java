package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Functions of {@code torch.nn.functional} that are no methods of {@link Tensor}; most are, such as {@link Tensor#relu} or
 * {@link Tensor#crossEntropy(Tensor)}.
 */
public final class Functional {
    /** The lower limit of SELU, negated. */
    private static final double SELU_LIMIT = 1.7580993408473766;

    private Functional() {}

    /**
     * Divides by the root mean square of the last dimensions; {@code torch.nn.functional.rms_norm}.
     *
     * @param normalizedShape the shape of these dimensions
     * @param weight factors of that shape, or null
     * @param eps added to mean squares; null for the smallest step of the dtype from 1
     */
    public static Tensor rmsNorm(Tensor input, long[] normalizedShape, @Nullable Tensor weight, @Nullable Double eps) {
        return eps == null ? input.rmsNorm(normalizedShape, weight) : input.rmsNorm(normalizedShape, weight, eps);
    }

    /**
     * Divides by {@code (k + alpha * m)^beta}, m being the mean square of {@code size} neighbouring channels; {@code
     * torch.nn.functional.local_response_norm}.
     */
    public static Tensor localResponseNorm(Tensor input, int size, double alpha, double beta, double k) {
        return input.localResponseNorm(size, alpha, beta, k);
    }

    /** Mixes groups of channels: the first of each group, then the second; {@code torch.nn.functional.channel_shuffle}. */
    public static Tensor channelShuffle(Tensor input, int groups) {
        return input.channelShuffle(groups);
    }

    /**
     * Sets elements to the lower limit of SELU at random while training, and scales and shifts so that mean and variance
     * stay; {@code torch.nn.functional.alpha_dropout}.
     */
    public static Tensor alphaDropout(Tensor input, double p, boolean training) {
        return alphaDropout(input, p, training, input.shape().toArray());
    }

    /** Works as {@link #alphaDropout}, of whole channels; {@code torch.nn.functional.feature_alpha_dropout}. */
    public static Tensor featureAlphaDropout(Tensor input, double p, boolean training) {
        if (input.dim() < 2) {
            throw new ValueException("Feature dropout requires at least 2 dimensions in the input");
        }
        long[] sizes = new long[input.dim()];
        Arrays.fill(sizes, 1);
        sizes[0] = input.size(0);
        sizes[1] = input.size(1);
        return alphaDropout(input, p, training, sizes);
    }

    private static Tensor alphaDropout(Tensor input, double p, boolean training, long[] sizes) {
        if (!(p >= 0 && p <= 1)) {
            throw new ValueException("dropout probability has to be between 0 and 1, but got " + p);
        }
        if (!training || p == 0) return input;
        if (p == 1) return input.mul(0);
        double a = 1 / Math.sqrt((SELU_LIMIT * SELU_LIMIT * p + 1) * (1 - p));
        Tensor noise = input.detach().newEmpty(sizes).bernoulli_(1 - p);
        Tensor shift = noise.sub(1).mul(SELU_LIMIT * a).add(SELU_LIMIT * a * p);
        return input.mul(noise.mul(a)).add(shift);
    }

    /**
     * Draws from a relaxed categorical distribution (Jang and others 2017); {@code torch.nn.functional.gumbel_softmax}.
     *
     * @param tau the temperature
     * @param hard whether the result is one-hot, with the gradient of the soft one
     */
    public static Tensor gumbelSoftmax(Tensor logits, double tau, boolean hard, int dim) {
        Tensor gumbels = logits.detach().emptyLike().exponential_(1).log().neg();
        Tensor soft = logits.add(gumbels).div(tau).softmax(dim);
        if (!hard) return soft;
        Tensor index = soft.detach().max(dim, true).indices();
        Tensor one = soft.detach().zerosLike().scatter_(dim, index, 1.0);
        return one.sub(soft.detach()).add(soft);
    }
}
