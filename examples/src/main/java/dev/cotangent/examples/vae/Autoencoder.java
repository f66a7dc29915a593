package dev.cotangent.examples.vae;

import static dev.cotangent.Tensors.lossOptions;
import static dev.cotangent.Tensors.randn;

import dev.cotangent.Tensor;
import dev.cotangent.nn.Flatten;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;

/** A variational autoencoder (Kingma and Welling 2014) of images with values from 0 to 1. */
final class Autoencoder extends Module {
    private final int side;
    private final int latent;
    private final Sequential encoder;
    private final Sequential decoder;

    Autoencoder(int side, int hidden, int latent) {
        this.side = side;
        this.latent = latent;
        int pixels = side * side;
        encoder = registerModule(
                "encoder",
                new Sequential(new Flatten(), new Linear(pixels, hidden), new ReLU(), new Linear(hidden, 2 * latent)));
        decoder = registerModule(
                "decoder", new Sequential(new Linear(latent, hidden), new ReLU(), new Linear(hidden, pixels)));
    }

    /** Computes the images of codes {@code [batch, latent]}. */
    Tensor decode(Tensor codes) {
        return decoder.call(codes).sigmoid().view(-1, 1, side, side);
    }

    /** Computes the means of the codes of images. */
    Tensor encode(Tensor images) {
        return encoder.call(images).narrow(1, 0, latent);
    }

    /** Reconstructs images from the means of their codes. */
    @Override
    public Tensor forward(Tensor images) {
        return decode(encode(images));
    }

    /**
     * Computes the negative evidence lower bound of an image, averaged over a batch: the cross entropy of the pixels, for a
     * code drawn from its normal distribution, and the divergence of that distribution from the standard normal one.
     */
    Tensor loss(Tensor images) {
        Tensor moments = encoder.call(images);
        Tensor mean = moments.narrow(1, 0, latent);
        Tensor logVariance = moments.narrow(1, latent, latent);
        Tensor noise = randn(mean.shape().toArray()).to(mean.device());
        Tensor code = mean.add(logVariance.div(2).exp().mul(noise));
        Tensor pixels = decoder.call(code)
                .binaryCrossEntropyWithLogits(
                        images.flatten(1, -1), lossOptions().reduction("sum"));
        Tensor divergence = mean.square()
                .add(logVariance.exp())
                .sub(logVariance)
                .sub(1)
                .sum()
                .div(2);
        return pixels.add(divergence).div(images.size(0));
    }
}
