package dev.cotangent;

/**
 * The result of {@code torch.var_mean}.
 *
 * @param var the variance
 * @param mean the mean
 */
public record VarMean(Tensor var, Tensor mean) {}
