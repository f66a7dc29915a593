package dev.cotangent.emulator.ptx;

import dev.cotangent.emulator.ptx.Instruction.Step;

/** Functions of registers, lane by lane. */
final class Operations {
    /** A function of one register. */
    @FunctionalInterface
    interface Unary {
        long of(long a);
    }

    /** A function of two registers. */
    @FunctionalInterface
    interface Binary {
        long of(long a, long b);
    }

    /** A function of three registers. */
    @FunctionalInterface
    interface Ternary {
        long of(long a, long b, long c);
    }

    private Operations() {}

    static Step unary(int to, int a, Unary f) {
        return (w, mask) -> {
            long[] r = w.registers;
            for (int m = mask; m != 0; m &= m - 1) {
                int lane = Integer.numberOfTrailingZeros(m);
                r[to * Warp.LANES + lane] = f.of(r[a * Warp.LANES + lane]);
            }
        };
    }

    static Step binary(int to, int a, int b, Binary f) {
        return (w, mask) -> {
            long[] r = w.registers;
            for (int m = mask; m != 0; m &= m - 1) {
                int lane = Integer.numberOfTrailingZeros(m);
                r[to * Warp.LANES + lane] = f.of(r[a * Warp.LANES + lane], r[b * Warp.LANES + lane]);
            }
        };
    }

    static Step ternary(int to, int a, int b, int c, Ternary f) {
        return (w, mask) -> {
            long[] r = w.registers;
            for (int m = mask; m != 0; m &= m - 1) {
                int lane = Integer.numberOfTrailingZeros(m);
                r[to * Warp.LANES + lane] =
                        f.of(r[a * Warp.LANES + lane], r[b * Warp.LANES + lane], r[c * Warp.LANES + lane]);
            }
        };
    }

    /** Returns the function of a binary opcode. */
    static Binary binary(String opcode, Type t, boolean high) {
        if (t.isFloat()) return real(opcode, t);
        return switch (opcode) {
            case "add" -> (a, b) -> t.register(a + b);
            case "sub" -> (a, b) -> t.register(a - b);
            case "mul" -> high ? (a, b) -> t.register(high(t, a, b)) : (a, b) -> t.register(a * b);
            case "div" -> (a, b) -> t.register(quotient(t, t.extend(a), t.extend(b)));
            case "rem" -> (a, b) -> t.register(remainder(t, t.extend(a), t.extend(b)));
            case "min" -> (a, b) -> compare(t, a, b) <= 0 ? a : b;
            case "max" -> (a, b) -> compare(t, a, b) >= 0 ? a : b;
            case "and" -> (a, b) -> a & b;
            case "or" -> (a, b) -> a | b;
            case "xor" -> (a, b) -> a ^ b;
            case "shl" -> (a, b) -> clamped(b) >= t.bits() ? 0 : t.register(a << clamped(b));
            case "shr" ->
                (a, b) -> {
                    int by = Math.min(clamped(b), t.bits() == 64 ? 63 : t.bits());
                    long value = t.extend(a);
                    if (t.isSigned()) return t.register(value >> by);
                    return clamped(b) >= t.bits() ? 0 : value >>> by;
                };
            default -> throw new PtxException(opcode + " is not known");
        };
    }

    private static int clamped(long by) {
        long unsigned = by & 0xffffffffL;
        return unsigned > 64 ? 64 : (int) unsigned;
    }

    private static long quotient(Type t, long a, long b) {
        // A division by zero gives all ones.
        if (b == 0) return -1;
        return t.isSigned() ? a / b : Long.divideUnsigned(a, b);
    }

    private static long remainder(Type t, long a, long b) {
        if (b == 0) return a;
        return t.isSigned() ? a % b : Long.remainderUnsigned(a, b);
    }

    private static long high(Type t, long a, long b) {
        long x = t.extend(a);
        long y = t.extend(b);
        if (t.bits() == 64) return t.isSigned() ? Math.multiplyHigh(x, y) : Math.unsignedMultiplyHigh(x, y);
        return x * y >> t.bits();
    }

    static int compare(Type t, long a, long b) {
        return t.isSigned() ? Long.compare(t.extend(a), t.extend(b)) : Long.compareUnsigned(t.extend(a), t.extend(b));
    }

