/** Optimisers and schedulers: PyTorch's {@code torch.optim}. */
@NullMarked
package dev.cotangent.optim;

import org.jspecify.annotations.NullMarked;
