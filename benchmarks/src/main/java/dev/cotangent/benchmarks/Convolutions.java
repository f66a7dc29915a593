package dev.cotangent.benchmarks;

import dev.cotangent.ConvOptions;
import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** Convolutions of image and sequence networks: forward, and the gradients of input and weight. */
final class Convolutions {
    private static final double SCALE = 0.1;

    private Convolutions() {}

    /**
     * Sizes of a convolution, with padding that keeps the size at stride 1.
     *
     * @param images [batch, channels, sizes]
     * @param kernels [filters, channels per group, sizes]
     */
    private record Sizes(long[] images, long[] kernels, long stride, long groups) {
        private static String text(long[] sizes) {
            return Arrays.stream(sizes).mapToObj(Long::toString).collect(Collectors.joining("x"));
        }

        String name() {
            return "conv/" + text(images) + "/" + text(kernels) + "/s" + stride + "/g" + groups;
        }

        long padding() {
            return kernels[kernels.length - 1] / 2;
        }

        double outputs() {
            double n = (double) images[0] * kernels[0];
            for (int d = 2; d < images.length; d++) {
                n *= Math.floorDiv(images[d] + 2 * padding() - kernels[d], stride) + 1;
            }
            return n;
        }

        double flops() {
            return 2 * outputs() * product(kernels) / kernels[0];
        }

        double bytes() {
            return Float.BYTES * (product(images) + product(kernels) + outputs());
        }

        private static double product(long[] sizes) {
            return Arrays.stream(sizes).asDoubleStream().reduce(1, (a, b) -> a * b);
        }

        Tensor convolve(Tensor x, Tensor weight) {
            ConvOptions options =
                    Tensors.convOptions().stride(stride).padding(padding()).groups(groups);
            return images.length == 3 ? x.conv1d(weight, null, options) : x.conv2d(weight, null, options);
        }
    }

    static List<Case> cases() {
        List<Case> all = new ArrayList<>();
        for (Sizes s : List.of(
                new Sizes(new long[] {64, 3, 224, 224}, new long[] {64, 3, 7, 7}, 2, 1),
                new Sizes(new long[] {32, 64, 56, 56}, new long[] {64, 64, 3, 3}, 1, 1),
                new Sizes(new long[] {32, 256, 14, 14}, new long[] {256, 256, 1, 1}, 1, 1),
                new Sizes(new long[] {32, 256, 14, 14}, new long[] {256, 256, 3, 3}, 1, 1),
                new Sizes(new long[] {32, 96, 28, 28}, new long[] {96, 1, 3, 3}, 1, 96),
                new Sizes(new long[] {16, 128, 1024}, new long[] {128, 128, 5}, 1, 1))) {
            all.add(new Case(s.name() + "/forward", s.flops(), s.bytes(), device -> {
                Tensor x = Inputs.tensor(device, 1, s.images);
                Tensor weight = Inputs.scaled(device, 2, SCALE, s.kernels);
                return () -> s.convolve(x, weight);
            }));
            all.add(new Case(s.name() + "/backward", 2 * s.flops(), 2 * s.bytes(), device -> new Backward(s, device)));
        }
        return all;
    }

    /** Only the gradients, with a retained graph. */
    private static final class Backward implements Work {
        private final Tensor out;
        private final Tensor cotangent;
        private final List<Tensor> leaves;

        Backward(Sizes s, Device device) {
            Tensor x = Inputs.tensor(device, 1, s.images).requiresGrad_(true);
            Tensor weight = Inputs.scaled(device, 2, SCALE, s.kernels).requiresGrad_(true);
            leaves = List.of(x, weight);
            out = s.convolve(x, weight);
            cotangent = Inputs.tensor(device, 3, out.shape().toArray());
        }

        private List<Tensor> gradients() {
            return Autograd.grad(List.of(out), leaves).gradOutputs(cotangent).retainGraph().run().stream()
                    .map(Objects::requireNonNull)
                    .toList();
        }

        @Override
        public Tensor run() {
            List<Tensor> all = gradients();
            all.forEach(OurEngine::materialize);
            return all.getFirst();
        }

        @Override
        public List<Tensor> outcome() {
            return gradients();
        }
    }
}
