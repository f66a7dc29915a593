/**
 * Training on several processes; PyTorch's {@code torch.distributed}. A {@link dev.cotangent.distributed.ProcessGroup}
 * connects them, {@link dev.cotangent.distributed.DistributedDataParallel} averages the gradients of a module over it.
 */
@NullMarked
package dev.cotangent.distributed;

import org.jspecify.annotations.NullMarked;
