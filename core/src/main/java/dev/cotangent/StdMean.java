package dev.cotangent;

/**
 * The result of {@code torch.std_mean}.
 *
 * @param std the standard deviation
 * @param mean the mean
 */
public record StdMean(Tensor std, Tensor mean) {}
