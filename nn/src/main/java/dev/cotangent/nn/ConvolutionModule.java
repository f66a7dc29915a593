package dev.cotangent.nn;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Holds the weights of a convolution; what {@link ConvModule} and {@link ConvTransposeModule} share. */
public abstract sealed class ConvolutionModule extends Module permits ConvModule, ConvTransposeModule {
    private static final double SLOPE = Math.sqrt(5);

    private final Tensor weight;
    private final @Nullable Tensor bias;

    /**
     * Draws weights evenly from ±1/√(fan in), as PyTorch does (its {@code kaiming_uniform_} with a = √5, and the same bound for
     * the bias).
     */
    ConvolutionModule(int inChannels, int outChannels, long[] kernel, long groups, boolean bias, boolean transposed) {
        if (groups <= 0) throw new ValueException("groups must be a positive integer");
        checkDivisible("in_channels", inChannels, groups);
        checkDivisible("out_channels", outChannels, groups);
        long[] sizes = new long[kernel.length + 2];
        sizes[0] = transposed ? inChannels : outChannels;
        sizes[1] = (transposed ? outChannels : inChannels) / groups;
        System.arraycopy(kernel, 0, sizes, 2, kernel.length);
        weight = registerParameter("weight", Tensors.zeros(sizes));
        this.bias = registerParameter("bias", bias ? Tensors.zeros(outChannels) : null);
        long fanIn = Arrays.stream(sizes, 1, sizes.length).reduce(1, (a, b) -> a * b);
        if (weight.numel() == 0) return;
        Init.kaimingUniform_(weight, Init.kaiming().a(SLOPE));
        double bound = 1 / Math.sqrt(fanIn);
        if (this.bias != null) Init.uniform_(this.bias, -bound, bound);
    }

    private static void checkDivisible(String name, int channels, long groups) {
        if (channels % groups != 0) {
            throw new ValueException(
                    name + " must be divisible by groups, but got " + name + "=" + channels + ", groups=" + groups);
        }
    }

    /** Returns the kernels: of each filter, or in transposed convolutions of each input channel. */
    public Tensor weight() {
        return weight;
    }

    /** Returns the summand of each output channel, or null. */
    public @Nullable Tensor bias() {
        return bias;
    }

    /** Returns one number for each dimension, where there is one for all. */
    static long[] each(String module, String option, List<Long> given, int dims) {
        List<Long> all = given.size() == 1 ? Collections.nCopies(dims, given.getFirst()) : given;
        if (all.size() != dims) {
            throw new ValueException(module + " takes one " + option + " or " + dims + ", but got " + given);
        }
        return all.stream().mapToLong(Long::longValue).toArray();
    }

    static List<Long> list(long[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    static boolean isAll(long[] values, long value) {
        return Arrays.stream(values).allMatch(v -> v == value);
    }
}
