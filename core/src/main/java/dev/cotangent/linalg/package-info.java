/** Linear algebra: PyTorch's module {@code torch.linalg}, as a class of static methods, and what its functions return. */
@NullMarked
package dev.cotangent.linalg;

import org.jspecify.annotations.NullMarked;
