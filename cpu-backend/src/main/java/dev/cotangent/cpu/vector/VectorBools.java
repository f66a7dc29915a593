package dev.cotangent.cpu.vector;

import dev.cotangent.cpu.VectorLoops;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorSpecies;

/** Bools a vector of bytes at a time. */
final class VectorBools implements VectorLoops.Bools {
    private static final VectorSpecies<Byte> S = Species.BYTE;
    private static final int L = S.length();

    @Override
    public void store(boolean[] from, int i, byte[] to, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) ByteVector.fromBooleanArray(S, from, i + e).intoArray(to, o + e);
        for (; e < n; e++) to[o + e] = (byte) (from[i + e] ? 1 : 0);
    }

    @Override
    public void load(byte[] from, int i, boolean[] to, int o, int n) {
        int e = 0;
        for (; e <= n - L; e += L) ByteVector.fromArray(S, from, i + e).intoBooleanArray(to, o + e);
        for (; e < n; e++) to[o + e] = from[i + e] != 0;
    }
}
