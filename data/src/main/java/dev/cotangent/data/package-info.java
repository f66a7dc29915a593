/** Datasets, samplers and loaders: PyTorch's {@code torch.utils.data}. */
@NullMarked
package dev.cotangent.data;

import org.jspecify.annotations.NullMarked;
