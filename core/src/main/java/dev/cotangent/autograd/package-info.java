/**
 * Automatic differentiation: gradients, transforms, custom functions, hooks and gradient modes; PyTorch's {@code
 * torch.autograd} and {@code torch.func}.
 */
@NullMarked
package dev.cotangent.autograd;

import org.jspecify.annotations.NullMarked;
