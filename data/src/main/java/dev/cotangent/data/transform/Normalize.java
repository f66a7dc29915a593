package dev.cotangent.data.transform;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import java.util.Arrays;

/** Subtracts a mean from each channel and divides by a deviation; {@code torchvision.transforms.Normalize}. */
public final class Normalize implements Transform {
    private final double[] mean;
    private final double[] std;

    /**
     * Creates one.
     *
     * @param mean of each channel, or one for all
     * @param std of each channel, or one for all; not 0
     */
    public Normalize(double[] mean, double[] std) {
        this.mean = Arguments.notNull("Normalize", "mean", mean).clone();
        this.std = Arguments.notNull("Normalize", "std", std).clone();
        if (mean.length == 0 || mean.length != std.length) {
            throw new ValueException(
                    "Normalize: a mean and a deviation for each channel, got " + mean.length + " and " + std.length);
        }
        for (double s : std) {
            if (s == 0)
                throw new ValueException("std evaluated to zero, leading to division by zero: " + Arrays.toString(std));
        }
    }

    @Override
    public Tensor apply(Tensor image) {
        Checks.image("Normalize", image);
        if (!image.dtype().isFloatingPoint()) {
            throw new TypeException("Input tensor should be a float tensor. Got " + image.dtype()
                    + ". Put a ToTensor before Normalize");
        }
        if (mean.length != 1 && mean.length != image.size(-3)) {
            throw new ValueException(
                    "Normalize: means of " + mean.length + " channels, but the image has " + image.size(-3));
        }
        Tensor m = Tensors.tensor(mean, image.dtype()).to(image.device()).view(-1, 1, 1);
        Tensor s = Tensors.tensor(std, image.dtype()).to(image.device()).view(-1, 1, 1);
        return image.sub(m).div(s);
    }

    /** Returns {@code Normalize(mean=[0.5], std=[0.5])}. */
    @Override
    public String toString() {
        return "Normalize(mean=" + Arrays.toString(mean) + ", std=" + Arrays.toString(std) + ")";
    }
}