    private static Binary real(String opcode, Type t) {
        if (t == Type.F32) {
            // In float: of these operations, a rounded double result is the same, but this is quicker.
            switch (opcode) {
                case "add":
                    return (a, b) -> bits(Float.intBitsToFloat((int) a) + Float.intBitsToFloat((int) b));
                case "sub":
                    return (a, b) -> bits(Float.intBitsToFloat((int) a) - Float.intBitsToFloat((int) b));
                case "mul":
                    return (a, b) -> bits(Float.intBitsToFloat((int) a) * Float.intBitsToFloat((int) b));
                case "div":
                    return (a, b) -> bits(Float.intBitsToFloat((int) a) / Float.intBitsToFloat((int) b));
                default:
            }
        }
        return switch (opcode) {
            case "add" -> (a, b) -> t.rounded(t.real(a) + t.real(b));
            case "sub" -> (a, b) -> t.rounded(t.real(a) - t.real(b));
            case "mul" -> (a, b) -> t.rounded(t.real(a) * t.real(b));
            case "div" -> (a, b) -> t.rounded(t.real(a) / t.real(b));
            // The other operand where one is NaN.
            case "min" -> (a, b) -> isNan(t, a) ? b : isNan(t, b) ? a : t.rounded(Math.min(t.real(a), t.real(b)));
            case "max" -> (a, b) -> isNan(t, a) ? b : isNan(t, b) ? a : t.rounded(Math.max(t.real(a), t.real(b)));
            // Takes the sign of the first operand and the magnitude of the second.
            case "copysign" ->
                (a, b) -> {
                    long sign = 1L << t.bits() - 1;
                    return a & sign | b & ~sign & (t.bits() == 64 ? -1L : (1L << t.bits()) - 1);
                };
            default -> throw new PtxException(opcode + " of " + t + " is not known");
        };
    }

    private static long bits(float f) {
        return Float.floatToRawIntBits(f) & 0xffffffffL;
    }

    static boolean isNan(Type t, long a) {
        double v = t.real(a);
        return v != v;
    }

    /** Returns the function of a unary opcode. */
    static Unary unary(String opcode, Type t) {
        if (t.isFloat()) {
            long sign = 1L << t.bits() - 1;
            return switch (opcode) {
                case "neg" -> a -> a ^ sign;
                case "abs" -> a -> a & ~sign;
                case "sqrt" -> a -> t.rounded(Math.sqrt(t.real(a)));
                case "rcp" -> a -> t.rounded(1 / t.real(a));
                case "rsqrt" -> a -> t.rounded(1 / Math.sqrt(t.real(a)));
                case "ex2" -> a -> t.rounded(Math.pow(2, t.real(a)));
                case "lg2" -> a -> t.rounded(Math.log(t.real(a)) / Math.log(2));
                case "sin" -> a -> t.rounded(Math.sin(t.real(a)));
                case "cos" -> a -> t.rounded(Math.cos(t.real(a)));
                case "tanh" -> a -> t.rounded(Math.tanh(t.real(a)));
                default -> throw new PtxException(opcode + " of " + t + " is not known");
            };
        }
        return switch (opcode) {
            case "neg" -> a -> t.register(-a);
            case "abs" -> a -> t.register(Math.abs(t.extend(a)));
            case "not" -> a -> t.register(~a);
            case "cnot" -> a -> a == 0 ? 1 : 0;
            case "popc" -> a -> Long.bitCount(t.register(a));
            case "clz" -> a -> Long.numberOfLeadingZeros(t.register(a)) - (64 - t.bits());
            case "brev" -> a -> Long.reverse(t.register(a)) >>> 64 - t.bits();
            case "bfind" ->
                a -> Type.U32.register(63
                        - Long.numberOfLeadingZeros(
                                t.isSigned() && t.extend(a) < 0 ? ~t.extend(a) & t.register(-1) : t.register(a)));
            default -> throw new PtxException(opcode + " of " + t + " is not known");
        };
    }

    /** Returns the comparison of a {@code setp}. */
    static Binary comparison(String name, Type t) {
        if (!t.isFloat()) {
            return switch (name) {
                case "eq" -> (a, b) -> t.register(a) == t.register(b) ? 1 : 0;
                case "ne" -> (a, b) -> t.register(a) != t.register(b) ? 1 : 0;
                case "lt", "lo" -> (a, b) -> compare(t, a, b) < 0 ? 1 : 0;
                case "le", "ls" -> (a, b) -> compare(t, a, b) <= 0 ? 1 : 0;
                case "gt", "hi" -> (a, b) -> compare(t, a, b) > 0 ? 1 : 0;
                case "ge", "hs" -> (a, b) -> compare(t, a, b) >= 0 ? 1 : 0;
                default -> throw new PtxException("setp." + name + " is not known");
            };
        }
        return switch (name) {
            case "eq" -> (a, b) -> t.real(a) == t.real(b) ? 1 : 0;
            case "ne" -> (a, b) -> t.real(a) < t.real(b) || t.real(a) > t.real(b) ? 1 : 0;
            case "lt" -> (a, b) -> t.real(a) < t.real(b) ? 1 : 0;
            case "le" -> (a, b) -> t.real(a) <= t.real(b) ? 1 : 0;
            case "gt" -> (a, b) -> t.real(a) > t.real(b) ? 1 : 0;
            case "ge" -> (a, b) -> t.real(a) >= t.real(b) ? 1 : 0;
            // Unordered: true as well if one is NaN.
            case "equ" -> (a, b) -> t.real(a) < t.real(b) || t.real(a) > t.real(b) ? 0 : 1;
            case "neu" -> (a, b) -> t.real(a) == t.real(b) ? 0 : 1;
            case "ltu" -> (a, b) -> t.real(a) >= t.real(b) ? 0 : 1;
            case "leu" -> (a, b) -> t.real(a) > t.real(b) ? 0 : 1;
            case "gtu" -> (a, b) -> t.real(a) <= t.real(b) ? 0 : 1;
            case "geu" -> (a, b) -> t.real(a) < t.real(b) ? 0 : 1;
            case "num" -> (a, b) -> isNan(t, a) || isNan(t, b) ? 0 : 1;
            case "nan" -> (a, b) -> isNan(t, a) || isNan(t, b) ? 1 : 0;
            default -> throw new PtxException("setp." + name + " is not known");
        };
    }

