package dev.cotangent.data.transform;

import dev.cotangent.Tensor;

/**
 * Swaps left and right with a probability; {@code torchvision.transforms.RandomHorizontalFlip}.
 *
 * @param p the probability
 */
public record RandomHorizontalFlip(double p) implements Transform {
    /** Checks the probability. */
    public RandomHorizontalFlip {
        Checks.probability("RandomHorizontalFlip", p);
    }

    /** Creates one of probability 0.5. */
    public RandomHorizontalFlip() {
        this(0.5);
    }

    @Override
    public Tensor apply(Tensor image) {
        Checks.image("RandomHorizontalFlip", image);
        return Checks.happens(p) ? image.flip(-1) : image;
    }

    /** Returns such as {@code RandomHorizontalFlip(p=0.5)}. */
    @Override
    public String toString() {
        return "RandomHorizontalFlip(p=" + p + ")";
    }
}
