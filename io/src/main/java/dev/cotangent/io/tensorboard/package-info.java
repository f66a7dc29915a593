/** TensorBoard's event files: PyTorch's {@code torch.utils.tensorboard}. */
@NullMarked
package dev.cotangent.io.tensorboard;

import org.jspecify.annotations.NullMarked;
