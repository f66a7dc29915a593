package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.Philox;
import dev.cotangent.backend.Strided;

/** Fills memory with one value or with random numbers. */
final class Filler {
    private Filler() {}

    static void fill(Strided to, long bits) {
        long numel = to.numel();
        if (numel == 0) return;
        Dtype dtype = to.dtype();
        int n = (int) Math.min(numel, Registers.BLOCK);
        Object register = Registers.mine().get(Kind.of(dtype), Registers.LAST);
        Conversions.fill(register, n, dtype, bits);
        Walk walk = Walk.of(to.layout());
        for (long at = 0; at < numel; at += n) {
            walk.store(Elements.of(dtype), register, 0, to.storage().memory(), at, (int) Math.min(n, numel - at));
        }
    }

    static void random(Pool pool, Distribution kind, Strided out, long seed, long position) {
        Walk walk = Walk.of(out.layout());
        Elements elements = Elements.of(out.dtype());
        pool.run(out.numel(), Registers.BLOCK, kind == Distribution.NORMAL ? 600 : 150, (from, to) -> {
            Object register = Registers.mine().get(Kind.of(out.dtype()), Registers.LAST);
            for (long at = from; at < to; at += Registers.BLOCK) {
                int n = (int) Math.min(Registers.BLOCK, to - at);
                draw(kind, out.dtype(), register, n, seed, position, at);
                walk.store(elements, register, 0, out.storage().memory(), at, n);
            }
        });
    }

    private static void draw(
            Distribution kind, Dtype dtype, Object register, int n, long seed, long position, long at) {
        switch (register) {
            case float[] r -> {
                for (int i = 0; i < n; i++) {
                    long bits = Philox.bits(seed, position, at + i);
                    r[i] = kind == Distribution.NORMAL ? (float) Philox.normal(bits) : uniform(bits, dtype);
                }
            }
            case double[] r -> {
                for (int i = 0; i < n; i++) {
                    long bits = Philox.bits(seed, position, at + i);
                    r[i] = kind == Distribution.NORMAL ? Philox.normal(bits) : Philox.uniform(bits);
                }
            }
            case long[] r -> {
                for (int i = 0; i < n; i++) r[i] = Philox.bits(seed, position, at + i);
            }
            default -> throw new IllegalArgumentException("no random numbers of " + dtype);
        }
    }

    /** In [0, 1); a half type gets as many bits as it holds, for rounding could give 1. */
    private static float uniform(long bits, Dtype dtype) {
        return switch (dtype) {
            case FLOAT16 -> (bits >>> 53) * 0x1p-11f;
            case BFLOAT16 -> (bits >>> 56) * 0x1p-8f;
            default -> Philox.uniformFloat(bits);
        };
    }
}
