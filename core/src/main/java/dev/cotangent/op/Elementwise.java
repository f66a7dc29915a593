package dev.cotangent.op;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.autograd.Grad;
import dev.cotangent.backend.Elements;
import dev.cotangent.program.Expr;
import dev.cotangent.program.Exprs;
import dev.cotangent.program.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One elementwise operation of PyTorch: a row of a table of {@link ElementwiseOps}. From the row follow the forward for
 * every combination of operand types, the gradients of every order, and the in-place variant.
 */
public final class Elementwise {
    /** What type an operation computes in, and what it gives. */
    public enum Typing {
        /** The operands' common type. */
        PROMOTE,
        /** The operands' common type, integers as float32. */
        FLOAT,
        /** Computes in the operands' common type and gives bool. */
        COMPARE,
        /** Takes operands as truth values and gives bool. */
        LOGIC,
        /** The common integer or bool type; floating point is an error. */
        BITS,
        /** The first operand is a condition; the common type of the others. */
        SELECT(0, 1),
        /** The second operand is a condition, the third takes the type of the first, as the result does. */
        FILL(1, 0);

        private final int condition;
        private final int self;

        Typing() {
            this(-1, 0);
        }

        Typing(int condition, int self) {
            this.condition = condition;
            this.self = self;
        }
    }

    /** What an operation computes, in one type: an expression over operands and parameters. */
    @FunctionalInterface
    public interface Body {
        /** The result. */
        Expr of(Expr[] x, Expr[] p);
    }

    /** A check before anything is computed. */
    @FunctionalInterface
    public interface Check {
        /**
         * Throws PyTorch's error where the operation does not take the operands.
         *
         * @param type the type it would compute in
         * @param arguments the operands, tensors and numbers, and the parameters
         */
        void of(Dtype type, Object[] arguments);

        /** This check and then another. */
        default Check and(Check other) {
            return (type, arguments) -> {
                of(type, arguments);
                other.of(type, arguments);
            };
        }
    }

    private final String name;
    private final String node;
    private final String numberNode;
    private final int operands;
    private final int parameters;
    private final Typing typing;
    /** Whether a number beside a half type, or a tensor without dimensions, is first rounded to it. */
    private final boolean rounds;

    private final Body body;
    private final Kernel.@Nullable Rule rule;
    private final Check check;
    private final boolean resultRule;
    private final @Nullable String refusal;
    private final boolean writesGradients;
    private final boolean ownBackward;
    private final boolean idempotent;
    private final ConcurrentHashMap<Long, Kernel> kernels = new ConcurrentHashMap<>();
    /** The kernels of tensors of one dtype and of a floating-point tensor with a number: what is called most. */
    private final @Nullable Kernel[] uniform = new Kernel[Dtype.values().length];

    private final @Nullable Kernel[] numbered = new Kernel[Dtype.values().length];

    private Elementwise(Builder b) {
        this.name = b.name;
        this.node = b.node;
        this.numberNode = b.numberNode;
        this.operands = b.operands;
        this.parameters = b.parameters;
        this.typing = b.typing;
        this.body = b.body;
        this.rule = b.rule;
        this.check = b.check;
        this.resultRule = b.resultRule;
        this.refusal = b.refusal;
        this.writesGradients = b.writesGradients;
        this.ownBackward = b.ownBackward;
        this.idempotent = b.idempotent;
        this.rounds = b.operands == 2 && !b.wide;
    }

    /** PyTorch's name, such as {@code exp}. */
    public String name() {
        return name;
    }

    /** The number of operands, each a tensor or a number. */
    public int operands() {
        return operands;
    }

    /** The number of parameters: numbers that no tensor can stand for. */
    public int parameters() {
        return parameters;
    }

    /** How types are found. */
    public Typing typing() {
        return typing;
    }

    /** Whether the gradients are written down, or follow from the expression. */
    public boolean hasRule() {
        return rule != null;
    }

    /** As {@link #call(Object[])} of three arguments or more. */
    public Tensor call(Object first, Object second, Object third, Object... more) {
        Object[] all = new Object[3 + more.length];
        all[0] = first;
        all[1] = second;
        all[2] = third;
        System.arraycopy(more, 0, all, 3, more.length);
        return call(all);
    }

