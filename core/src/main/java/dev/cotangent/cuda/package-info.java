/** NVIDIA GPUs: devices, streams, events and graphs; PyTorch's {@code torch.cuda}. */
@NullMarked
package dev.cotangent.cuda;

import org.jspecify.annotations.NullMarked;
