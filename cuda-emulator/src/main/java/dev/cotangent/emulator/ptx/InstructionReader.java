package dev.cotangent.emulator.ptx;

import dev.cotangent.emulator.ptx.Counts.Kind;
import dev.cotangent.emulator.ptx.Instruction.Flow;
import dev.cotangent.emulator.ptx.Instruction.Step;
import dev.cotangent.emulator.ptx.Memory.Space;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Turns the text of an instruction into what it does. */
final class InstructionReader {
    private final Registers registers;
    private final Map<String, Long> symbols;
    private final Map<String, Integer> labels;

    InstructionReader(Registers registers, Map<String, Long> symbols, Map<String, Integer> labels) {
        this.registers = registers;
        this.symbols = symbols;
        this.labels = labels;
    }

    // The instruction that is being read.
    private String text = "";
    private List<String> parts = List.of();
    private List<String> operands = List.of();
    private List<Type> types = List.of();
    private int guard;
    private boolean negated;

    Instruction read(String source) {
        text = source;
        guard = -1;
        negated = false;
        String rest = source;
        if (rest.startsWith("@")) {
            int space = rest.indexOf(' ');
            negated = rest.charAt(1) == '!';
            guard = registers.of(rest.substring(negated ? 2 : 1, space));
            rest = rest.substring(space + 1).strip();
        }
        int space = rest.indexOf(' ');
        String name = space < 0 ? rest : rest.substring(0, space);
        parts = Arrays.asList(name.split("\\."));
        operands = space < 0 ? List.of() : split(rest.substring(space + 1));
        types = new ArrayList<>();
        for (String p : parts) {
            Type t = Type.of(p);
            if (t != null) types.add(t);
        }
        return build();
    }

