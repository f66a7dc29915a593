package dev.cotangent;

/**
 * A standard deviation and the mean it is about: what {@code torch.std_mean} returns.
 *
 * @param std the standard deviation
 * @param mean the mean
 */
public record StdMean(Tensor std, Tensor mean) {}
