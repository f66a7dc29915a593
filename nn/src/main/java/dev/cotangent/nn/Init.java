package dev.cotangent.nn;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.Warnings;
import dev.cotangent.autograd.Autograd;
import java.util.Arrays;
import java.util.function.Consumer;

/** First values of parameters, written in place without being recorded; PyTorch's {@code torch.nn.init}. */
public final class Init {
    private static final double TRUNCATION = 2;
    private static final double LIKELY = 0.3;
    private static final double LEAKY_SLOPE = 0.01;

    private Init() {}

    /** The connections that are counted. */
    public enum FanMode {
        /** Those of an output: activations keep their size. */
        FAN_IN,
        /** Those of an input: gradients keep their size. */
        FAN_OUT
    }

    /** The nonlinearity after a layer. */
    public enum Nonlinearity {
        /** Nothing. */
        LINEAR,
        /** The logistic function. */
        SIGMOID,
        /** The hyperbolic tangent. */
        TANH,
        /** {@link ReLU}. */
        RELU,
        /** {@link LeakyReLU}. */
        LEAKY_RELU,
        /** {@link SELU}. */
        SELU
    }

    /**
     * Options of He's initialisation, immutable: each method returns a copy.
     *
     * @param a the slope of a leaky ReLU
     * @param mode which connections count
     * @param nonlinearity what follows
     */
    public record Kaiming(double a, FanMode mode, Nonlinearity nonlinearity) {
        /** Returns a copy with {@code a}. */
        public Kaiming a(double value) {
            return new Kaiming(value, mode, nonlinearity);
        }

        /** Returns a copy with {@code mode}. */
        public Kaiming mode(FanMode value) {
            return new Kaiming(a, value, nonlinearity);
        }

        /** Returns a copy with {@code nonlinearity}. */
        public Kaiming nonlinearity(Nonlinearity value) {
            return new Kaiming(a, mode, value);
        }
    }

    /** Returns the options with PyTorch's defaults. */
    public static Kaiming kaiming() {
        return new Kaiming(0, FanMode.FAN_IN, Nonlinearity.LEAKY_RELU);
    }

    private static Tensor write(Tensor tensor, Consumer<Tensor> values) {
        try (var _ = Autograd.noGrad()) {
            values.accept(tensor);
        }
        return tensor;
    }

    /** Draws evenly from [a, b); {@code uniform_}. */
    public static Tensor uniform_(Tensor tensor, double a, double b) {
        return write(tensor, t -> t.uniform_(a, b));
    }

    /** Draws normal numbers; {@code normal_}. */
    public static Tensor normal_(Tensor tensor, double mean, double std) {
        return write(tensor, t -> t.normal_(mean, std));
    }

    /** Writes one value; {@code constant_}. */
    public static Tensor constant_(Tensor tensor, double value) {
        return write(tensor, t -> t.fill_(value));
    }

    /** Writes ones; {@code ones_}. */
    public static Tensor ones_(Tensor tensor) {
        return constant_(tensor, 1);
    }

    /** Writes zeros; {@code zeros_}. */
    public static Tensor zeros_(Tensor tensor) {
        return constant_(tensor, 0);
    }

    /** Writes the identity into a matrix; {@code eye_}. */
    public static Tensor eye_(Tensor tensor) {
        checkMatrix(tensor);
        return write(tensor, t -> t.zero_().diagonal().fill_(1));
    }

    private static void checkMatrix(Tensor tensor) {
        if (tensor.dim() != 2) throw new ValueException("Only tensors with 2 dimensions are supported");
    }

    /** Lets a convolution give back its input, in each of the groups; {@code dirac_}. */
    public static Tensor dirac_(Tensor tensor, int groups) {
        if (tensor.dim() < 3 || tensor.dim() > 5) {
            throw new ValueException("Only tensors with 3, 4, or 5 dimensions are supported");
        }
        if (groups <= 0 || tensor.size(0) % groups != 0) throw new ValueException("dim 0 must be divisible by groups");
        return write(tensor, t -> {
            t.zero_();
            long outputs = t.size(0) / groups;
            Tensor middle = t;
            for (int d = t.dim() - 1; d >= 2; d--) middle = middle.select(d, middle.size(d) / 2);
            for (int g = 0; g < groups; g++) {
                for (long c = 0; c < Math.min(outputs, t.size(1)); c++) {
                    middle.select(0, g * outputs + c).select(0, c).fill_(1);
                }
            }
        });
    }

    /** Returns by what a nonlinearity changes the size of activations; {@code calculate_gain}. */
    public static double calculateGain(Nonlinearity nonlinearity) {
        return calculateGain(nonlinearity, LEAKY_SLOPE);
    }

