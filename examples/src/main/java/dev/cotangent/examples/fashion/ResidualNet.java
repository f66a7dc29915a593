package dev.cotangent.examples.fashion;

import dev.cotangent.Tensor;
import dev.cotangent.nn.AdaptiveAvgPool2d;
import dev.cotangent.nn.BatchNorm2d;
import dev.cotangent.nn.Conv2d;
import dev.cotangent.nn.Flatten;
import dev.cotangent.nn.Identity;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;

/** A small residual network (He and others 2016) for images of 28x28: three stages, each of half the size of the one before. */
final class ResidualNet extends Module {
    private final Sequential stem;
    private final Sequential stages;
    private final Sequential head;

    /**
     * Creates a network.
     *
     * @param width the channels of the first stage; the others have twice and four times as many
     */
    ResidualNet(int width, int classes) {
        stem = registerModule("stem", new Sequential(convolution(1, width, 3, 2), new BatchNorm2d(width), new ReLU()));
        stages = registerModule(
                "stages",
                new Sequential(
                        new Block(width, width, 1),
                        new Block(width, 2 * width, 2),
                        new Block(2 * width, 4 * width, 2)));
        head = registerModule(
                "head", new Sequential(new AdaptiveAvgPool2d(1), new Flatten(), new Linear(4 * width, classes)));
    }

    @Override
    public Tensor forward(Tensor images) {
        return head.call(stages.call(stem.call(images)));
    }

    private static Conv2d convolution(int in, int out, int kernel, int stride) {
        return new Conv2d(
                in,
                out,
                kernel,
                Conv2d.options().stride(stride).padding(kernel / 2).bias(false));
    }

    /** Two convolutions, whose result is added to the input, which a convolution brings to its shape where it differs. */
    private static final class Block extends Module {
        private final Sequential residual;
        private final Module shortcut;

        Block(int in, int out, int stride) {
            residual = registerModule(
                    "residual",
                    new Sequential(
                            convolution(in, out, 3, stride),
                            new BatchNorm2d(out),
                            new ReLU(),
                            convolution(out, out, 3, 1),
                            new BatchNorm2d(out)));
            shortcut = registerModule(
                    "shortcut",
                    stride == 1 && in == out
                            ? new Identity()
                            : new Sequential(convolution(in, out, 1, stride), new BatchNorm2d(out)));
        }

        @Override
        public Tensor forward(Tensor x) {
            return residual.call(x).add(shortcut.call(x)).relu();
        }
    }
}
