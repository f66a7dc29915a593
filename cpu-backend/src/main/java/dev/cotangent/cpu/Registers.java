package dev.cotangent.cpu;

import dev.cotangent.Dtype;
import java.lang.reflect.Array;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The registers of the block interpreter that a thread has: numbered, per kind, made when first asked for. */
final class Registers {
    /** The length of a register: a few of them fit into the innermost cache. */
    static final int BLOCK = 1024;

    /** The highest number; programs are given numbers from 0 on, and loops around them the last few. */
    static final int LAST = 255;

    private static final ThreadLocal<Registers> MINE = ThreadLocal.withInitial(Registers::new);

    private final @Nullable Object[] places = new Object[Dtype.values().length];
    private final Object[][] byKind = new Object[RegisterType.values().length][8];

    static Registers mine() {
        return MINE.get();
    }

    Object get(RegisterType kind, int number) {
        Object[] known = byKind[kind.ordinal()];
        if (number >= known.length)
            known = byKind[kind.ordinal()] = Arrays.copyOf(known, Math.max(number + 1, 2 * known.length));
        Object register = known[number];
        if (register == null) register = known[number] = kind.allocate(BLOCK);
        return register;
    }

    /** Returns a scratch buffer of at least that many elements of a type, as stored in memory. */
    Object place(Dtype dtype, int n) {
        Object known = places[dtype.ordinal()];
        if (known == null || Array.getLength(known) < n)
            known = places[dtype.ordinal()] = RegisterCodec.of(dtype).allocate(n);
        return known;
    }
}
