package dev.cotangent.benchmarks;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.optim.AdamW;
import java.util.ArrayList;
import java.util.List;

/** A small GPT as in the Python script: learned positions, pre-norm blocks, attention from primitives, GELU. */
final class Gpt {
    static final int BATCH = 16;
    static final int CONTEXT = 64;
    static final int CHANNELS = 128;
    static final int HEADS = 4;
    static final int LAYERS = 4;
    static final int VOCABULARY = 65;
    private static final double EPS = 1e-5;
    private static final double RATE = 1e-3;
    private static final double SMALL = 0.1;
    private static final int FIRST_SEED = 10;
    private static final int PER_LAYER = 12;
    private static final int HIDDEN = 4 * CHANNELS;
    private static final double SCALE = 1 / Math.sqrt((double) CHANNELS / HEADS);

    private final Device device;
    private final List<Tensor> parameters = new ArrayList<>();
    private final Tensor tokens;
    private final Tensor targets;
    private final Tensor mask;

    private Gpt(Device device) {
        this.device = device;
        tokens = Inputs.labels(device, BATCH * CONTEXT, VOCABULARY).view(BATCH, CONTEXT);
        targets =
                Inputs.labels(device, BATCH * CONTEXT + 1, VOCABULARY).get("1:").clone();
        mask = Tensors.ones(CONTEXT, CONTEXT).triu(1).toBool().to(device);
        matrix(VOCABULARY, CHANNELS);
        matrix(CONTEXT, CHANNELS);
        for (int i = 0; i < LAYERS; i++) {
            norm();
            linear(CHANNELS, 3 * CHANNELS);
            linear(CHANNELS, CHANNELS);
            norm();
            linear(CHANNELS, HIDDEN);
            linear(HIDDEN, CHANNELS);
        }
        norm();
        matrix(VOCABULARY, CHANNELS);
    }

    private void add(Tensor values) {
        parameters.add(values.requiresGrad_(true));
    }

    private void matrix(int rows, int columns) {
        add(Inputs.scaled(device, FIRST_SEED + parameters.size(), 1 / Math.sqrt(columns), rows, columns));
    }

    private void linear(int from, int to) {
        matrix(to, from);
        add(Inputs.scaled(device, FIRST_SEED + parameters.size(), SMALL, to));
    }

    private void norm() {
        add(Inputs.scaled(device, FIRST_SEED + parameters.size(), SMALL, CHANNELS)
                .add(1));
        add(Inputs.scaled(device, FIRST_SEED + parameters.size(), SMALL, CHANNELS));
    }

    /** Returns a step of training with AdamW. */
    static Work training(Device device) {
        var gpt = new Gpt(device);
        return new Training(gpt.parameters, gpt::loss, all -> new AdamW(all, RATE));
    }

    /** Returns the forward pass. */
    static Work forward(Device device) {
        return Training.forward(new Gpt(device)::loss);
    }

    private Tensor loss() {
        Tensor x = tokens.embedding(parameters.get(0)).add(parameters.get(1));
        for (int i = 0; i < LAYERS; i++) {
            List<Tensor> p = parameters.subList(2 + i * PER_LAYER, 2 + (i + 1) * PER_LAYER);
            x = x.add(attention(norm(x, p.get(0), p.get(1)), p.get(2), p.get(3)).linear(p.get(4), p.get(5)));
            Tensor hidden = norm(x, p.get(6), p.get(7)).linear(p.get(8), p.get(9));
            x = x.add(hidden.gelu().linear(p.get(10), p.get(11)));
        }
        int last = 2 + LAYERS * PER_LAYER;
        x = norm(x, parameters.get(last), parameters.get(last + 1));
        return x.linear(parameters.get(last + 2), null).view(-1, VOCABULARY).crossEntropy(targets);
    }

    private static Tensor norm(Tensor x, Tensor weight, Tensor bias) {
        return x.layerNorm(new long[] {CHANNELS}, weight, bias, EPS);
    }

    private Tensor attention(Tensor x, Tensor weight, Tensor bias) {
        List<Tensor> qkv = x.linear(weight, bias).split(CHANNELS, 2);
        Tensor q = heads(qkv.get(0));
        Tensor k = heads(qkv.get(1));
        Tensor v = heads(qkv.get(2));
        Tensor scores = q.matmul(k.transpose(-2, -1)).mul(SCALE);
        Tensor weights = scores.maskedFill(mask, Double.NEGATIVE_INFINITY).softmax(-1);
        return weights.matmul(v).transpose(1, 2).contiguous().view(BATCH, CONTEXT, CHANNELS);
    }

    private static Tensor heads(Tensor x) {
        return x.view(BATCH, CONTEXT, HEADS, CHANNELS / HEADS).transpose(1, 2);
    }

    /** Returns the operations of the forward pass's matrix products. */
    static double flops() {
        double weights = LAYERS * (4.0 * CHANNELS * CHANNELS + 2.0 * CHANNELS * HIDDEN) + CHANNELS * VOCABULARY;
        return 2.0 * BATCH * CONTEXT * (weights + LAYERS * 2.0 * CONTEXT * CHANNELS);
    }

    /** Returns the bytes of the parameters. */
    static double bytes() {
        double layer = 4.0 * CHANNELS * CHANNELS + 2.0 * CHANNELS * HIDDEN + 13.0 * CHANNELS;
        return Float.BYTES * (LAYERS * layer + (2.0 * VOCABULARY + CONTEXT + 2) * CHANNELS);
    }
}
