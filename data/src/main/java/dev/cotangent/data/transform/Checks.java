package dev.cotangent.data.transform;

import dev.cotangent.Dtype;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;

/** Checks of images and of numbers, and the draws of random transforms. */
final class Checks {
    private Checks() {}

    static void image(String transform, Tensor image) {
        Arguments.notNull(transform, "image", image);
        if (image.dim() < 3) {
            throw new TypeException(
                    transform + ": Tensor is not a torch image: an image has the shape [..., channels, height,"
                            + " width], got " + image.shape());
        }
    }

    /** Throws unless an image is uint8 or floating point. */
    static void valued(String transform, Tensor image) {
        image(transform, image);
        if (image.dtype() != Dtype.UINT8 && !image.dtype().isFloatingPoint()) {
            throw new TypeException(transform + ": an image is uint8 or floating point, got " + image.dtype());
        }
    }

    static void colour(String transform, Tensor image) {
        valued(transform, image);
        long channels = image.size(-3);
        if (channels != 1 && channels != 3) {
            throw new TypeException(
                    transform + ": Input image tensor permitted channel values are 1 or 3, but found " + channels);
        }
    }

    static double probability(String transform, double p) {
        if (p >= 0 && p <= 1) return p;
        throw new ValueException(transform + ": a probability is between 0 and 1, got " + p);
    }

    static int size(String transform, int size) {
        if (size > 0) return size;
        throw new ValueException(transform + ": a size is positive, got " + size);
    }

    static boolean happens(double p) {
        return Tensors.rand(1).itemDouble() < p;
    }

    static double uniform(double from, double to) {
        return Tensors.empty(1).uniform_(from, to).itemDouble();
    }

    static long below(long n) {
        return Tensors.randint(0, n, Shape.of(1)).itemLong();
    }
}
