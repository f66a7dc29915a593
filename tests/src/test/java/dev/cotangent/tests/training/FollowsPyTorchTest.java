package dev.cotangent.tests.training;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.nn.AdaptiveAvgPool2d;
import dev.cotangent.nn.BatchNorm2d;
import dev.cotangent.nn.Conv2d;
import dev.cotangent.nn.Embedding;
import dev.cotangent.nn.Flatten;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.MaxPool2d;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.nn.Transformer;
import dev.cotangent.nn.TransformerEncoder;
import dev.cotangent.nn.TransformerEncoderLayer;
import dev.cotangent.nn.TransformerMasks;
import dev.cotangent.nn.TransformerOptions;
import dev.cotangent.nn.Utils;
import dev.cotangent.optim.AdamW;
import dev.cotangent.optim.CosineAnnealingLR;
import dev.cotangent.optim.SGD;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Whole trainings beside PyTorch 2.13 on a CPU: the same seed, the same losses, and parameters in the end. Of each parameter two
 * numbers were recorded: the sum of its absolute values, and its sum with weights from -1 to 1.
 */
class FollowsPyTorchTest {
    private static final double TOLERANCE = 2e-4;

    private static void check(List<Double> losses, double[] expected, Module model, Map<String, double[]> sums) {
        assertEquals(expected.length, losses.size());
        for (int i = 0; i < expected.length; i++) {
            int step = i;
            assertEquals(expected[i], losses.get(i), 2e-5 * expected[i], () -> "loss of step " + step);
        }
        Map<String, Tensor> state = model.stateDict();
        assertEquals(sums.keySet(), state.keySet());
        state.forEach((name, value) -> {
            // A softmax does not depend on the bias of the keys: its gradient is rounding, which Adam turns into whole
            // steps.
            if (name.endsWith("in_proj_bias")) return;
            double[] v = value.detach().flatten().toDouble().toDoubleArray();
            double absolute = 0;
            double weighted = 0;
            for (int i = 0; i < v.length; i++) {
                absolute += Math.abs(v[i]);
                weighted += v[i] * (v.length == 1 ? 1 : -1 + 2.0 * i / (v.length - 1));
            }
            double[] e = sums.get(name);
            assertEquals(e[0], absolute, TOLERANCE * Math.max(1, e[0]), name);
            assertEquals(e[1], weighted, TOLERANCE * Math.max(1, e[0]), name);
        });
    }

    @Test
    void aConvolutionalNetWithBatchNorm() {
        try (var _ = Generator.pytorch(0).use()) {
            Module model = new Sequential(
                    new Conv2d(1, 4, 3, Conv2d.options().padding(1).bias(false)),
                    new BatchNorm2d(4),
                    new ReLU(),
                    new MaxPool2d(2),
                    new Conv2d(4, 8, 3, Conv2d.options().padding(1)),
                    new BatchNorm2d(8),
                    new ReLU(),
                    new AdaptiveAvgPool2d(1),
                    new Flatten(),
                    new Linear(8, 3));
            Tensor x = randn(24, 1, 8, 8);
            Tensor y = arange(24).remainder(3);
            var optimizer = new SGD(
                    model.parameters(),
                    SGD.options().lr(0.1).momentum(0.9).weightDecay(1e-3).nesterov(true));
            var scheduler = new CosineAnnealingLR(optimizer, 9);
            List<Double> losses = new ArrayList<>();
            for (int step = 0; step < 9; step++) {
                int first = step % 3 * 8;
                optimizer.zeroGrad();
                Tensor loss = model.call(x.narrow(0, first, 8)).crossEntropy(y.narrow(0, first, 8));
                loss.backward();
                optimizer.step();
                scheduler.step();
                losses.add(loss.itemDouble());
            }
            check(
                    losses,
                    new double[] {
                        1.037079, 1.174312, 1.131916, 0.9898697, 1.110292, 1.076146, 0.9646237, 1.08445, 1.056124
                    },
                    model,
                    Map.ofEntries(
                            Map.entry("0.weight", new double[] {5.9606921, -0.49065474}),
                            Map.entry("1.weight", new double[] {3.9927335, -0.0011161168}),
                            Map.entry("1.bias", new double[] {0.026291254, -0.0099626056}),
                            Map.entry("1.running_mean", new double[] {0.037967423, -0.0028038435}),
                            Map.entry("1.running_var", new double[] {2.2132143, 0.11268183}),
                            Map.entry("1.num_batches_tracked", new double[] {9, 9}),
                            Map.entry("4.weight", new double[] {23.23836, -0.62636171}),
                            Map.entry("4.bias", new double[] {0.82476369, -0.53250928}),
                            Map.entry("5.weight", new double[] {7.9910552, -0.019607161}),
                            Map.entry("5.bias", new double[] {0.11541523, 0.0012072628}),
                            Map.entry("5.running_mean", new double[] {1.6076195, -0.68863239}),
                            Map.entry("5.running_var", new double[] {4.1142737, -0.26388379}),
                            Map.entry("5.num_batches_tracked", new double[] {9, 9}),
                            Map.entry("9.weight", new double[] {5.0226179, -0.11281851}),
                            Map.entry("9.bias", new double[] {0.41376268, 0.11090387})));
            model.eval();
            Tensor loss = Autograd.noGrad(() -> model.call(x).crossEntropy(y));
            assertEquals(1.073915, loss.itemDouble(), 1e-5);
        }
    }

