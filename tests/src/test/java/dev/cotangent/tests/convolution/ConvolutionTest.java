package dev.cotangent.tests.convolution;

import static dev.cotangent.Tensors.convOptions;
import static dev.cotangent.Tensors.convTransposeOptions;
import static dev.cotangent.Tensors.empty;
import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.Tensors.unfoldOptions;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.ConvOptions;
import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.MemoryFormat;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.GradCheck;
import dev.cotangent.internal.Internals;
import dev.cotangent.nn.Conv2d;
import dev.cotangent.nn.ConvTranspose2d;
import dev.cotangent.nn.Flatten;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.Optimizer;
import dev.cotangent.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Convolutions as users call them. Values are those of PyTorch 2.13. */
class ConvolutionTest {
    private static Tensor waves(double step, double phase, double scale, long... sizes) {
        long n = 1;
        for (long s : sizes) n *= s;
        double[] values = new double[(int) n];
        for (int i = 0; i < n; i++) values[i] = scale * Math.sin(step * i + phase);
        return tensor(values).reshape(sizes);
    }

    private static void raises(String message, Executable call) {
        CotangentException e = assertThrows(CotangentException.class, call);
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    /**
     * Compares with literals made with torch.optim.SGD(lr=0.05, momentum=0.9), float64, of parameter k filled with 0.3
     * sin(0.7 i + k).
     */
    @Test
    void aNetLearnsAsInPyTorch() {
        Module net = new Sequential(
                new Conv2d(1, 4, 3, Conv2d.options().padding(1)),
                new ReLU(),
                new Conv2d(4, 4, 3, Conv2d.options().padding(1).groups(4).paddingMode("circular")),
                new Conv2d(4, 6, 3, Conv2d.options().stride(2)),
                new ReLU(),
                new ConvTranspose2d(6, 3, 2, ConvTranspose2d.options().stride(2)),
                new ReLU(),
                new Flatten(),
                new Linear(108, 3));
        net.to(Dtype.FLOAT64);
        List<Tensor> parameters = net.parameters();
        for (int k = 0; k < parameters.size(); k++) {
            Tensor p = parameters.get(k);
            p.data().copy_(waves(0.7, k, 0.3, p.shape().toArray()));
        }
        Tensor images = waves(0.37, 0, 1, 6, 1, 8, 8);
        Tensor labels = tensor(new long[] {0, 1, 2, 0, 1, 2});
        Optimizer optimizer = new SGD(parameters, SGD.options().lr(0.05).momentum(0.9));
        List<Double> losses = new ArrayList<>();
        for (int step = 0; step < 12; step++) {
            optimizer.zeroGrad();
            Tensor loss = net.call(images).crossEntropy(labels);
            loss.backward();
            optimizer.step();
            losses.add(loss.itemDouble());
        }
        double[] expected = {
            1.1094875433147433,
            1.0977625652385674,
            1.0790062778917542,
            1.0580503653922875,
            1.0354685383905526,
            1.010907506855313,
            0.975707718642199,
            0.9203649908353478,
            0.8483847481770365,
            0.7754704560523771,
            0.7110052229815339,
            0.647432269237049
        };
        assertArrayEquals(expected, losses.stream().mapToDouble(d -> d).toArray(), 1e-8, "losses");
    }

    @Test
    void paddingToTheSameSizePutsAnOddZeroAtTheEnd() {
        Tensor x = waves(0.1, 0, 1, 2, 2, 4, 5);
        Tensor w = waves(1.0 / 7, Math.PI / 2, 1, 3, 2, 2, 3);
        Tensor y = x.conv2d(w, null, convOptions().padding("same"));
        assertEquals(List.of(2L, 3L, 4L, 5L), list(y));
        double[] expected = {
            1.859696671146986, 3.3254370852131645, 3.6941719769417505, 4.0259959234076375, 2.9735458461993862,
            2.954705756269023, 4.768886096032027, 4.924072049676, 5.030058303081423, 3.4659728616798353,
            3.326299823290613, 5.0447454698251635, 4.948387551633133, 4.802586980744638, 3.109808840591606,
            1.5732117213378538, 2.249751694954985, 2.0856403857417387, 1.9006900472152108, 1.1383841481209251
        };
        assertArrayEquals(expected, y.get(0, 0).toDoubleArray(), 1e-12);
    }

    private static List<Long> list(Tensor t) {
        List<Long> sizes = new ArrayList<>();
        for (long s : t.shape().toArray()) sizes.add(s);
        return sizes;
    }

    @Test
    void gradientsOfEveryOrderAreThoseOfDifferences() {
        Tensor x = waves(0.9, 0.1, 1, 2, 4, 6, 5).requiresGrad_(true);
        Tensor w = waves(1.3, 0.4, 1, 4, 2, 3, 2).requiresGrad_(true);
        Tensor b = waves(0.7, 0.2, 1, 4).requiresGrad_(true);
        ConvOptions options =
                convOptions().stride(2, 1).padding(1).dilation(1, 2).groups(2);
        new GradCheck().check(in -> List.of(in.get(0).conv2d(in.get(1), in.get(2), options)), x, w, b);
        new GradCheck().checkSecond(in -> List.of(in.get(0).conv2d(in.get(1), in.get(2), options)), x, w, b);
        var transposed =
                convTransposeOptions().stride(2).padding(1).outputPadding(1).groups(2);
        new GradCheck().checkSecond(in -> List.of(in.get(0).convTranspose2d(in.get(1), null, transposed)), x, w);
        var blocks = unfoldOptions().stride(2).padding(1);
        long[] kernel = {2, 3};
        new GradCheck()
                .checkSecond(in -> List.of(in.get(0).unfold(kernel, blocks).square()), x);
    }

    @Test
    void nodesHavePyTorchsNames() {
        Tensor x = ones(1, 2, 5, 5).requiresGrad_(true);
        Tensor w = ones(3, 2, 3, 3).requiresGrad_(true);
        Tensor y = x.conv2d(w);
        assertEquals("ConvolutionBackward0", Objects.requireNonNull(y.gradFn()).name());
        Tensor g = Objects.requireNonNull(
                Autograd.grad(List.of(y.sum()), List.of(x)).createGraph().run().getFirst());
        assertEquals(
                "ConvolutionBackwardBackward0",
                Objects.requireNonNull(g.gradFn()).name());
        assertEquals(
                "SqueezeBackward1",
                Objects.requireNonNull(x.get(0).conv2d(w).gradFn()).name());
        Tensor columns = x.unfold(new long[] {2, 2});
        assertEquals("Im2ColBackward0", Objects.requireNonNull(columns.gradFn()).name());
        Tensor image = columns.fold(new long[] {5, 5}, new long[] {2, 2});
        assertEquals("Col2ImBackward0", Objects.requireNonNull(image.gradFn()).name());
    }

    @Test
    void channelsLastIsKept() {
        Tensor x = waves(0.9, 0.1, 1, 2, 4, 6, 5);
        Tensor w = waves(1.3, 0.4, 1, 3, 4, 3, 2);
        Tensor last = x.contiguous(MemoryFormat.CHANNELS_LAST).requiresGrad_(true);
        Tensor y = last.conv2d(w);
        assertArrayEquals(new long[] {48, 1, 12, 3}, Internals.layout(y).strides());
        assertArrayEquals(x.conv2d(w).toDoubleArray(), y.contiguous().toDoubleArray());
        y.square().sum().backward();
        assertArrayEquals(
                Internals.layout(last).strides(),
                Internals.layout(Objects.requireNonNull(last.grad())).strides());
        assertArrayEquals(
                new long[] {48, 1, 12, 3},
                Internals.layout(x.conv2d(w.contiguous(MemoryFormat.CHANNELS_LAST)))
                        .strides());
    }

    @Test
    void emptyBatches() {
        assertEquals(List.of(0L, 2L, 2L, 2L), list(ones(0, 1, 3, 3).conv2d(ones(2, 1, 2, 2))));
        assertEquals(List.of(1L, 0L, 2L, 2L), list(ones(1, 0, 3, 3).conv2d(ones(2, 0, 2, 2))));
        assertEquals(List.of(0L, 1L, 4L, 4L), list(ones(0, 1, 3, 3).convTranspose2d(ones(1, 1, 2, 2))));
        Tensor w = ones(2, 1, 2, 2).requiresGrad_(true);
        ones(0, 1, 3, 3).conv2d(w).sum().backward();
        assertEquals(0, Objects.requireNonNull(w.grad()).abs().sum().itemDouble());
        assertEquals(List.of(0L, 12L, 4L), list(ones(0, 3, 3, 3).unfold(new long[] {2, 2})));
        assertEquals(List.of(0L, 1L, 3L, 3L), list(ones(0, 4, 4).fold(new long[] {3, 3}, new long[] {2, 2})));
    }

    /** Checks that infinity in the last column, which only the last tap reads, is in no other result. */
    @Test
    void infinityReachesOnlyWhatSeesIt() {
        Tensor x = ones(1, 2, 3, 4);
        x.at(0, 0, 1, 3).set(Float.POSITIVE_INFINITY);
        Tensor w = ones(2, 1, 1, 2).requiresGrad_(true);
        x.conv2d(w, null, convOptions().groups(2)).sum().backward();
        double inf = Double.POSITIVE_INFINITY;
        assertArrayEquals(
                new double[] {9, inf, 9, 9}, Objects.requireNonNull(w.grad()).toDoubleArray());
    }

    @Test
    void messagesArePyTorchs() {
        Tensor x = ones(1, 3, 3, 3);
        Tensor one = ones(1, 1, 3, 3);
        raises(
                "Expected 3D (unbatched) or 4D (batched) input to conv2d, but got input of size: [3, 3]",
                () -> ones(3, 3).conv2d(ones(1, 1, 2, 2)));
        raises(
                "weight should have at least three dimensions",
                () -> ones(1, 1, 3).conv1d(ones(1, 2)));
        raises(
                "Expected 4-dimensional input for 4-dimensional weight [1, 1, 2, 2], but got 3-dimensional input of"
                        + " size [1, 1, 3] instead",
                () -> ones(1, 1, 3).conv1d(ones(1, 1, 2, 2)));
        raises(
                "expected stride to be a single integer value or a list of 2 values to match the convolution"
                        + " dimensions, but got stride=[1, 2, 3]",
                () -> one.conv2d(ones(1, 1, 2, 2), null, convOptions().stride(1, 2, 3)));
        raises(
                "non-positive stride is not",
                () -> one.conv2d(one, null, convOptions().stride(0)));
        raises(
                "negative padding is not",
                () -> one.conv2d(one, null, convOptions().padding(-1)));
        raises(
                "dilation should be greater",
                () -> one.conv2d(one, null, convOptions().dilation(0)));
        raises("non-positive groups", () -> one.conv2d(one, null, convOptions().groups(0)));
        raises(
                "Given groups=3, expected weight to be divisible by 3 at dimension 0, but got weight of size"
                        + " [[4, 1, 2, 2]] instead",
                () -> x.conv2d(ones(4, 1, 2, 2), null, convOptions().groups(3)));
        raises(
                "Given groups=1, weight of size [2, 1, 2, 2], expected input[1, 3, 3, 3] to have 1 channels, but got 3"
                        + " channels instead",
                () -> x.conv2d(ones(2, 1, 2, 2)));
        raises(
                "Given weight of size [2, 1, 2, 2], expected bias to be 1-dimensional with 2 elements, but got bias of"
                        + " size [3] instead",
                () -> one.conv2d(ones(2, 1, 2, 2), ones(3)));
        raises(
                "Calculated padded input size per channel: (3 x 5). Kernel size: (7 x 7). Kernel size can't be greater"
                        + " than actual input size",
                () -> one.conv2d(
                        ones(2, 1, 4, 4), null, convOptions().padding(0, 1).dilation(2)));
        raises(
                "Input type (float) and bias type (double) should be the same",
                () -> one.conv2d(one, ones(1).to(Dtype.FLOAT64)));
        raises("expected scalar type Float but found Double", () -> one.conv2d(one.to(Dtype.FLOAT64)));
        raises(
                "padding='same' is not supported for strided convolutions",
                () -> one.conv2d(one, null, convOptions().stride(2).padding("same")));
        raises("Invalid padding string: 'foo'", () -> convOptions().padding("foo"));
        raises(
                "Given transposed=1, weight of size [2, 1, 2, 2], expected input[1, 3, 3, 3] to have 2 channels, but"
                        + " got 3 channels instead",
                () -> x.convTranspose2d(ones(2, 1, 2, 2)));
        raises(
                "output padding must be smaller than either stride or dilation, but got output_padding_height: 0"
                        + " output_padding_width: 1 stride_height: 1 stride_width: 1 dilation_height: 1"
                        + " dilation_width: 1",
                () -> ones(1, 3, 3)
                        .convTranspose1d(
                                ones(3, 2, 2), null, convTransposeOptions().outputPadding(1)));
        raises(
                "Given input size per channel: (1 x 1). Calculated output size per channel: (0 x 0). Output size is too"
                        + " small",
                () -> ones(1, 3, 1, 1)
                        .convTranspose2d(
                                ones(3, 2, 2, 2), null, convTransposeOptions().padding(1)));
        raises(
                "Only zero batch or zero channel inputs are supported, but got input shape: [1, 1, 0, 3]",
                () -> empty(1, 1, 0, 3)
                        .conv2d(ones(2, 1, 2, 2), null, convOptions().padding(1)));
        raises(
                "\"slow_conv2d_cpu\" not implemented for 'Bool'",
                () -> one.to(Dtype.BOOL).conv2d(one.to(Dtype.BOOL)));
    }

    @Test
    void messagesOfBlocksArePyTorchs() {
        Tensor x = ones(1, 3, 3, 3);
        raises(
                "Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for"
                        + " input, but got: [1, 3, 0, 3]",
                () -> empty(1, 3, 0, 3).unfold(new long[] {2, 2}));
        raises(
                "kernel size should be greater than zero, but got kernel_height: 0 kernel_width: 0",
                () -> x.unfold(new long[2]));
        raises("It is expected kernel_size equals to 2, but got size 3", () -> x.unfold(new long[] {2, 2, 2}));
        raises(
                "Given input with spatial size (3, 3), kernel_size=(4, 4), dilation=(1, 1), padding=(0, 0), calculated"
                        + " shape of the array of sliding blocks as (0, 0), but its components must be at least one.",
                () -> x.unfold(new long[] {4, 4}));
        raises(
                "Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got"
                        + " input.size(1)=5 and kernel_size=(2, 2).",
                () -> ones(1, 5, 4).fold(new long[] {3, 3}, new long[] {2, 2}));
        raises(
                "Given output_size=(3, 3), kernel_size=(2, 2), dilation=(1, 1), padding=(0, 0), stride=(1, 1), expected"
                        + " size of input's dimension 2 to match the calculated number of sliding blocks 2 * 2 = 4, but"
                        + " got input.size(2)=5.",
                () -> ones(1, 4, 5).fold(new long[] {3, 3}, new long[] {2, 2}));
    }

    @Test
    void transposedModulesTakeAnOutputSize() {
        var module =
                new ConvTranspose2d(1, 1, 3, ConvTranspose2d.options().stride(2).padding(1));
        Tensor x = zeros(1, 1, 5, 5);
        assertEquals(List.of(1L, 1L, 9L, 9L), list(module.call(x)));
        assertEquals(List.of(1L, 1L, 10L, 10L), list(module.run(x, 10, 10)));
        ValueException e = assertThrows(ValueException.class, () -> module.run(x, 12, 12));
        assertEquals(
                "requested an output size of (12, 12), but valid sizes range from [9, 9] to [10, 10] (for an input of"
                        + " torch.Size([5, 5]))",
                e.getMessage());
        assertThrows(
                ValueException.class, () -> new Conv2d(3, 4, 3, Conv2d.options().groups(2)));
    }
}