    /** Works as {@link #calculateGain(Nonlinearity)}, with the slope of a leaky ReLU. */
    public static double calculateGain(Nonlinearity nonlinearity, double slope) {
        return switch (nonlinearity) {
            case LINEAR, SIGMOID -> 1;
            case TANH -> 5.0 / 3;
            case RELU -> Math.sqrt(2);
            case LEAKY_RELU -> Math.sqrt(2 / (1 + slope * slope));
            case SELU -> 3.0 / 4;
        };
    }

    private static long fan(Tensor tensor, int dim) {
        if (tensor.dim() < 2) {
            throw new ValueException("Fan in and fan out can not be computed for tensor with fewer than 2 dimensions");
        }
        long field = 1;
        for (int d = 2; d < tensor.dim(); d++) field *= tensor.size(d);
        return tensor.size(dim) * field;
    }

    /** Draws evenly, for a linear or symmetric nonlinearity (Glorot and Bengio 2010); {@code xavier_uniform_}. */
    public static Tensor xavierUniform_(Tensor tensor, double gain) {
        double bound = Math.sqrt(3) * xavierStd(tensor, gain);
        return uniform_(tensor, -bound, bound);
    }

    /** Works as {@link #xavierUniform_(Tensor, double)} with a gain of 1. */
    public static Tensor xavierUniform_(Tensor tensor) {
        return xavierUniform_(tensor, 1);
    }

    /** Draws normal numbers, for a linear or symmetric nonlinearity (Glorot and Bengio 2010); {@code xavier_normal_}. */
    public static Tensor xavierNormal_(Tensor tensor, double gain) {
        return normal_(tensor, 0, xavierStd(tensor, gain));
    }

    /** Works as {@link #xavierNormal_(Tensor, double)} with a gain of 1. */
    public static Tensor xavierNormal_(Tensor tensor) {
        return xavierNormal_(tensor, 1);
    }

    private static double xavierStd(Tensor tensor, double gain) {
        return gain * Math.sqrt(2.0 / (fan(tensor, 1) + fan(tensor, 0)));
    }

    /** Works as {@link #kaimingUniform_(Tensor, Kaiming)} with PyTorch's defaults. */
    public static Tensor kaimingUniform_(Tensor tensor) {
        return kaimingUniform_(tensor, kaiming());
    }

    /** Draws evenly, for rectifiers (He and others 2015); {@code kaiming_uniform_}. */
    public static Tensor kaimingUniform_(Tensor tensor, Kaiming options) {
        if (isEmpty(tensor)) return tensor;
        double bound = Math.sqrt(3) * kaimingStd(tensor, options);
        return uniform_(tensor, -bound, bound);
    }

    /** Works as {@link #kaimingNormal_(Tensor, Kaiming)} with PyTorch's defaults. */
    public static Tensor kaimingNormal_(Tensor tensor) {
        return kaimingNormal_(tensor, kaiming());
    }

    /** Draws normal numbers, for rectifiers (He and others 2015); {@code kaiming_normal_}. */
    public static Tensor kaimingNormal_(Tensor tensor, Kaiming options) {
        return isEmpty(tensor) ? tensor : normal_(tensor, 0, kaimingStd(tensor, options));
    }

    private static boolean isEmpty(Tensor tensor) {
        boolean empty = tensor.numel() == 0;
        if (empty) Warnings.warn("Initializing zero-element tensors is a no-op");
        return empty;
    }

    private static double kaimingStd(Tensor tensor, Kaiming options) {
        long fan = fan(tensor, options.mode == FanMode.FAN_IN ? 1 : 0);
        return calculateGain(options.nonlinearity, options.a) / Math.sqrt(fan);
    }

    /**
     * Works as {@link #truncNormal_(Tensor, double, double, double, double)} with mean 0 and deviation 1, from -2 to 2.
     */
    public static Tensor truncNormal_(Tensor tensor) {
        return truncNormal_(tensor, 0, 1, -TRUNCATION, TRUNCATION);
    }

    /** Draws normal numbers from a range; {@code trunc_normal_}. */
    public static Tensor truncNormal_(Tensor tensor, double mean, double std, double a, double b) {
        if (mean < a - 2 * std || mean > b + 2 * std) {
            Warnings.warn("mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may"
                    + " be incorrect.");
        }
        double share = below((b - mean) / std) - below((a - mean) / std);
        return write(tensor, t -> {
            if (share > LIKELY) redraw(t, mean, std, a, b);
            else reject(t, mean, std, a, b);
        });
    }

