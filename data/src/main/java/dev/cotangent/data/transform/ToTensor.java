package dev.cotangent.data.transform;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;

/** Makes a uint8 image float32 in [0, 1]; an image of floating point stays as it is. {@code torchvision.transforms.ToTensor}. */
public record ToTensor() implements Transform {
    private static final float MOST = 255;

    @Override
    public Tensor apply(Tensor image) {
        Checks.image("ToTensor", image);
        return image.dtype() == Dtype.UINT8 ? image.toFloat().div(MOST) : image;
    }

    /** Returns {@code ToTensor()}. */
    @Override
    public String toString() {
        return "ToTensor()";
    }
}