    /** Splits operands at the commas outside of brackets. */
    private static List<String> split(String text) {
        List<String> all = new ArrayList<>();
        int depth = 0;
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            char c = i == text.length() ? ',' : text.charAt(i);
            if (c == '{' || c == '[') depth++;
            if (c == '}' || c == ']') depth--;
            if (c == ',' && depth == 0) {
                all.add(text.substring(start, i).strip());
                start = i + 1;
            }
        }
        return all;
    }

    private boolean has(String modifier) {
        return parts.contains(modifier);
    }

    private Type type() {
        if (types.isEmpty()) throw new PtxException("it has no type");
        return types.getLast();
    }

    private Instruction next(Kind kind, Step step) {
        return new Instruction(text, guard, negated, kind, Flow.NEXT, -1, -1, step);
    }

    private Instruction control(Flow flow, int target) {
        return new Instruction(
                text,
                guard,
                negated,
                flow == Flow.BARRIER ? Kind.SYNC : Kind.CONTROL,
                flow,
                target,
                -1,
                Instruction.NOTHING);
    }

    /** Returns the register of an operand; a constant has one as well. */
    private int register(String operand, Type type) {
        if (operand.startsWith("%")) return registers.of(operand);
        if (operand.startsWith("!")) throw new PtxException("negated operands are not known");
        Long symbol = symbols.get(operand);
        if (symbol != null) return registers.constant(symbol);
        Long number = PtxParser.number(operand, type);
        if (number == null) throw new PtxException("the operand " + operand + " is not known");
        return registers.constant(number);
    }

    private int register(int operand) {
        return register(operands.get(operand), type());
    }

    private int register(int operand, Type type) {
        return register(operands.get(operand), type);
    }

    private Instruction build() {
        String opcode = parts.getFirst();
        return switch (opcode) {
            case "ret", "exit" -> control(Flow.EXIT, -1);
            case "bra" -> control(Flow.BRANCH, label(operands.getFirst()));
            case "bar", "barrier" -> control(Flow.BARRIER, -1);
            case "membar", "fence", "pragma" -> next(Kind.SYNC, Instruction.NOTHING);
            case "trap" ->
                next(Kind.CONTROL, (_, _) -> {
                    throw new PtxException("a trap");
                });
            case "shfl", "vote", "activemask", "match", "redux" -> warpWide(opcode);
            case "ld", "ldu" -> load();
            case "st" -> store();
            case "atom", "red" -> atomic(opcode.equals("red"));
            case "mov" -> move();
            case "cvta" -> addressConversion();
            case "cvt" -> convert();
            case "setp" -> compare();
            case "selp" -> select();
            case "mad", "fma" -> multiplyAdd(opcode);
            case "mul" -> has("wide") ? wide() : arithmetic(opcode);
            case "prmt" -> {
                int a = register(1);
                int b = register(2);
                int c = register(3);
                yield next(Kind.INTEGER, Operations.ternary(register(0), a, b, c, Operations::permute));
            }
            case "lop3" -> {
                int table = (int) number(operands.get(4));
                yield next(
                        Kind.INTEGER,
                        Operations.ternary(
                                register(0),
                                register(1),
                                register(2),
                                register(3),
                                (a, b, c) -> Operations.lookup(a, b, c, table)));
            }
            case "shf" -> funnelShift();
            case "bfe" -> extract();
            case "bfi" -> insert();
            case "testp" -> testProperty();
            default -> arithmetic(opcode);
        };
    }

    private static long number(String operand) {
        Long value = PtxParser.number(operand, null);
        if (value == null) throw new PtxException(operand + " is no number");
        return value;
    }

    private int label(String name) {
        Integer target = labels.get(name);
        if (target == null) throw new PtxException("the label " + name + " is not known");
        return target;
    }

    // Arithmetic

    private static Kind kindOf(String opcode, Type t) {
        boolean subroutine = opcode.equals("div")
                || opcode.equals("rem")
                || opcode.equals("sqrt")
                || opcode.equals("rcp")
                || opcode.equals("rsqrt");
        if (t == Type.F64) return subroutine ? Kind.DOUBLE_SPECIAL : Kind.DOUBLE;
        if (t.isFloat()) {
            return switch (opcode) {
                case "add", "sub", "mul", "fma", "mad", "min", "max", "neg", "abs", "copysign", "setp" -> Kind.FLOAT;
                default -> Kind.SPECIAL;
            };
        }
        if (subroutine) return Kind.INTEGER_DIVIDE;
        return opcode.equals("mul") || opcode.equals("mad") ? Kind.INTEGER_MULTIPLY : Kind.INTEGER;
    }

    private Instruction arithmetic(String opcode) {
        Type t = type();
        Kind kind = kindOf(opcode, t);
        if (operands.size() == 2) {
            return next(kind, Operations.unary(register(0), register(1), flushed(t, Operations.unary(opcode, t))));
        }
        if (operands.size() != 3) throw new PtxException("the instruction is not known");
        // The distance of a shift is of 32 bits whatever is shifted.
        int b = register(2, opcode.startsWith("sh") ? Type.U32 : t);
        Operations.Binary f = Operations.binary(opcode, t, has("hi"));
        if (has("sat") && t.isFloat()) {
            Operations.Binary plain = f;
            f = (x, y) -> saturated(t, plain.of(x, y));
        }
        return next(kind, Operations.binary(register(0), register(1), b, flushed(t, f)));
    }

    private static long saturated(Type t, long raw) {
        double v = t.real(raw);
        return t.rounded(v != v ? 0 : Math.max(0, Math.min(1, v)));
    }

    private Operations.Unary flushed(Type t, Operations.Unary f) {
        if (!has("ftz")) return f;
        return a -> zeroed(t, f.of(zeroed(t, a)));
    }

    private Operations.Binary flushed(Type t, Operations.Binary f) {
        if (!has("ftz")) return f;
        return (a, b) -> zeroed(t, f.of(zeroed(t, a), zeroed(t, b)));
    }

    /** Returns a float with subnormal values replaced by zero of their sign. */
    private static long zeroed(Type t, long raw) {
        if (t != Type.F32) return raw;
        return Math.abs(t.real(raw)) < Float.MIN_NORMAL ? raw & 0x80000000L : raw;
    }

    private Instruction multiplyAdd(String opcode) {
        Type t = type();
        int to = register(0);
        int a = register(1);
        int b = register(2);
        if (has("wide")) {
            Type twice = twice(t);
            int c = register(3, twice);
            return next(
                    Kind.INTEGER_MULTIPLY,
                    Operations.ternary(to, a, b, c, (x, y, z) -> twice.register(t.extend(x) * t.extend(y) + z)));
        }
        int c = register(3);
        Operations.Ternary f;
        if (t == Type.F32) {
            f = (x, y, z) -> Float.floatToRawIntBits(Math.fma(
                            Float.intBitsToFloat((int) x), Float.intBitsToFloat((int) y), Float.intBitsToFloat((int)
                                    z)))
                    & 0xffffffffL;
        } else if (t.isFloat()) {
            f = (x, y, z) -> t.rounded(Math.fma(t.real(x), t.real(y), t.real(z)));
        } else {
            Operations.Binary product = Operations.binary("mul", t, has("hi"));
            f = (x, y, z) -> t.register(product.of(x, y) + z);
        }
        return next(kindOf(opcode, t), Operations.ternary(to, a, b, c, f));
    }

    private static Type twice(Type t) {
        return switch (t) {
            case U16 -> Type.U32;
            case S16 -> Type.S32;
            case U32 -> Type.U64;
            case S32 -> Type.S64;
            default -> throw new PtxException("." + t + " has no double width");
        };
    }

    private Instruction wide() {
        Type t = type();
        Type twice = twice(t);
        return next(
                Kind.INTEGER_MULTIPLY,
                Operations.binary(
                        register(0), register(1), register(2), (a, b) -> twice.register(t.extend(a) * t.extend(b))));
    }

    private Instruction funnelShift() {
        boolean left = has("l");
        boolean wrap = has("wrap");
        return next(
                Kind.INTEGER,
                Operations.ternary(register(0), register(1), register(2), register(3), (low, high, by) -> {
                    int n = wrap ? (int) by & 31 : (int) Math.min(by, 32);
                    long both = low & 0xffffffffL | high << 32;
                    return left ? both << n >>> 32 & 0xffffffffL : both >>> n & 0xffffffffL;
                }));
    }

    private Instruction extract() {
        Type t = type();
        return next(
                Kind.INTEGER,
                Operations.ternary(
                        register(0),
                        register(1),
                        register(2, Type.U32),
                        register(3, Type.U32),
                        (a, position, length) -> {
                            int p = (int) position & 0xff;
                            int n = (int) length & 0xff;
                            if (n == 0) return 0;
                            long value = t.extend(a);
                            long shifted = p >= t.bits() ? (t.isSigned() && value < 0 ? -1 : 0) : value >> p;
                            if (!t.isSigned() && p > 0 && p < 64) shifted = value >>> p;
                            if (n >= 64) return t.register(shifted);
                            long low = shifted & (1L << n) - 1;
                            boolean negative = t.isSigned() && (low >> n - 1 & 1) == 1;
                            return t.register(negative ? low | -1L << n : low);
                        }));
    }

    private Instruction insert() {
        Type t = type();
        int to = register(0);
        int a = register(1);
        int b = register(2);
        int position = register(3, Type.U32);
        int length = register(4, Type.U32);
        return next(Kind.INTEGER, (w, mask) -> {
            for (int m = mask; m != 0; m &= m - 1) {
                int lane = Integer.numberOfTrailingZeros(m);
                int p = (int) w.get(position, lane) & 0xff;
                int n = (int) w.get(length, lane) & 0xff;
                long field = (n >= 64 ? -1 : (1L << n) - 1) << p;
                if (p >= t.bits()) field = 0;
                w.set(to, lane, t.register(w.get(b, lane) & ~field | w.get(a, lane) << p & field));
            }
        });
    }

    private Instruction testProperty() {
        Type t = type();
        Operations.Unary f = switch (parts.get(1)) {
            case "finite" -> a -> Math.abs(t.real(a)) <= Double.MAX_VALUE ? 1 : 0;
            case "infinite" -> a -> Double.isInfinite(t.real(a)) ? 1 : 0;
            case "number" -> a -> Operations.isNan(t, a) ? 0 : 1;
            case "notanumber" -> a -> Operations.isNan(t, a) ? 1 : 0;
            default -> throw new PtxException("testp." + parts.get(1) + " is not known");
        };
        return next(kindOf("setp", t), Operations.unary(register(0), register(1), f));
    }

    private Instruction compare() {
        Type t = type();
        Operations.Binary f = Operations.comparison(parts.get(1), t);
        String[] to = operands.getFirst().split("\\|");
        int a = register(1);
        int b = register(2);
        Kind kind = kindOf("setp", t);
        int p = registers.of(to[0]);
        int q = to.length > 1 ? registers.of(to[1]) : -1;
        boolean and = has("and");
        boolean or = has("or");
        boolean xor = has("xor");
        if (!and && !or && !xor && q < 0) return next(kind, Operations.binary(p, a, b, flushed(t, f)));
        boolean not = operands.size() > 3 && operands.get(3).startsWith("!");
        int c = operands.size() > 3 ? registers.of(operands.get(3).substring(not ? 1 : 0)) : -1;
        return next(kind, (w, mask) -> {
            for (int m = mask; m != 0; m &= m - 1) {
                int lane = Integer.numberOfTrailingZeros(m);
                long result = f.of(w.get(a, lane), w.get(b, lane));
                long other = c < 0 ? 0 : w.get(c, lane) ^ (not ? 1 : 0);
                w.set(p, lane, combined(result, other, and, or, xor));
                if (q >= 0) w.set(q, lane, combined(1 - result, other, and, or, xor));
            }
        });
    }

    private static long combined(long a, long b, boolean and, boolean or, boolean xor) {
        return and ? a & b : or ? a | b : xor ? a ^ b : a;
    }

    private Instruction select() {
        int p = registers.of(operands.get(3));
        return next(
                Kind.INTEGER,
                Operations.ternary(register(0), register(1), register(2), p, (a, b, c) -> c != 0 ? a : b));
    }

    private Instruction convert() {
        Type to = types.get(0);
        Type from = types.get(1);
        String rounding = "";
        for (String p : parts) if (p.matches("r[nzmp]i?")) rounding = p;
        if (operands.size() > 2) throw new PtxException("packed conversions are not known");
        Operations.Unary f = Operations.conversion(to, from, rounding, has("sat"));
        return next(Kind.CONVERT, Operations.unary(register(0, to), register(1, from), f));
    }

    private Instruction addressConversion() {
        boolean toSpace = has("to");
        long window = has("shared") ? Memory.SHARED_WINDOW : has("local") ? Memory.LOCAL_WINDOW : 0;
        long change = toSpace ? -window : window;
        return next(Kind.INTEGER, Operations.unary(register(0), register(1), a -> a + change));
    }

    /** Reads moves, with vectors that are packed into or taken out of one register. */
    private Instruction move() {
        Type t = type();
        String to = operands.get(0);
        String from = operands.get(1);
        if (to.startsWith("{")) {
            int[] elements = vector(to, t);
            int bits = t.bits() / elements.length;
            int a = register(1);
            return next(Kind.INTEGER, (w, mask) -> {
                for (int m = mask; m != 0; m &= m - 1) {
                    int lane = Integer.numberOfTrailingZeros(m);
                    long value = w.get(a, lane);
                    for (int i = 0; i < elements.length; i++) {
                        if (elements[i] >= 0) w.set(elements[i], lane, value >>> i * bits & (1L << bits) - 1);
                    }
                }
            });
        }
        if (from.startsWith("{")) {
            int[] elements = vector(from, t);
            int bits = t.bits() / elements.length;
            int target = register(0);
            return next(Kind.INTEGER, (w, mask) -> {
                for (int m = mask; m != 0; m &= m - 1) {
                    int lane = Integer.numberOfTrailingZeros(m);
                    long value = 0;
                    for (int i = 0; i < elements.length; i++) {
                        value |= (w.get(elements[i], lane) & (1L << bits) - 1) << i * bits;
                    }
                    w.set(target, lane, value);
                }
            });
        }
        return next(Kind.INTEGER, Operations.unary(register(0), register(1), a -> a));
    }

    private int[] vector(String operand, Type t) {
        if (!operand.startsWith("{")) return new int[] {register(operand, t)};
        List<String> names = split(operand.substring(1, operand.length() - 1));
        int[] all = new int[names.size()];
        for (int i = 0; i < all.length; i++) all[i] = names.get(i).equals("_") ? -1 : register(names.get(i), t);
        return all;
    }

    // Memory

    private Space space() {
        for (Space s : Space.values()) if (parts.contains(s.name().toLowerCase(Locale.ROOT))) return s;
        return Space.GENERIC;
    }

    /** The base register and offset of an address such as {@code [%rd1+8]}. */
    private record Address(int base, long offset) {}

    private Address address(String operand) {
        String inside = operand.substring(1, operand.length() - 1).strip();
        int plus = inside.indexOf('+');
        String base = plus < 0 ? inside : inside.substring(0, plus).strip();
        long offset = plus < 0 ? 0 : number(inside.substring(plus + 1).strip());
        return new Address(register(base, Type.U64), offset);
    }

    private static Kind kindOf(Space space) {
        return switch (space) {
            case SHARED -> Kind.SHARED;
            case PARAM, LOCAL -> Kind.LOCAL;
            default -> Kind.GLOBAL;
        };
    }

    private Instruction load() {
        Address from = address(operands.get(1));
        return next(
                kindOf(space()), Memory.load(space(), type(), vector(operands.get(0), type()), from.base, from.offset));
    }

    private Instruction store() {
        Address to = address(operands.get(0));
        return next(
                kindOf(space()), Memory.store(space(), type(), vector(operands.get(1), type()), to.base, to.offset));
    }

    private Instruction atomic(boolean noResult) {
        Type t = type();
        int shift = noResult ? 0 : 1;
        Address at = address(operands.get(shift));
        int b = register(shift + 1);
        int c = operands.size() > shift + 2 ? register(shift + 2) : -1;
        Operations.Ternary f;
        if (has("cas")) {
            f = (old, compared, value) -> t.register(old) == t.register(compared) ? value : old;
        } else if (has("exch")) {
            f = (_, value, _) -> value;
        } else if (has("inc")) {
            f = (old, most, _) -> Long.compareUnsigned(old, most) >= 0 ? 0 : t.register(old + 1);
        } else {
            String name = List.of("add", "min", "max", "and", "or", "xor").stream()
                    .filter(this::has)
                    .findFirst()
                    .orElseThrow(() -> new PtxException("the atomic is not known"));
            Operations.Binary g = Operations.binary(name, t, false);
            f = (old, value, _) -> g.of(old, value);
        }
        return next(Kind.ATOMIC, Memory.atomic(space(), t, noResult ? -1 : register(0), at.base, at.offset, b, c, f));
    }

    // Operations of a whole warp

    private Instruction warpWide(String opcode) {
        if (opcode.equals("activemask")) {
            int to = register(0);
            return next(Kind.SYNC, (w, mask) -> {
                for (int m = mask; m != 0; m &= m - 1) w.set(to, Integer.numberOfTrailingZeros(m), mask & 0xffffffffL);
            });
        }
        int members = register(operands.getLast(), Type.U32);
        Step step = switch (opcode) {
            case "shfl" -> shuffle();
            case "vote" -> vote();
            default -> throw new PtxException("the instruction is not known");
        };
        return new Instruction(text, guard, negated, Kind.SYNC, Flow.WARP_SYNC, -1, members, step);
    }

    private Step shuffle() {
        String[] to = operands.get(0).split("\\|");
        int target = registers.of(to[0]);
        int predicate = to.length > 1 ? registers.of(to[1]) : -1;
        int value = register(1);
        int b = register(2, Type.U32);
        int c = register(3, Type.U32);
        String mode = parts.get(2);
        return (w, mask) -> {
            long[] before = Arrays.copyOfRange(w.registers, value * Warp.LANES, (value + 1) * Warp.LANES);
            for (int m = mask; m != 0; m &= m - 1) {
                int lane = Integer.numberOfTrailingZeros(m);
                int by = (int) w.get(b, lane) & 31;
                int clamp = (int) w.get(c, lane) & 31;
                int segment = (int) (w.get(c, lane) >> 8) & 31;
                int most = lane & segment | clamp & ~segment;
                int least = lane & segment;
                int from = switch (mode) {
                    case "up" -> lane - by;
                    case "down" -> lane + by;
                    case "bfly" -> lane ^ by;
                    default -> least | by & ~segment;
                };
                boolean inside = mode.equals("up") ? from >= most : from <= most;
                if (!inside) from = lane;
                if ((mask >> from & 1) == 0) {
                    throw new PtxException("lane " + lane + " reads lane " + from + ", which does not take part");
                }
                w.set(target, lane, before[from]);
                if (predicate >= 0) w.set(predicate, lane, inside ? 1 : 0);
            }
        };
    }

    private Step vote() {
        int to = registers.of(operands.get(0));
        boolean not = operands.get(1).startsWith("!");
        int p = registers.of(operands.get(1).substring(not ? 1 : 0));
        String mode = parts.get(2);
        return (w, mask) -> {
            int yes = w.where(p, mask);
            if (not) yes = mask & ~yes;
            long result = switch (mode) {
                case "all" -> yes == mask ? 1 : 0;
                case "any" -> yes != 0 ? 1 : 0;
                case "uni" -> yes == mask || yes == 0 ? 1 : 0;
                default -> yes & 0xffffffffL;
            };
            for (int m = mask; m != 0; m &= m - 1) w.set(to, Integer.numberOfTrailingZeros(m), result);
        };
    }
}
