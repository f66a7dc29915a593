/** What trains the parameters of modules: PyTorch's {@code torch.optim}. */
@NullMarked
package dev.cotangent.optim;

import org.jspecify.annotations.NullMarked;