    /**
     * Of operands, each a {@link Tensor} or a {@link Number}, at least one a tensor, and then the parameters. An array:
     * calls of one tensor, or of one with another or with a number, are to find the methods below, which are quick.
     */
    public Tensor call(Object[] arguments) {
        Dtype common = common(arguments);
        check.of(computeType(common), arguments);
        Kernel k = kernel(arguments, common, null);
        return k.call(tensors(arguments), scalars(arguments, k));
    }

    /** As {@link #call(Object[])} of one operand. */
    public Tensor call(Tensor a) {
        Kernel k = operands == 1 ? uniform[a.dtype().ordinal()] : null;
        if (k != null) return k.call(new Tensor[] {a}, NONE);
        if (operands == 1) learn(uniform, a.dtype(), a);
        return call(new Object[] {a});
    }

    /** As {@link #call(Object[])} of two operands. */
    public Tensor call(Tensor a, Tensor b) {
        if (b == null) throw missing(1);
        Dtype type = a.dtype();
        if (operands == 2 && type == b.dtype()) {
            Kernel k = uniform[type.ordinal()];
            if (k != null) return k.call(new Tensor[] {a, b}, NONE);
            learn(uniform, type, a, b);
        }
        return call(new Object[] {a, b});
    }

    /** As {@link #call(Object[])} of a tensor and a number. */
    public Tensor call(Tensor a, Number b) {
        if (b == null) throw missing(1);
        Dtype type = a.dtype();
        Kernel k = numbered[type.ordinal()];
        if (k != null) return k.call(new Tensor[] {a}, new long[] {Double.doubleToRawLongBits(b.doubleValue())});
        if (operands == 2 && type.isFloatingPoint()) learn(numbered, type, a, b);
        return call(new Object[] {a, b});
    }

    /** Remembers the kernel of operands that are all of one type, whose common type that is, where nothing is checked. */
    private void learn(@Nullable Kernel[] kernels, Dtype type, Object... arguments) {
        if (check != NO_CHECK || parameters > 0 || typing.condition >= 0) return;
        if (rounds && type.isHalf()) return;
        if (typing == Typing.FLOAT && !type.isFloatingPoint()) return;
        Kernel k = kernel(arguments, type, null);
        for (Dtype scalar : k.program().scalars()) if (!scalar.isFloatingPoint()) return;
        kernels[type.ordinal()] = k;
    }

    /** The sum, or the mean, of all elements of what {@link #call} gives, floating point, none of which is written. */
    Tensor join(boolean mean, Object... arguments) {
        Kernel k = kernel(arguments, common(arguments), null);
        return k.join(tensors(arguments), scalars(arguments, k), mean, null, false);
    }

    /** The sum over dimensions, which stay, of what {@link #call} gives, floating point, none of which is written. */
    Tensor sum(int[] dims, Object... arguments) {
        Kernel k = kernel(arguments, common(arguments), null);
        return k.join(tensors(arguments), scalars(arguments, k), false, dims, true);
    }

    /** Like {@link #call}, written into the first operand; PyTorch's errors where its shape or type does not fit. */
    public Tensor callInPlace(Object... arguments) {
        Tensor self = (Tensor) arguments[typing.self];
        if (self == null) throw missing(typing.self);
        Tensor once = idempotent && self.layout().overlaps() ? once(self) : self;
        if (once != self) {
            arguments[0] = once;
            callInPlace(arguments);
            return self;
        }
        Tensor[] x = tensors(arguments);
        Grad.checkInPlace(self, x);
        Overlap.check(self, x);
        checkShape(self, x);
        Dtype common = common(arguments);
        check.of(computeType(common), arguments);
        Promotion.checkCast(resultType(common), self.dtype());
        Promotion.device(name, x);
        Kernel k = kernel(arguments, common, self.dtype());
        return k.callInPlace(self, x, scalars(arguments, k));
    }

    /** A view of each place once. */
    private static Tensor once(Tensor x) {
        for (int d = 0; d < x.dim(); d++) if (x.stride(d) == 0 && x.size(d) > 1) x = x.narrow(d, 0, 1);
        return x;
    }

    private static void checkShape(Tensor self, Tensor[] x) {
        long[] sizes = self.layout().sizes();
        long[] all = sizes;
        for (Tensor t : x) all = Broadcast.shape(all, t.layout().sizes());
        if (!Arrays.equals(all, sizes)) {
            throw new CotangentException("output with shape " + Arrays.toString(sizes)
                    + " doesn't match the broadcast shape " + Arrays.toString(all));
        }
    }

