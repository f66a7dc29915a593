package dev.cotangent;

import dev.cotangent.backend.Backends;

/** NVIDIA GPUs as devices; PyTorch's {@code torch.cuda}. */
public final class Cuda {
    private Cuda() {}

    /** Whether {@code .cuda()} works here. Never throws; {@link #status} says why not. */
    public static boolean isAvailable() {
        return deviceCount() > 0;
    }

    /** How many GPUs can be used. */
    public static int deviceCount() {
        return Backends.probe("cuda").devices();
    }

    /** What was found, or why no GPU can be used and what to do about it. */
    public static String status() {
        return Backends.probe("cuda").message();
    }

    /** Waits until everything asked of a GPU is done. */
    public static void synchronize() {
        if (isAvailable()) Backends.of(Device.cuda()).synchronize();
    }
}
