package dev.cotangent.benchmarks;

import java.util.function.LongConsumer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Multiply-adds of float32 in registers, with twelve independent accumulators. Eight saturate two units with a latency of
 * four cycles (AVX2; AVX-512 of Intel and Zen 5), four saturate one (AVX-512 of Zen 4), and twelve with two operands fit
 * into 16 registers. On Zen 4, twelve and twenty-four measure the same peak, at 256 and 512 bits.
 */
final class MultiplyAdds implements LongConsumer {
    private static final VectorSpecies<Float> SPECIES = VectorSpecies.of(float.class, shape());

    /** Floating-point operations of a repetition. */
    static final int FLOPS = 2 * 12 * SPECIES.length();

    /** Sum of all accumulators, so that they are not eliminated. */
    float total;

    /** Returns the vector shape configured for the engine, else the preferred one: the limit is the peak of that width. */
    private static VectorShape shape() {
        int bits = Integer.getInteger("cotangent.vector.bits", 0);
        return bits == 0 ? VectorShape.preferredShape() : VectorShape.forBitSize(bits);
    }

    /** Repeats the multiply-adds; each lane starts at 1 and grows by 1/2 per repetition. */
    @Override
    public void accept(long repeats) {
        FloatVector a = FloatVector.broadcast(SPECIES, 1);
        FloatVector b = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector s0 = a, s1 = a, s2 = a, s3 = a, s4 = a, s5 = a, s6 = a, s7 = a, s8 = a, s9 = a, s10 = a, s11 = a;
        for (long r = 0; r < repeats; r++) {
            s0 = a.fma(b, s0);
            s1 = a.fma(b, s1);
            s2 = a.fma(b, s2);
            s3 = a.fma(b, s3);
            s4 = a.fma(b, s4);
            s5 = a.fma(b, s5);
            s6 = a.fma(b, s6);
            s7 = a.fma(b, s7);
            s8 = a.fma(b, s8);
            s9 = a.fma(b, s9);
            s10 = a.fma(b, s10);
            s11 = a.fma(b, s11);
        }
        FloatVector left = s0.add(s1).add(s2).add(s3).add(s4).add(s5);
        FloatVector right = s6.add(s7).add(s8).add(s9).add(s10).add(s11);
        total = left.add(right).reduceLanes(VectorOperators.ADD);
    }
}