    private TypeException missing(int operand) {
        String argument = operand == 0 ? "input" : operands == 2 ? "other" : "tensor" + operand;
        return new TypeException(name + "(): argument '" + argument + "' (position " + operand
                + ") must be Tensor, not NoneType. In Java it is"
                + " null, as grad() is before backward() has reached the tensor.");
    }

    private Dtype common(Object[] arguments) {
        for (int i = 0; i < operands; i++) if (arguments[i] == null) throw missing(i);
        if (operands == 1) return ((Tensor) arguments[0]).dtype();
        if (typing == Typing.FILL) return ((Tensor) arguments[0]).dtype();
        int first = typing.self;
        Object[] values = new Object[operands - first];
        System.arraycopy(arguments, first, values, 0, values.length);
        return Promotion.resultType(values);
    }

    /** The type of the result from the operands' common type. */
    Dtype resultType(Dtype common) {
        return switch (typing) {
            case COMPARE, LOGIC -> Dtype.BOOL;
            case FLOAT -> common.isFloatingPoint() ? common : Promotion.defaultDtype();
            default -> common;
        };
    }

    private Dtype computeType(Dtype common) {
        return typing == Typing.FLOAT ? resultType(common) : common;
    }

    private Tensor[] tensors(Object[] arguments) {
        int n = 0;
        for (int i = 0; i < operands; i++) if (arguments[i] instanceof Tensor) n++;
        Tensor[] x = new Tensor[n];
        n = 0;
        for (int i = 0; i < operands; i++) if (arguments[i] instanceof Tensor t) x[n++] = t;
        return x;
    }

