package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.UnsupportedException;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Overlap;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.internal.ops.Scalar;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The definition (schema) of an element-wise operation of PyTorch, registered in {@link ElementwiseOps}. It determines
 * the forward for every combination of operand dtypes, gradients of any order, and the in-place variant.
 *
 * <p>Subclasses have the signatures of calls, so that the compiler checks them: {@link UnaryOp}, {@link BinaryOp} and
 * {@link TernaryOp} take one to three operands, each a tensor or, after the first, a scalar that promotes like one;
 * {@code WithScalar} and the like take parameters after the operands: numbers that cannot be tensors.
 */
public abstract sealed class ElementwiseOp
        permits UnaryOp,
                UnaryOp.WithScalar,
                UnaryOp.WithTwoScalars,
                UnaryOp.WithThreeScalars,
                BinaryOp,
                BinaryOp.WithScalar,
                TernaryOp,
                TernaryOp.WithScalar,
                QuaternaryOp {
    /** Determines the compute dtype of an operation, and the dtype of its result. */
    public enum TypePromotion {
        /** The operands' common dtype. */
        PROMOTE,
        /** The operands' common dtype; float32 for integers. */
        FLOAT,
        /** Computes in the operands' common dtype and returns bool. */
        COMPARE,
        /** Converts the operands to bool and returns bool. */
        LOGIC,
        /** The common integer or bool dtype; floating point is an error. */
        BITS,
        /** The first operand is a condition; the common dtype of the others. */
        SELECT(0, 1),
        /** The second operand is a condition; the third is converted to the dtype of the first, as is the result. */
        FILL(1, 0);

        private final int condition;
        private final int self;

        TypePromotion() {
            this(-1, 0);
        }

        TypePromotion(int condition, int self) {
            this.condition = condition;
            this.self = self;
        }

        /** Returns the index of the operand that is a condition, or -1. */
        public int condition() {
            return condition;
        }

        /** Returns the index of the operand that the in-place variant writes. */
        public int self() {
            return self;
        }
    }

    /** Rare properties. */
    enum Trait {
        /** The last primitive is differentiated in terms of the result, which is saved instead of the operand. */
        SAVES_RESULT,
        /** PyTorch zeros the gradient in place first, so that its version counts one write. */
        WRITES_GRADIENT,
        /** PyTorch's backward is an operation of its own; gradients flow to all its operands, even if they are 0. */
        OWN_BACKWARD,
        /** Applying it twice equals once: the in-place form accepts tensors whose elements alias. */
        IDEMPOTENT,
        /** PyTorch records nothing: the result never requires a gradient. */
        NOT_RECORDED,
        /** Scalars and 0-dimensional tensors are not rounded to the other operand's half dtype. */
        EXACT_SCALARS,
        /** It is defined for complex numbers, and holomorphic where it is differentiable. */
        COMPLEX
    }

    /**
     * The error of a backward pass to an operand.
     *
     * @param message PyTorch's
     * @param whole whether the operation has no derivative at all, which is another kind of error
     */
    record NotDifferentiable(String message, boolean whole) {
        CotangentException error() {
            return whole ? new CotangentException(message) : new UnsupportedException(message);
        }
    }

    /** Defines the result of one element as an expression over operands and parameters. */
    @FunctionalInterface
    interface Body {
        /** Returns the result. */
        Expr of(Expr[] x, Expr[] p);
    }

    /**
     * The dtypes of a call.
     *
     * @param common the compute dtype
     * @param operands the dtype of each operand, null for a scalar
     * @param onCpu whether all tensors are on the CPU
     * @param complex whether the compute dtype is complex, and the operation is defined for it
     */
    record Types(Dtype common, @Nullable Dtype[] operands, boolean onCpu, boolean complex) {}

    /** Checks dtypes, once per combination. */
    @FunctionalInterface
    interface TypeCheck {
        /** Throws PyTorch's error if the operation does not support the dtypes. */
        void of(Types types);
    }

    /** Checks a scalar of every call. */
    @FunctionalInterface
    interface ScalarCheck {
        /** Throws PyTorch's error if the operation does not accept the scalar in its compute dtype. */
        void of(Dtype type, Scalar value);
    }

    static final long[] NO_SCALARS = {};
    private static final Dtype[] DTYPES = Dtype.values();

    private final String name;
    private final String node;
    private final String scalarNode;
    private final int operands;
    private final int parameters;
    final TypePromotion promotion;
    private final Set<Trait> traits;
    private final boolean idempotent;
    /** Whether scalars and 0-dimensional tensors are first rounded to the other operand's half dtype. */
    final boolean rounds;

    private final Body body;
    private final ElementwiseKernel.@Nullable Rule rule;
    private final List<TypeCheck> typeChecks;
    /** Checks scalar operands. */
    final @Nullable ScalarCheck operandCheck;
    /** Checks parameters. */
    final @Nullable ScalarCheck parameterCheck;

    /** PyTorch's error of complex operands, if it is not that of a missing kernel. */
    private final @Nullable String complexRefusal;

    private final @Nullable NotDifferentiable[] notDifferentiable;
    private final ConcurrentHashMap<Long, ElementwiseKernel> kernels = new ConcurrentHashMap<>();
    /** Cached kernels of tensors of a single dtype (conditions bool): the most frequent calls. */
    private final @Nullable ElementwiseKernel[] uniform = new ElementwiseKernel[DTYPES.length];

    ElementwiseOp(Definition<?> d) {
        this.name = d.name;
        this.node = d.node;
        this.scalarNode = d.scalarNode;
        this.operands = d.operands;
        this.parameters = d.parameters;
        this.promotion = d.promotion;
        this.body = d.body;
        this.rule = d.rule;
        this.typeChecks = List.copyOf(d.typeChecks);
        this.operandCheck = d.operandCheck;
        this.parameterCheck = d.parameterCheck;
        this.complexRefusal = d.complexRefusal;
        this.notDifferentiable = d.notDifferentiable.clone();
        this.traits = d.traits.clone();
        this.idempotent = traits.contains(Trait.IDEMPOTENT);
        this.rounds = operands == 2 && !traits.contains(Trait.EXACT_SCALARS);
    }

    /** Returns PyTorch's name, such as {@code exp}. */
    public String name() {
        return name;
    }

    /** Returns the number of operands, each a tensor or, after the first, a scalar. */
    public int operands() {
        return operands;
    }

    /** Returns the number of parameters: numbers that cannot be tensors. */
    public int parameters() {
        return parameters;
    }

    /** Returns whether a gradient flows to an operand; to others a backward pass raises an error. */
    public boolean isDifferentiable(int operand) {
        return notDifferentiable[operand] == null;
    }

    /** Returns how dtypes are promoted. */
    public TypePromotion promotion() {
        return promotion;
    }

    // Helpers of the subclasses' calls

    /** Returns the cached kernel of tensors of one dtype, or null: then call {@link #find}. */
    final @Nullable ElementwiseKernel uniform(Dtype type) {
        return uniform[type.ordinal()];
    }

    /** Caches the kernel of tensors of one dtype. */
    final ElementwiseKernel remember(Dtype type, ElementwiseKernel kernel) {
        // Integers promote to the default dtype, which may change.
        if (promotion != TypePromotion.FLOAT || type.isDifferentiable()) uniform[type.ordinal()] = kernel;
        return kernel;
    }

    /** Returns the operand dtypes packed into an int: 4 bits each, 0 for a scalar. */
    static int types(Tensor a) {
        return a.dtype().ordinal() + 1;
    }

    static int types(Tensor a, @Nullable Tensor b) {
        return types(a) | (b == null ? 0 : types(b) << 4);
    }

    static int types(Tensor a, @Nullable Tensor b, @Nullable Tensor c) {
        return types(a, b) | (c == null ? 0 : types(c) << 8);
    }

    /** Returns whether all tensors have one dtype, a condition bool. */
    final boolean isUniform(Dtype type, Tensor a, Tensor b, Tensor c) {
        return a.dtype() == (promotion.condition == 0 ? Dtype.BOOL : type)
                && b.dtype() == (promotion.condition == 1 ? Dtype.BOOL : type)
                && c.dtype() == type;
    }

    /** Returns whether all tensors are on the CPU; null is a scalar. */
    static boolean onCpu(Tensor a, @Nullable Tensor b, @Nullable Tensor c) {
        return a.device().isCpu()
                && (b == null || b.device().isCpu())
                && (c == null || c.device().isCpu());
    }

    /**
     * Returns the kernel of operand dtypes; checks them when it is created.
     *
     * @param types result of {@link #types}
     * @param common the operands' common dtype
     */
    final ElementwiseKernel find(int types, Dtype common, boolean onCpu) {
        return find(types, common, null, onCpu);
    }

    /** Returns the kernel of an in-place call; throws PyTorch's error if the result cannot be cast to {@code into}. */
    final ElementwiseKernel findInPlace(int types, Dtype common, Dtype into, boolean onCpu) {
        return find(types, common, into == resultType(common) ? null : into, onCpu);
    }

    private ElementwiseKernel find(int types, Dtype common, @Nullable Dtype into, boolean onCpu) {
        long key = types
                | (long) common.ordinal() << 16
                | (into == null ? 0L : into.ordinal() + 1L) << 24
                // The default dtype may change.
                | (long) resultType(common).ordinal() << 32;
        ElementwiseKernel known = kernels.get(key);
        if (known != null) return known;
        @Nullable Dtype[] dtypes = new Dtype[operands];
        for (int i = 0; i < operands; i++) {
            int code = types >> 4 * i & 15;
            dtypes[i] = code == 0 ? null : DTYPES[code - 1];
        }
        boolean isDefined = !common.isComplex() || traits.contains(Trait.COMPLEX);
        Types checked = new Types(computeType(common), dtypes, onCpu, common.isComplex() && isDefined);
        if (!isDefined && complexRefusal != null) throw new UnsupportedException(complexRefusal);
        for (TypeCheck check : typeChecks) check.of(checked);
        if (!isDefined) throw Promotion.notImplemented(name + (onCpu ? "_cpu" : "_cuda"), common);
        if (into != null) Promotion.checkCast(resultType(common), into);
        return kernels.computeIfAbsent(key, unused -> make(dtypes, common, into));
    }

    /** Returns the bits of a scalar operand, rounded as the operation requires. */
    final long operandBits(ElementwiseKernel kernel, int i, Scalar value, Dtype common) {
        if (operandCheck != null) operandCheck.of(computeType(common), value);
        return value.bits(kernel.scalarType(i));
    }

    /**
     * Works as {@link #operandBits(ElementwiseKernel, int, Scalar, Dtype)} with a scalar that a tensor's dtype may
     * round.
     */
    final long operandBits(ElementwiseKernel kernel, int i, Scalar value, Dtype common, Tensor other) {
        if (!rounds || !other.dtype().isHalf()) return operandBits(kernel, i, value, common);
        if (operandCheck != null) operandCheck.of(computeType(common), value);
        return value.rounded(other.dtype()).bits(kernel.scalarType(i));
    }

    /** Returns the bits of a parameter. */
    final long parameterBits(ElementwiseKernel kernel, int i, Number value, Dtype common) {
        if (value == null) throw new TypeException(name + "(): a parameter must be a number, not null");
        Dtype type = kernel.scalarType(i);
        if (parameterCheck == null && type.isFloatingPoint()) return Double.doubleToRawLongBits(value.doubleValue());
        Scalar scalar = Scalar.of(value);
        if (parameterCheck != null) parameterCheck.of(computeType(common), scalar);
        return scalar.bits(type);
    }

    /** Throws PyTorch's error if a tensor cannot be written in place by an operation on up to three tensors. */
    final void checkInPlace(Tensor self, Tensor a, @Nullable Tensor b, @Nullable Tensor c) {
        boolean grad = a.requiresGrad() || b != null && b.requiresGrad() || c != null && c.requiresGrad();
        GradientRule.checkInPlace(self, grad);
        Overlap.check(self, a);
        if (b != null) Overlap.check(self, b);
        if (c != null) Overlap.check(self, c);
        long[] sizes = Internals.layout(self).sizes();
        long[] all = Broadcast.shape(sizes, Internals.layout(a).sizes());
        if (b != null) all = Broadcast.shape(all, Internals.layout(b).sizes());
        if (c != null) all = Broadcast.shape(all, Internals.layout(c).sizes());
        if (!Arrays.equals(all, sizes)) {
            throw new CotangentException("output with shape " + Arrays.toString(sizes)
                    + " doesn't match the broadcast shape " + Arrays.toString(all));
        }
    }

    /** Throws PyTorch's error if the tensors of an in-place call are on several devices. */
    final void checkDevices(Tensor a, Tensor b) {
        if (Internals.backend(a) != Internals.backend(b)) Promotion.device(name, a, b);
    }

    /** Throws PyTorch's error if the tensors of an in-place call are on several devices. */
    final void checkDevices(Tensor a, Tensor b, Tensor c) {
        if (Internals.backend(a) != Internals.backend(b) || Internals.backend(a) != Internals.backend(c))
            Promotion.device(name, a, b, c);
    }

    /** Returns a view without aliased elements, if the operation may write the tensor like this. */
    final Tensor once(Tensor x) {
        if (!idempotent || !Internals.layout(x).overlaps()) return x;
        for (int d = 0; d < x.dim(); d++) if (x.stride(d) == 0 && x.size(d) > 1) x = x.narrow(d, 0, 1);
        return x;
    }

    /** Returns PyTorch's error of a null operand. */
    final TypeException missing(int operand) {
        String argument = operand == 0 ? "input" : operands == 2 ? "other" : "tensor" + operand;
        return new TypeException(
                name + "(): argument '" + argument + "' (position " + operand + ") must be Tensor, not NoneType."
                        + " In Java it is null, as grad() is before backward() has reached the tensor.");
    }

    /** Returns the result's dtype for the operands' common dtype. */
    final Dtype resultType(Dtype common) {
        return switch (promotion) {
            case COMPARE, LOGIC -> Dtype.BOOL;
            case FLOAT -> common.isDifferentiable() ? common : Promotion.defaultDtype();
            default -> common;
        };
    }

    private Dtype computeType(Dtype common) {
        return promotion == TypePromotion.FLOAT ? resultType(common) : common;
    }

    private ElementwiseKernel make(@Nullable Dtype[] dtypes, Dtype common, @Nullable Dtype into) {
        Dtype result = resultType(common);
        Dtype compute = computeType(common).computeType();
        if (promotion == TypePromotion.LOGIC) compute = Dtype.BOOL;
        Exprs e = new Exprs();
        List<Dtype> types = new ArrayList<>();
        List<Dtype> scalars = new ArrayList<>();
        int[] operandOf = new int[operands];
        Expr[] x = new Expr[operands];
        boolean scalarLast = false;
        for (int i = 0; i < operands; i++) {
            Dtype want = i == promotion.condition ? Dtype.BOOL : compute;
            Dtype dtype = dtypes[i];
            if (dtype != null) {
                operandOf[i] = types.size();
                Expr value = e.input(types.size(), dtype);
                boolean narrows = rounds && common.isHalf() && dtype.isFloatingPoint();
                x[i] = (narrows ? value.cast(common) : value).cast(want);
                types.add(dtype);
            } else {
                operandOf[i] = -1 - scalars.size();
                x[i] = e.scalar(scalars.size(), want);
                scalars.add(want);
                scalarLast = i > 0;
            }
        }
        int scalarOperands = scalars.size();
        Expr[] p = new Expr[parameters];
        for (int i = 0; i < parameters; i++) {
            p[i] = e.scalar(scalars.size(), compute);
            scalars.add(compute);
        }
        // Half types round once, after the whole operation.
        Expr root = body.of(x, p).cast(result);
        if (into != null) root = root.cast(into);
        Program program = new Program(types, scalars, List.of(root));
        ElementwiseKernel.Gradients gradients =
                new ElementwiseKernel.Gradients(rule, operandOf, promotion.condition, notDifferentiable, traits);
        int[] edges = scalarLast && !scalarNode.equals(node) ? ElementwiseKernel.inputs(types.size()) : operandOf;
        boolean[] differentiable = new boolean[types.size()];
        Arrays.fill(differentiable, true);
        return new ElementwiseKernel(
                scalarLast ? scalarNode : node, program, scalarOperands, gradients, edges, differentiable);
    }

    /** A definition under construction. */
    public static final class Definition<O extends ElementwiseOp> {
        private final String name;
        private final TypePromotion promotion;
        private final int operands;
        private final int parameters;
        private final Body body;
        private final Function<Definition<O>, O> maker;
        private final List<TypeCheck> typeChecks = new ArrayList<>();
        private final EnumSet<Trait> traits = EnumSet.noneOf(Trait.class);
        private String node;
        private String scalarNode;
        private ElementwiseKernel.@Nullable Rule rule;
        private @Nullable ScalarCheck operandCheck;
        private @Nullable ScalarCheck parameterCheck;
        private @Nullable String complexRefusal;
        private final @Nullable NotDifferentiable[] notDifferentiable;

        Definition(
                String name,
                TypePromotion promotion,
                int operands,
                int parameters,
                Body body,
                Function<Definition<O>, O> maker) {
            this.name = name;
            this.promotion = promotion;
            this.operands = operands;
            this.parameters = parameters;
            this.body = body;
            this.maker = maker;
            this.node = nodeName(name);
            this.scalarNode = node;
            this.notDifferentiable = new NotDifferentiable[operands];
        }

        /** Returns PyTorch's capitalization: words, and letters after a digit, such as {@code Log1PBackward0}. */
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

        /** Sets the backward node's name if it does not follow from the operation's. */
        Definition<O> node(String value) {
            node = value;
            scalarNode = value;
            return this;
        }

        /** Sets the backward node's name for calls with a scalar operand. */
        Definition<O> scalarNode(String value) {
            scalarNode = value;
            return this;
        }

        /** Differentiates the last primitive in terms of the result, which is saved instead of the operand. */
        Definition<O> savesResult() {
            traits.add(Trait.SAVES_RESULT);
            return this;
        }

        /** Replaces the symbolic gradients. */
        public Definition<O> grad(ElementwiseKernel.Rule value) {
            rule = value;
            return this;
        }

        /** Adds a check of the dtypes. */
        Definition<O> check(TypeCheck value) {
            typeChecks.add(value);
            return this;
        }

        /** Adds a check of the parameters. */
        Definition<O> checkParameters(ScalarCheck value) {
            ScalarCheck before = parameterCheck;
            parameterCheck = before == null
                    ? value
                    : (type, scalar) -> {
                        before.of(type, scalar);
                        value.of(type, scalar);
                    };
            return this;
        }

        /** Rejects parameters that the compute dtype cannot hold. */
        Definition<O> holdsParameters() {
            return checkParameters((type, scalar) -> scalar.checkHeldBy(type));
        }

        /** Rejects scalar operands that the compute dtype cannot hold. */
        Definition<O> holdsScalars() {
            operandCheck = (type, scalar) -> scalar.checkHeldBy(type);
            return this;
        }

        /** Sets that PyTorch zeros the gradient in place first: its version counts one write. */
        Definition<O> writesGradients() {
            traits.add(Trait.WRITES_GRADIENT);
            return this;
        }

        /**
         * Sets that PyTorch's backward is an operation of its own: gradients flow to its operands, even if they are
         * 0.
         */
        Definition<O> ownBackward() {
            traits.add(Trait.OWN_BACKWARD);
            return this;
        }

        /** Sets that the operation is not differentiable: a backward pass throws. */
        Definition<O> notDifferentiable() {
            String message = "derivative for aten::" + name + " is not implemented";
            Arrays.fill(notDifferentiable, new NotDifferentiable(message, true));
            return node("torch::autograd::NotImplemented");
        }

        /** Defines that there is no derivative with respect to an operand, which PyTorch's error calls by that name. */
        Definition<O> notDifferentiable(int operand, String called) {
            String message = "the derivative for '" + called + "' is not implemented.";
            notDifferentiable[operand] = new NotDifferentiable(message, false);
            return this;
        }

        /** Sets that the operation is defined for complex numbers. */
        Definition<O> complex() {
            traits.add(Trait.COMPLEX);
            return this;
        }

        /** Sets PyTorch's error of complex operands. */
        Definition<O> refusesComplex(String message) {
            complexRefusal = message;
            return this;
        }

        /** Defines that the operation is not recorded: its result never requires a gradient. */
        Definition<O> notRecorded() {
            traits.add(Trait.NOT_RECORDED);
            return this;
        }

        /** Sets that scalars and 0-dimensional tensors are not rounded to the other operand's half dtype. */
        Definition<O> exactScalars() {
            traits.add(Trait.EXACT_SCALARS);
            return this;
        }

        /** Sets that applying it twice equals once: in place, elements may alias. */
        Definition<O> idempotent() {
            traits.add(Trait.IDEMPOTENT);
            return this;
        }

        /** Returns the operation. */
        public O done() {
            return maker.apply(this);
        }
    }
}
