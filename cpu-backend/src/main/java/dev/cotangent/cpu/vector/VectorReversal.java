package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.Reversal;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Copies a row in the opposite order a vector at a time. */
final class VectorReversal extends Reversal {
    private static final VectorSpecies<Float> S = Species.FLOAT;
    private static final int L = S.length();
    private static final VectorShuffle<Float> BACKWARDS = VectorShuffle.iota(S, L - 1, -1, false);

    @Override
    public void run(float[] from, int i, float[] to, int j, int n) {
        int e = 0;
        for (; e <= n - L; e += L) {
            FloatVector.fromArray(S, from, i - e - L + 1).rearrange(BACKWARDS).intoArray(to, j + e);
        }
        for (; e < n; e++) to[j + e] = from[i - e];
    }
}