    private long[] scalars(Object[] arguments, Kernel k) {
        List<Dtype> types = k.program().scalars();
        if (types.isEmpty()) return NONE;
        long[] s = new long[types.size()];
        int n = 0;
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof Tensor) continue;
            Object value = i < operands ? rounded(arguments[i], arguments[1 - Math.min(i, 1)]) : arguments[i];
            s[n] = Promotion.bits(value, types.get(n++));
        }
        return s;
    }

    /** A number as a half type beside it has it, by way of float32 as in PyTorch. */
    private Object rounded(Object number, Object beside) {
        if (!rounds || !(beside instanceof Tensor t) || !t.dtype().isHalf()) return number;
        if (!(number instanceof Number n)) return number;
        float value = n.floatValue();
        return t.dtype() == Dtype.FLOAT16
                ? Float.float16ToFloat(Elements.float16(value))
                : Float.intBitsToFloat(Elements.bfloat16(value) << 16);
    }

    private static final long[] NONE = {};
    private static final Check NO_CHECK = (type, arguments) -> {};

    private Kernel kernel(Object[] arguments, Dtype common, @Nullable Dtype into) {
        long key = common.ordinal() + 1 + 16L * (into == null ? 0 : into.ordinal() + 1);
        // The default dtype may change.
        key += 256L * resultType(common).ordinal();
        for (int i = 0; i < operands; i++) {
            key = key * 16 + (arguments[i] instanceof Tensor t ? t.dtype().ordinal() + 1 : 0);
        }
        Kernel k = kernels.get(key);
        return k != null ? k : kernels.computeIfAbsent(key, unused -> make(arguments, common, into));
    }

    private Kernel make(Object[] arguments, Dtype common, @Nullable Dtype into) {
        Dtype result = resultType(common);
        Dtype compute = computeType(common).computeType();
        if (typing == Typing.LOGIC) compute = Dtype.BOOL;
        Exprs e = new Exprs();
        List<Dtype> types = new ArrayList<>();
        List<Dtype> scalars = new ArrayList<>();
        int[] operandOf = new int[operands];
        Expr[] x = new Expr[operands];
        boolean numberLast = false;
        for (int i = 0; i < operands; i++) {
            Dtype want = i == typing.condition ? Dtype.BOOL : compute;
            if (arguments[i] instanceof Tensor t) {
                operandOf[i] = types.size();
                Expr value = e.input(types.size(), t.dtype());
                boolean narrows = rounds && common.isHalf() && t.dtype().isFloatingPoint();
                x[i] = (narrows ? value.cast(common) : value).cast(want);
                types.add(t.dtype());
            } else {
                operandOf[i] = -1 - scalars.size();
                x[i] = e.scalar(scalars.size(), want);
                scalars.add(want);
                numberLast = i > 0;
            }
        }
        int numbers = scalars.size();
        Expr[] p = new Expr[parameters];
        for (int i = 0; i < parameters; i++) {
            p[i] = e.scalar(scalars.size(), compute);
            scalars.add(compute);
        }
        // A half type rounds once, after the whole operation.
        Expr root = body.of(x, p).cast(result);
        if (into != null) root = root.cast(into);
        Program program = new Program(types, scalars, List.of(root));
        Kernel.Gradients gradients = new Kernel.Gradients(
                rule, operandOf, typing.condition, resultRule, refusal, writesGradients, ownBackward);
        int[] edges = numberLast && !numberNode.equals(node) ? Kernel.inputs(types.size()) : operandOf;
        boolean[] linked = new boolean[types.size()];
        Arrays.fill(linked, true);
        return new Kernel(numberLast ? numberNode : node, program, numbers, gradients, edges, linked);
    }

    /** Starts a row. */
    static Builder row(String name, Typing typing, int operands, int parameters, Body body) {
        return new Builder(name, typing, operands, parameters, body);
    }

    /** A row being written. */
    static final class Builder {
        private final String name;
        private final Typing typing;
        private final int operands;
        private final int parameters;
        private final Body body;
        private String node;
        private String numberNode;
        private Kernel.@Nullable Rule rule;
        private Check check = NO_CHECK;
        private boolean resultRule;
        private @Nullable String refusal;
        private boolean writesGradients;
        private boolean ownBackward;
        private boolean idempotent;
        private boolean wide;

        private Builder(String name, Typing typing, int operands, int parameters, Body body) {
            this.name = name;
            this.typing = typing;
            this.operands = operands;
            this.parameters = parameters;
            this.body = body;
            this.node = nodeName(name);
            this.numberNode = node;
        }

        /** As PyTorch's: words and what follows a digit with a capital, such as {@code Log1PBackward0}. */
        private static String nodeName(String name) {
            StringBuilder camel = new StringBuilder();
            char before = '_';
            for (char c : name.toCharArray()) {
                boolean starts = before == '_' || Character.isDigit(before);
                if (c != '_') camel.append(starts ? Character.toUpperCase(c) : c);
                before = c;
            }
            return camel + "Backward0";
        }

        /** The backward node's name where it is not made from the operation's. */
        Builder node(String value) {
            node = value;
            numberNode = value;
            return this;
        }

        /** The node's name where an operand after the first is a number. */
        Builder numberNode(String value) {
            numberNode = value;
            return this;
        }

        /** Differentiates the last primitive in terms of the result, which is kept instead of the operand. */
        Builder keepsResult() {
            resultRule = true;
            return this;
        }

        /** Gradients in place of the symbolic ones. */
        Builder grad(Kernel.Rule value) {
            rule = value;
            return this;
        }

        /** A check of the operands, after those there are. */
        Builder check(Check value) {
            check = check == NO_CHECK ? value : check.and(value);
            return this;
        }

        /** Refuses numbers, from an argument on, that the type it computes in does not hold. */
        Builder holds(int from) {
            return check((type, arguments) -> {
                for (int i = from; i < arguments.length; i++) {
                    if (!(arguments[i] instanceof Tensor)) Promotion.checkHolds(arguments[i], type);
                }
            });
        }

        /** PyTorch writes zeros into a gradient in place: its memory counts one write. */
        Builder writesGradients() {
            writesGradients = true;
            return this;
        }

        /**
         * PyTorch's backward is an operation of its own: what it reads counts as having a gradient, even if that is 0.
         */
        Builder ownBackward() {
            ownBackward = true;
            return this;
        }

        /** No derivative: a backward pass through it is an error. */
        Builder notDifferentiable() {
            refusal = "derivative for aten::" + name + " is not implemented";
            node("torch::autograd::NotImplemented");
            return this;
        }

        /** Takes numbers, and tensors without dimensions, beside a half type with all of their bits. */
        Builder wide() {
            wide = true;
            return this;
        }

        /** Of one operand, and the same whether done once or twice: in place also where places coincide. */
        Builder idempotent() {
            idempotent = true;
            return this;
        }

        Elementwise done() {
            return new Elementwise(this);
        }
    }
}
