package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import dev.cotangent.backend.Distribution;
import dev.cotangent.backend.Philox;
import dev.cotangent.backend.Strided;

/** Fills memory with one value or with random numbers. */
final class Fill {
    private Fill() {}

    static void fill(WorkerPool pool, Strided to, long bits) {
        if (to.numel() == 0) return;
        Dtype dtype = to.dtype();
        RegisterCodec elements = RegisterCodec.of(dtype);
        Object register = RegisterType.of(dtype).allocate(1);
        DtypeConversions.fill(register, 1, dtype, bits);
        Object value = elements.allocate(1);
        elements.store(register, 0, value, 0, 1, 1);
        Copier.fill(pool, value, to);
    }

    static void random(WorkerPool pool, Distribution kind, Strided out, long seed, long position) {
        StridedIterator walk = StridedIterator.of(out.layout());
        RegisterCodec elements = RegisterCodec.of(out.dtype());
        pool.run(out.numel(), Registers.BLOCK, kind == Distribution.NORMAL ? 600 : 150, (from, to) -> {
            Object register = Registers.mine().get(RegisterType.of(out.dtype()), Registers.LAST);
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

    /** Returns a number in [0, 1), with as many bits as a half type holds, since rounding could return 1. */
    private static float uniform(long bits, Dtype dtype) {
        return switch (dtype) {
            case FLOAT16 -> (bits >>> 53) * 0x1p-11f;
            case BFLOAT16 -> (bits >>> 56) * 0x1p-8f;
            default -> Philox.uniformFloat(bits);
        };
    }
}
