/** Transforms of images: PyTorch's {@code torchvision.transforms}. */
@NullMarked
package dev.cotangent.data.transform;

import org.jspecify.annotations.NullMarked;