    private static final class Predictor extends Module {
        final Embedding tokens = registerModule("tokens", new Embedding(11, 16));
        final TransformerEncoder encoder;
        final Linear head;

        Predictor(Generator generator) {
            // PyTorch draws one layer and copies it.
            Generator.State first = generator.state();
            encoder = registerModule(
                    "encoder",
                    new TransformerEncoder(
                            () -> {
                                generator.setState(first);
                                return new TransformerEncoderLayer(
                                        16,
                                        2,
                                        TransformerEncoderLayer.options()
                                                .dimFeedforward(32)
                                                .dropout(0)
                                                .activation(TransformerOptions.Activation.GELU)
                                                .batchFirst(true)
                                                .normFirst(true));
                            },
                            2));
            head = registerModule("head", new Linear(16, 11));
        }

        @Override
        public Tensor forward(Tensor t) {
            Tensor mask = Transformer.generateSquareSubsequentMask((int) t.size(1));
            return head.call(encoder.run(tokens.call(t), TransformerMasks.none().srcMask(mask)));
        }
    }

    @Test
    void aTransformerWithAdamW() {
        Generator generator = Generator.pytorch(1);
        try (var _ = generator.use()) {
            Predictor model = new Predictor(generator);
            var optimizer = new AdamW(
                    model.parameters(),
                    AdamW.options().lr(1e-2).weightDecay(0.1).betas(0.9, 0.95));
            Tensor t =
                    arange(4 * 13).square().mul(7).div(3, "floor").remainder(11).view(4, 13);
            List<Double> losses = new ArrayList<>();
            for (int step = 0; step < 8; step++) {
                optimizer.zeroGrad();
                Tensor loss = model.call(t.narrow(1, 0, 12))
                        .flatten(0, 1)
                        .crossEntropy(t.narrow(1, 1, 12).flatten());
                loss.backward();
                Utils.clipGradNorm_(model.parameters(), 1);
                optimizer.step();
                losses.add(loss.itemDouble());
            }
            check(
                    losses,
                    new double[] {2.613322, 2.289715, 2.046997, 1.85496, 1.707914, 1.584758, 1.464518, 1.356766},
                    model,
                    Map.ofEntries(
                            Map.entry("tokens.weight", new double[] {144.33666, 13.887278}),
                            Map.entry("encoder.layers.0.self_attn.in_proj_weight", new double[] {126.10733, 1.9620465}),
                            Map.entry("encoder.layers.0.self_attn.in_proj_bias", new double[] {1.2862359, 0.32835624}),
                            Map.entry("encoder.layers.0.self_attn.out_proj.weight", new double[] {34.260146, -0.25102481
                            }),
                            Map.entry(
                                    "encoder.layers.0.self_attn.out_proj.bias",
                                    new double[] {0.68851241, -0.0011669077}),
                            Map.entry("encoder.layers.0.linear1.weight", new double[] {65.042014, 0.72581116}),
                            Map.entry("encoder.layers.0.linear1.bias", new double[] {4.1064554, 0.16433721}),
                            Map.entry("encoder.layers.0.linear2.weight", new double[] {51.544586, -0.6923583}),
                            Map.entry("encoder.layers.0.linear2.bias", new double[] {1.6918171, -0.41115691}),
                            Map.entry("encoder.layers.0.norm1.weight", new double[] {16.505958, 0.044168266}),
                            Map.entry("encoder.layers.0.norm1.bias", new double[] {0.67889918, 0.0076717088}),
                            Map.entry("encoder.layers.0.norm2.weight", new double[] {16.214668, -0.16466817}),
                            Map.entry("encoder.layers.0.norm2.bias", new double[] {0.65547426, -0.0056085417}),
                            Map.entry("encoder.layers.1.self_attn.in_proj_weight", new double[] {126.08441, 1.863646}),
                            Map.entry("encoder.layers.1.self_attn.in_proj_bias", new double[] {1.5283565, 0.19564661}),
                            Map.entry("encoder.layers.1.self_attn.out_proj.weight", new double[] {35.487566, -0.43416395
                            }),
                            Map.entry("encoder.layers.1.self_attn.out_proj.bias", new double[] {0.84817975, 0.0049193438
                            }),
                            Map.entry("encoder.layers.1.linear1.weight", new double[] {65.603919, 1.0771486}),
                            Map.entry("encoder.layers.1.linear1.bias", new double[] {4.0056702, 0.15969672}),
                            Map.entry("encoder.layers.1.linear2.weight", new double[] {51.326591, -0.62664003}),
                            Map.entry("encoder.layers.1.linear2.bias", new double[] {1.621593, -0.31710355}),
                            Map.entry("encoder.layers.1.norm1.weight", new double[] {16.618286, 0.073557059}),
                            Map.entry("encoder.layers.1.norm1.bias", new double[] {0.7242931, 0.039543873}),
                            Map.entry("encoder.layers.1.norm2.weight", new double[] {16.245075, -0.14308126}),
                            Map.entry("encoder.layers.1.norm2.bias", new double[] {0.70046145, -0.091390458}),
                            Map.entry("head.weight", new double[] {21.909763, -0.92007187}),
                            Map.entry("head.bias", new double[] {1.0148553, -0.26265244})));
        }
    }
}