    private static double below(double x) {
        return (1 + Tensors.scalar(x / Math.sqrt(2)).to(Dtype.FLOAT64).erf().itemDouble()) / 2;
    }

    /** Draws normal numbers again where they are outside. */
    private static void redraw(Tensor t, double mean, double std, double a, double b) {
        Tensor low = Tensors.scalar(a).to(t.device(), t.dtype());
        Tensor high = Tensors.scalar(b).to(t.device(), t.dtype());
        t.normal_(mean, std);
        for (Tensor out = outside(t, low, high); out.any().itemBoolean(); out = outside(t, low, high)) {
            t.copy_(Tensors.where(out, t.emptyLike().normal_(mean, std), t));
        }
    }

    private static Tensor outside(Tensor t, Tensor low, Tensor high) {
        return t.lt(low).logicalOr(t.gt(high));
    }

    /** Draws evenly from the range and accepts by the density. */
    private static void reject(Tensor t, double mean, double std, double a, double b) {
        double mode = Math.max(a, Math.min(mean, b));
        double peak = -0.5 * Math.pow((mode - mean) / std, 2);
        t.uniform_(a, b);
        Tensor pending = rejected(t, mean, std, peak);
        while (pending.any().itemBoolean()) {
            Tensor candidates = t.emptyLike().uniform_(a, b);
            t.copy_(Tensors.where(pending, candidates, t));
            pending = pending.logicalAnd(rejected(candidates, mean, std, peak));
        }
    }

    private static Tensor rejected(Tensor candidates, double mean, double std, double peak) {
        Tensor density = candidates.sub(mean).div(std).square().mul(-0.5).sub(peak);
        return candidates.emptyLike().uniform_().log().gt(density);
    }

    /** Works as {@link #orthogonal_(Tensor, double)} with a gain of 1. */
    public static Tensor orthogonal_(Tensor tensor) {
        return orthogonal_(tensor, 1);
    }

    /**
     * Writes a matrix with orthonormal rows or columns, whichever are fewer, times a gain (Saxe and others 2014); other
     * dimensions count as columns. {@code orthogonal_}.
     */
    public static Tensor orthogonal_(Tensor tensor, double gain) {
        if (tensor.dim() < 2) throw new ValueException("Only tensors with 2 or more dimensions are supported");
        if (tensor.numel() == 0) return tensor;
        int rows = Math.toIntExact(tensor.size(0));
        int columns = Math.toIntExact(tensor.numel() / rows);
        return write(tensor, t -> {
            double[] drawn = t.newEmpty(rows, columns)
                    .normal_(0, 1)
                    .to(Dtype.FLOAT64)
                    .flatten()
                    .toDoubleArray();
            boolean wide = rows < columns;
            int n = Math.min(rows, columns);
            double[][] vectors = new double[n][Math.max(rows, columns)];
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < columns; j++) {
                    double v = drawn[i * columns + j];
                    if (wide) vectors[i][j] = v;
                    else vectors[j][i] = v;
                }
            }
            orthonormalize(vectors);
            Tensor q = Tensors.tensor(vectors).mul(gain);
            t.copy_((wide ? q : q.t()).reshape(t.shape().toArray()));
        });
    }

    /** Makes vectors orthonormal by Gram and Schmidt's method, each twice for the sake of rounding. */
    private static void orthonormalize(double[][] vectors) {
        for (int i = 0; i < vectors.length; i++) {
            double[] v = vectors[i];
            for (int twice = 0; twice < 2; twice++) {
                for (int j = 0; j < i; j++) {
                    double along = 0;
                    for (int k = 0; k < v.length; k++) along += v[k] * vectors[j][k];
                    for (int k = 0; k < v.length; k++) v[k] -= along * vectors[j][k];
                }
            }
            double length = Math.sqrt(Arrays.stream(v).map(x -> x * x).sum());
            for (int k = 0; k < v.length; k++) v[k] /= length;
        }
    }

    /** Draws normal numbers and sets a part of each column to 0; {@code sparse_}. */
    public static Tensor sparse_(Tensor tensor, double sparsity, double std) {
        checkMatrix(tensor);
        int rows = Math.toIntExact(tensor.size(0));
        int zeros = (int) Math.ceil(sparsity * rows);
        return write(tensor, t -> {
            t.normal_(0, std);
            for (int c = 0; c < t.size(1); c++) {
                Tensor rowsToClear = Tensors.randperm(rows).narrow(0, 0, zeros).to(t.device());
                t.select(1, c).indexFill_(0, rowsToClear, 0);
            }
        });
    }
}
