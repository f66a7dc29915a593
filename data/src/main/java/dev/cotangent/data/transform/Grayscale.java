package dev.cotangent.data.transform;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;

/**
 * Makes an image gray: 0.2989 red, 0.587 green, 0.114 blue; {@code torchvision.transforms.Grayscale}.
 *
 * @param channels of the result, 1 or 3 equal ones; torchvision's {@code num_output_channels}
 */
public record Grayscale(int channels) implements Transform {
    /** Checks the number of channels. */
    public Grayscale {
        if (channels != 1 && channels != 3) {
            throw new ValueException("num_output_channels should be either 1 or 3, got " + channels);
        }
    }

    /** Creates one of one channel. */
    public Grayscale() {
        this(1);
    }

    @Override
    public Tensor apply(Tensor image) {
        Checks.colour("Grayscale", image);
        Tensor gray = gray(image);
        if (channels == 1) return gray;
        long[] sizes = gray.shape().toArray();
        sizes[sizes.length - 3] = channels;
        return gray.expand(sizes);
    }

    static Tensor gray(Tensor image) {
        if (image.size(-3) == 1) return image;
        Tensor values = image.dtype() == Dtype.FLOAT64 ? image : image.toFloat();
        Tensor gray = values.narrow(-3, 0, 1)
                .mul(0.2989)
                .add(values.narrow(-3, 1, 1).mul(0.587))
                .add(values.narrow(-3, 2, 1).mul(0.114));
        return gray.to(image.dtype());
    }

    /** Returns such as {@code Grayscale(num_output_channels=1)}. */
    @Override
    public String toString() {
        return "Grayscale(num_output_channels=" + channels + ")";
    }
}
