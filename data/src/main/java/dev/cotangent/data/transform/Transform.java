package dev.cotangent.data.transform;

import dev.cotangent.Tensor;
import java.util.function.UnaryOperator;

/**
 * Makes an image of shape {@code [..., channels, height, width]} another one; open. Random transforms draw from the calling
 * thread's generator: in a worker of a loader from that worker's own, which the loader's generator seeds. With PyTorch's
 * generator they draw as torchvision's do.
 */
@FunctionalInterface
public interface Transform extends UnaryOperator<Tensor> {
    /** Returns the transformed image; the given one is not changed. */
    @Override
    Tensor apply(Tensor image);
}
