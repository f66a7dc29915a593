package dev.cotangent;

/**
 * A variance and the mean it is about: what {@code torch.var_mean} returns.
 *
 * @param var the variance
 * @param mean the mean
 */
public record VarMean(Tensor var, Tensor mean) {}
