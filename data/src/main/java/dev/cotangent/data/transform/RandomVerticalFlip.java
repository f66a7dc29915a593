package dev.cotangent.data.transform;

import dev.cotangent.Tensor;

/**
 * Swaps top and bottom with a probability; {@code torchvision.transforms.RandomVerticalFlip}.
 *
 * @param p the probability
 */
public record RandomVerticalFlip(double p) implements Transform {
    /** Checks the probability. */
    public RandomVerticalFlip {
        Checks.probability("RandomVerticalFlip", p);
    }

    /** Creates one of probability 0.5. */
    public RandomVerticalFlip() {
        this(0.5);
    }

    @Override
    public Tensor apply(Tensor image) {
        Checks.image("RandomVerticalFlip", image);
        return Checks.happens(p) ? image.flip(-2) : image;
    }

    /** Returns such as {@code RandomVerticalFlip(p=0.5)}. */
    @Override
    public String toString() {
        return "RandomVerticalFlip(p=" + p + ")";
    }
}
