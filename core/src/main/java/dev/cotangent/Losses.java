package dev.cotangent;

/** Softmax and the losses; {@code torch.nn.functional}. */
public sealed interface Losses permits Tensor {}