    /** Returns a conversion; rounding of integers is "rni", "rzi", "rmi", "rpi" or none. */
    static Unary conversion(Type to, Type from, String rounding, boolean saturate) {
        if (!from.isFloat() && !to.isFloat()) {
            if (!saturate) return a -> to.register(from.extend(a));
            return a -> to.register(saturated(to, from.isSigned(), from.extend(a)));
        }
        if (!from.isFloat()) return a -> integerToReal(to, from, a, rounding);
        if (!to.isFloat()) return a -> to.register(realToInteger(to, from, integral(from.real(a), rounding)));
        if (rounding.endsWith("i")) return a -> to.rounded(integral(from.real(a), rounding));
        return a -> {
            double v = from.real(a);
            if (saturate) v = v != v ? 0 : Math.max(0, Math.min(1, v));
            return rounding.equals("rz") ? towardsZero(to, v) : to.rounded(v);
        };
    }

    private static long saturated(Type to, boolean signed, long v) {
        if (to.bits() == 64) return v;
        long most = to.isSigned() ? (1L << to.bits() - 1) - 1 : (1L << to.bits()) - 1;
        long least = to.isSigned() ? -most - 1 : 0;
        if (!signed && v < 0) return most;
        return Math.max(least, Math.min(most, v));
    }

    private static long integerToReal(Type to, Type from, long raw, String rounding) {
        long v = from.extend(raw);
        if (rounding.equals("rz")) return towardsZero(to, v);
        if (from == Type.U64 && v < 0) {
            // The lowest bit is sticky, so that one rounding decides.
            double half = Type.F64.equals(to) ? (double) (v >>> 1 | v & 1) : (float) (v >>> 1 | v & 1);
            return to.rounded(2 * half);
        }
        return to == Type.F32 ? Float.floatToRawIntBits((float) v) & 0xffffffffL : to.rounded(v);
    }

    private static long towardsZero(Type to, double v) {
        long near = to.rounded(v);
        return Math.abs(to.real(near)) > Math.abs(v) ? near - 1 : near;
    }

    private static double integral(double v, String rounding) {
        return switch (rounding) {
            case "rni" -> Math.rint(v);
            case "rmi" -> Math.floor(v);
            case "rpi" -> Math.ceil(v);
            default -> v < 0 ? Math.ceil(v) : Math.floor(v);
        };
    }

    /** Converts an integral double, clamped to the range; NaN becomes 0, with a type of 64 bits only the highest bit. */
    private static long realToInteger(Type to, Type from, double v) {
        if (v != v) return to.bits() == 64 || from == Type.F64 ? 1L << to.bits() - 1 : 0;
        if (to == Type.U64) {
            if (v <= 0) return 0;
            if (v >= 0x1p64) return -1;
            return v >= 0x1p63 ? (long) (v - 0x1p63) + Long.MIN_VALUE : (long) v;
        }
        if (to == Type.S64) return (long) v;
        double most = to.isSigned() ? Math.scalb(1.0, to.bits() - 1) - 1 : Math.scalb(1.0, to.bits()) - 1;
        double least = to.isSigned() ? -most - 1 : 0;
        return (long) Math.max(least, Math.min(most, v));
    }

    /** Selects four bytes out of eight; {@code prmt.b32}. */
    static long permute(long a, long b, long selector) {
        long all = a & 0xffffffffL | b << 32;
        long out = 0;
        for (int i = 0; i < 4; i++) {
            int s = (int) (selector >> 4 * i) & 0xf;
            long value = all >>> 8 * (s & 7) & 0xff;
            if ((s & 8) != 0) value = (value & 0x80) != 0 ? 0xff : 0;
            out |= value << 8 * i;
        }
        return out;
    }

    /** Combines three registers bit by bit by a table of eight bits; {@code lop3.b32}. */
    static long lookup(long a, long b, long c, int table) {
        long out = 0;
        for (int i = 0; i < 8; i++) {
            if ((table >> i & 1) == 0) continue;
            out |= ((i & 4) != 0 ? a : ~a) & ((i & 2) != 0 ? b : ~b) & ((i & 1) != 0 ? c : ~c);
        }
        return out & 0xffffffffL;
    }
}
