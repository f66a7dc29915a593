package dev.cotangent.internal.ops.elementwise;

import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.ElementForm;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.fusion.FusionPolicy;
import dev.cotangent.internal.ops.Axes;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.Overlap;
import dev.cotangent.internal.ops.Promotion;
import dev.cotangent.ir.ComplexLowering;
import dev.cotangent.ir.Derivatives;
import dev.cotangent.ir.Expr;
import dev.cotangent.ir.Exprs;
import dev.cotangent.ir.Program;
import dev.cotangent.ir.ScalarOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An element-wise operation for given operand dtypes: its program, and as derivatives further kernels, created on
 * first use. Only tensors that the derivatives read are saved for the backward pass.
 */
final class ElementwiseKernel {
    /** The index of the result among the tensors that a derivative reads. */
    static final int RESULT = -1;

    /** Defines the gradients explicitly, from the result's gradient, the operands and the result. */
    public interface Rule {
        /** Returns one expression per operand, in the compute type; null for no gradient. */
        @Nullable
        Expr[] of(Expr g, Expr[] x, Expr[] p, Expr y);
    }

    /**
     * The gradient of one input.
     *
     * @param kernel computes it from the result's gradient and the saved tensors
     * @param reads the saved tensors: indices of inputs, or {@link #RESULT}
     * @param readsScalar whether it reads a scalar operand
     */
    record Derivative(ElementwiseKernel kernel, int[] reads, boolean readsScalar) {}

    /**
     * The definition of the gradients.
     *
     * @param rule explicit gradients, or null for symbolic differentiation
     * @param operandOf the input of each operand of the rule or, for a scalar, -1 - its index
     * @param condition index of the operand that is a condition, or -1
     * @param notDifferentiable for each operand the error of a backward pass to it, or null if it has a gradient; empty if
     *     all have
     * @param traits the operation's traits, those of its gradients included
     */
    record Gradients(
            @Nullable Rule rule,
            int[] operandOf,
            int condition,
            ElementwiseOp.@Nullable NotDifferentiable[] notDifferentiable,
            Set<ElementwiseOp.Trait> traits) {
        static final Gradients SYMBOLIC =
                new Gradients(null, new int[0], -1, new ElementwiseOp.NotDifferentiable[0], Set.of());

        boolean has(ElementwiseOp.Trait trait) {
            return traits.contains(trait);
        }
    }

    private final String node;
    private final Program program;
    private final int scalarOperands;
    private final Gradients gradients;
    private final int[] edges;
    private final boolean[] differentiable;
    private final Dtype result;
    private final boolean recorded;
    private final boolean writesGradients;
    private final @Nullable Derivative[] derivatives;
    /**
     * The bits of the inputs whose conjugates the program reads, and after them that of the output, if its conjugate is the
     * result: the gradient of a holomorphic function is {@code conj(conj(g) * f'(x))}.
     */
    private final int conjugated;
    /** Programs over real and imaginary parts, by the operands that are conjugated; null of real kernels. */
    private final @Nullable ConcurrentHashMap<Integer, Program> lowered;

    /**
     * Creates a kernel from a program.
     *
     * @param node the name of its backward node
     * @param program one input per tensor, one output
     * @param scalarOperands how many of the leading scalars are operands; the others are parameters
     * @param gradients the definition of the gradients
     * @param edges the input of each edge of the node, negative for a scalar operand
     * @param differentiable which inputs are differentiable
     */
    ElementwiseKernel(
            String node,
            Program program,
            int scalarOperands,
            Gradients gradients,
            int[] edges,
            boolean[] differentiable) {
        this(node, program, scalarOperands, gradients, edges, differentiable, 0);
    }

    private ElementwiseKernel(
            String node,
            Program program,
            int scalarOperands,
            Gradients gradients,
            int[] edges,
            boolean[] differentiable,
            int conjugated) {
        this.conjugated = conjugated;
        this.node = node;
        this.program = program;
        this.scalarOperands = scalarOperands;
        this.gradients = gradients;
        this.edges = edges;
        this.differentiable = differentiable;
        this.result = program.outputs().getFirst().dtype();
        boolean complex = result.isComplex();
        for (Dtype type : program.inputs()) complex |= type.isComplex();
        for (Dtype type : program.scalars()) complex |= type.isComplex();
        this.lowered = complex ? new ConcurrentHashMap<>() : null;
        this.recorded = result.isDifferentiable() && !gradients.has(ElementwiseOp.Trait.NOT_RECORDED);
        this.writesGradients = gradients.has(ElementwiseOp.Trait.WRITES_GRADIENT);
        this.derivatives = new Derivative[program.inputs().size()];
    }

    /** Returns the edges of a node with one edge per input. */
    static int[] inputs(int count) {
        return IntStream.range(0, count).toArray();
    }

    Program program() {
        return program;
    }

    Dtype result() {
        return result;
    }

    /**
     * Returns whether operands, scalars or the result are complex. Then the arrays of run-time scalars hold all real parts,
     * and after them all imaginary parts.
     */
    boolean isComplex() {
        return lowered != null;
    }

    /** Returns the dtype of a run-time scalar. */
    Dtype scalarType(int i) {
        return program.scalars().get(i);
    }

    String node() {
        return node;
    }

    /** Returns the input of each edge of the node, negative for a scalar operand. */
    int[] edges() {
        return edges;
    }

    /** Returns whether the result is the first input, the gradient. */
    boolean isGradient() {
        Expr e = program.outputs().getFirst();
        boolean isConjugate = ((conjugated ^ conjugated >> program.inputs().size()) & 1) != 0;
        return e.kind() == Expr.Kind.INPUT && e.index() == 0 && !isConjugate;
    }

    boolean writesGradients() {
        return writesGradients;
    }

    /** Returns the error of a backward pass to an input, or null if it has a gradient. */
    ElementwiseOp.@Nullable NotDifferentiable notDifferentiable(int input) {
        ElementwiseOp.@Nullable NotDifferentiable[] errors = gradients.notDifferentiable;
        for (int i = 0; i < errors.length; i++) {
            if (errors[i] != null && gradients.operandOf[i] == input) return errors[i];
        }
        return null;
    }

    /** Computes the result of a tensor of the kernel's input type; recorded if an input requires grad. */
    Tensor call(Tensor a, long[] scalars) {
        Tensor result = compute(new Strided[] {operand(a)}, scalars);
        if (recorded && requiresGrad(a, 0) && GradMode.isEnabled()) record(result, new Tensor[] {a}, scalars);
        return result;
    }

    /** Computes the result of two tensors of the kernel's input types; recorded if an input requires grad. */
    Tensor call(Tensor a, Tensor b, long[] scalars) {
        Tensor result = compute(new Strided[] {operand(a), operand(b)}, scalars);
        if (recorded && (requiresGrad(a, 0) || requiresGrad(b, 1)) && GradMode.isEnabled()) {
            record(result, new Tensor[] {a, b}, scalars);
        }
        return result;
    }

    /** Computes the result of three tensors of the kernel's input types; recorded if an input requires grad. */
    Tensor call(Tensor a, Tensor b, Tensor c, long[] scalars) {
        Tensor result = compute(new Strided[] {operand(a), operand(b), operand(c)}, scalars);
        if (recorded && (requiresGrad(a, 0) || requiresGrad(b, 1) || requiresGrad(c, 2)) && GradMode.isEnabled()) {
            record(result, new Tensor[] {a, b, c}, scalars);
        }
        return result;
    }

    /** Computes the result of any number of tensors; recorded if an input requires grad. */
    Tensor call(Tensor[] x, long[] scalars) {
        Tensor result = compute(operands(x), scalars);
        if (recorded && requiresGrad(x) && GradMode.isEnabled()) record(result, x, scalars);
        return result;
    }

    private void record(Tensor result, Tensor[] x, long[] scalars) {
        new ElementwiseNode(this, x, x, scalars).with(result).attach(result);
    }

    /** Computes the result of operands; takes over their array. */
    private Tensor compute(Strided[] in, long[] scalars) {
        if (isComplex()) return computeComplex(in, scalars);
        Strided first = in[0];
        return isContiguous(in)
                ? Internals.wrap(FusionPolicy.result(first.backend(), program, in, scalars, first.layout()))
                : broadcast(in, scalars);
    }

    /** Returns whether the operands are contiguous, of one shape and device, and the first has a result's layout. */
    private static boolean isContiguous(Strided[] in) {
        Strided first = in[0];
        Layout layout = first.layout();
        if (!layout.isDefault()) return false;
        for (int i = 1; i < in.length; i++) {
            Strided other = in[i];
            if (other.backend() != first.backend()) return false;
            Layout l = other.layout();
            if (l != layout && !(l.isContiguous() && Arrays.equals(l.sizes(), layout.sizes()))) return false;
        }
        return true;
    }

    private Strided[] operands(Tensor[] x) {
        Strided[] in = new Strided[x.length];
        for (int i = 0; i < in.length; i++) in[i] = operand(x[i]);
        return in;
    }

    private Strided operand(Tensor x) {
        return isComplex() && Internals.form(x).isComplex() ? Internals.data(x) : Internals.operand(x);
    }

    private Tensor computeComplex(Strided[] in, long[] scalars) {
        Backend backend = Promotion.backend(node, in);
        long[] sizes = expand(in, backend);
        Layout[] layouts = new Layout[in.length];
        for (int i = 0; i < in.length; i++) layouts[i] = in[i].layout();
        Strided out = Strided.uninitialized(backend, result, Broadcast.result(sizes, layouts));
        evaluateParts(out, in, scalars);
        return Internals.wrap(out);
    }

    /** Computes real and imaginary parts at once. */
    private void evaluateParts(Strided out, Strided[] in, long[] scalars) {
        int conjugates = conjugated;
        List<Strided> parts = new ArrayList<>();
        for (int i = 0; i < in.length; i++) {
            if (in[i].form() == ElementForm.CONJUGATED) conjugates ^= 1 << i;
            addParts(parts, in[i]);
        }
        if (out.form() == ElementForm.CONJUGATED) conjugates ^= 1 << in.length;
        List<Strided> outs = new ArrayList<>();
        addParts(outs, out);
        Program real = lowered.computeIfAbsent(conjugates, mask -> ComplexLowering.lower(program, mask));
        if (out.numel() == 0) return;
        for (Strided s : parts) s.storage().memory();
        out.backend().pointwise(real, outs.toArray(Strided[]::new), parts.toArray(Strided[]::new), scalars);
    }

    private static void addParts(List<Strided> parts, Strided x) {
        if (x.form().isComplex()) {
            parts.add(x.part(0));
            parts.add(x.part(1));
        } else {
            parts.add(x);
        }
    }

    private Tensor broadcast(Strided[] in, long[] scalars) {
        Backend backend = Promotion.backend(node, in);
        long[] sizes = expand(in, backend);
        Layout[] layouts = new Layout[in.length];
        for (int i = 0; i < in.length; i++) layouts[i] = in[i].layout();
        Layout layout = Broadcast.result(sizes, layouts);
        return Internals.wrap(FusionPolicy.result(backend, program, in, scalars, layout));
    }

    /** Computes the sum or mean of the elements of {@link #call}'s result without materializing them. */
    Tensor mapReduce(MapReduction reduction, Tensor[] x, long[] scalars) {
        if (isComplex()) {
            Tensor all = call(x, scalars);
            return reduction.mean()
                    ? all.mean(reduction.dims(), reduction.keepdim())
                    : all.sum(reduction.dims(), reduction.keepdim());
        }
        Strided[] in = operands(x);
        Backend backend = Promotion.backend(node, in);
        Axes axes = Axes.of(expand(in, backend), reduction.dims(), reduction.keepdim());
        Tensor result = PrologueReduction.reduce(Reduction.SUM, axes, backend, result(), program, in, scalars);
        long n = axes.count();
        boolean mean = reduction.mean();
        if (mean) PrologueReduction.divide(result, n);
        if (GradMode.isEnabled() && requiresGrad(x)) {
            UnaryOperator<Tensor> expand = g -> axes.expand(mean ? g.div(n) : g);
            new ElementwiseNode(this, x, x, scalars).expanding(expand).attach(result);
        }
        return result;
    }

    /** Computes the result of a tensor into it; the caller has checked types and history. */
    Tensor callInPlace(Tensor self, long[] scalars) {
        ElementwiseNode node = recorded && requiresGrad(self, 0) && GradMode.isEnabled()
                ? beforeWrite(self, new Tensor[] {self}, scalars)
                : null;
        return write(self, new Strided[] {operand(self, self)}, scalars, node);
    }

    /** Computes the result of two tensors into {@code self}, which is one of them. */
    Tensor callInPlace(Tensor self, Tensor a, Tensor b, long[] scalars) {
        ElementwiseNode node = recorded && (requiresGrad(a, 0) || requiresGrad(b, 1)) && GradMode.isEnabled()
                ? beforeWrite(self, new Tensor[] {a, b}, scalars)
                : null;
        return write(self, new Strided[] {operand(a, self), operand(b, self)}, scalars, node);
    }

    /** Computes the result of three tensors into {@code self}, which is one of them. */
    Tensor callInPlace(Tensor self, Tensor a, Tensor b, Tensor c, long[] scalars) {
        ElementwiseNode node =
                recorded && (requiresGrad(a, 0) || requiresGrad(b, 1) || requiresGrad(c, 2)) && GradMode.isEnabled()
                        ? beforeWrite(self, new Tensor[] {a, b, c}, scalars)
                        : null;
        return write(self, new Strided[] {operand(a, self), operand(b, self), operand(c, self)}, scalars, node);
    }

    private ElementwiseNode beforeWrite(Tensor self, Tensor[] x, long[] scalars) {
        // A derivative may read the value that is about to be overwritten.
        Tensor[] saved = x.clone();
        int index = Arrays.asList(x).indexOf(self);
        if (ElementwiseNode.reads(this, x, index)) saved[index] = self.clone();
        return new ElementwiseNode(this, x, saved, scalars);
    }

    private Strided operand(Tensor x, Tensor self) {
        Strided in = expand(operand(x), Internals.layout(self).sizes(), Internals.backend(self));
        return Overlap.withoutOverlap(in, x, self);
    }

    private Tensor write(Tensor self, Strided[] in, long[] scalars, @Nullable ElementwiseNode node) {
        if (isComplex()) evaluateParts(Internals.data(self), in, scalars);
        else write(Internals.strided(self), in, scalars);
        Internals.version(self).bump();
        if (node != null) node.with(self).rebase(self);
        return self;
    }

    /** Computes into memory, which is unchanged if an element raises. */
    private void write(Strided to, Strided[] in, long[] scalars) {
        if (!program.mayRaise()) {
            FusionPolicy.evaluateInto(program, to, in, scalars);
            return;
        }
        Backend backend = to.backend();
        Layout dense = Layout.contiguous(to.layout().sizes());
        Strided computed = new Strided(backend.allocateUnset(to.dtype(), dense.numel()), dense);
        FusionPolicy.evaluateInto(program, computed, in, scalars);
        backend.copy(computed, to);
        computed.storage().discard();
    }

    private boolean requiresGrad(Tensor[] x) {
        for (int i = 0; i < x.length; i++) if (requiresGrad(x[i], i)) return true;
        return false;
    }

    /** Returns whether an input is differentiable and requires grad. */
    boolean requiresGrad(Tensor x, int input) {
        return differentiable[input] && x.requiresGrad() && x.dtype().isDifferentiable();
    }

    /** Expands operands to their broadcast shape, in their array, and moves them to a device; returns the shape. */
    private static long[] expand(Strided[] in, Backend backend) {
        long[] sizes = in[0].layout().sizes();
        for (int i = 1; i < in.length; i++)
            sizes = Broadcast.shape(sizes, in[i].layout().sizes());
        for (int i = 0; i < in.length; i++) in[i] = expand(in[i], sizes, backend);
        return sizes;
    }

    private static Strided expand(Strided x, long[] sizes, Backend backend) {
        Strided in =
                x.backend() == backend ? x : Internals.data(Internals.wrap(x).to(backend.device()));
        Layout layout = in.layout().expand(sizes);
        return layout == in.layout() ? in : in.with(layout);
    }

    /** Returns the gradient of an input. */
    synchronized Derivative derivative(int input) {
        Derivative d = derivatives[input];
        if (d == null) derivatives[input] = d = differentiate(input);
        return d;
    }

    private Derivative differentiate(int input) {
        Exprs e = new Exprs();
        int n = program.inputs().size();
        Dtype resultType = result();
        Expr root = program.outputs().getFirst();
        // Inputs of the new program: 0 is the gradient, i + 1 the original input i, n + 1 the result.
        Expr forward = e.copy(root, leaf -> copyLeaf(leaf, leaf.index() + 1, e), new IdentityHashMap<>());
        Expr y = e.input(n + 1, resultType);
        Expr g = e.input(0, resultType);
        Dtype compute = computeType(root);
        // The gradient has the result's type: the engine reduces over broadcast dimensions before converting.
        Expr leaf = e.input(input + 1, program.inputs().get(input)).cast(compute);
        Expr gradient;
        Rule rule = gradients.rule;
        if (rule != null) {
            int[] operandOf = gradients.operandOf;
            Expr[] x = new Expr[operandOf.length];
            for (int i = 0; i < x.length; i++) {
                int k = operandOf[i];
                Expr v = k >= 0
                        ? e.input(k + 1, program.inputs().get(k))
                        : e.scalar(-1 - k, program.scalars().get(-1 - k));
                x[i] = v.cast(i == gradients.condition ? Dtype.BOOL : compute);
            }
            Expr[] p = new Expr[program.scalars().size() - scalarOperands];
            for (int i = 0; i < p.length; i++) {
                int k = scalarOperands + i;
                p[i] = e.scalar(k, program.scalars().get(k));
            }
            @Nullable Expr[] all = rule.of(g.cast(compute), x, p, y.cast(compute));
            Expr sum = null;
            for (int i = 0; i < x.length; i++) {
                Expr part = all[i];
                if (operandOf[i] == input && part != null) sum = sum == null ? part : sum.add(part);
            }
            gradient = sum == null ? leaf.like(0) : sum;
        } else {
            gradient = Derivatives.gradient(forward, g, leaf);
            if (gradients.has(ElementwiseOp.Trait.SAVES_RESULT)) gradient = inTermsOfResult(gradient, forward, y, e);
        }
        return finish(gradient.cast(resultType), n, input);
    }

    /** Substitutes the result for the expression that would recompute it. */
    private static Expr inTermsOfResult(Expr gradient, Expr forward, Expr y, Exprs e) {
        Expr inner = forward.kind() == Expr.Kind.CAST ? forward.arg(0) : forward;
        Map<Expr, Expr> known = new IdentityHashMap<>();
        known.put(inner, y.cast(inner.dtype()));
        known.put(forward, y);
        return e.copy(gradient, leaf -> leaf, known);
    }

    /** Returns the compute type: the result's dtype before the final rounding. */
    private static Dtype computeType(Expr root) {
        Expr inner = root.kind() == Expr.Kind.CAST ? root.arg(0) : root;
        return inner.dtype().isDifferentiable()
                ? inner.dtype().computeType()
                : root.dtype().computeType();
    }

    /** Creates the kernel of a gradient; its inputs are the result's gradient and the saved tensors. */
    private Derivative finish(Expr gradient, int n, int input) {
        List<Expr> steps = new Program(List.of(), List.of(), List.of(gradient)).steps();
        boolean[] used = new boolean[n + 2];
        boolean readsScalar = false;
        for (Expr s : steps) {
            if (s.kind() == Expr.Kind.INPUT) used[s.index()] = true;
            if (s.kind() == Expr.Kind.SCALAR) readsScalar |= s.index() < scalarOperands;
        }
        List<Dtype> types = new ArrayList<>(List.of(result()));
        int[] newIndex = new int[n + 2];
        List<Integer> reads = new ArrayList<>();
        for (int i = 1; i <= n + 1; i++) {
            if (!used[i]) continue;
            newIndex[i] = types.size();
            types.add(i <= n ? program.inputs().get(i - 1) : result());
            reads.add(i <= n ? i - 1 : RESULT);
        }
        Exprs e = new Exprs();
        Expr moved = e.copy(
                gradient,
                leaf -> copyLeaf(leaf, leaf.kind() == Expr.Kind.INPUT ? newIndex[leaf.index()] : 0, e),
                new IdentityHashMap<>());
        Program p = new Program(types, program.scalars(), List.of(moved));
        int[] order = new int[reads.size()];
        for (int i = 0; i < order.length; i++) order[i] = reads.get(i);
        boolean[] flows = new boolean[types.size()];
        boolean ownBackward = gradients.has(ElementwiseOp.Trait.OWN_BACKWARD);
        for (int i = 0; i < flows.length; i++) flows[i] = i == 0 || ownBackward || reaches(moved, i);
        ElementwiseKernel kernel = new ElementwiseKernel(
                nameOf(moved),
                p,
                scalarOperands,
                Gradients.SYMBOLIC,
                inputs(types.size()),
                flows,
                isComplex() ? conjugates(reads, input) : 0);
        return new Derivative(kernel, order, readsScalar);
    }

    /** Returns {@link #conjugated} of an input's gradient. */
    private int conjugates(List<Integer> reads, int input) {
        int n = program.inputs().size();
        boolean ofOutput = (conjugated >> n & 1) != 0;
        int bits = ofOutput ? 0 : 1;
        for (int i = 0; i < reads.size(); i++) {
            int read = reads.get(i);
            if ((conjugated >> (read == RESULT ? n : read) & 1) != 0) bits |= 2 << i;
        }
        return (conjugated >> input & 1) != 0 ? bits : bits | 2 << reads.size();
    }

    /** Copies a leaf to another pool, an input under another index. */
    private static Expr copyLeaf(Expr leaf, int input, Exprs e) {
        return leaf.kind() == Expr.Kind.INPUT ? e.input(input, leaf.dtype()) : e.scalar(leaf.index(), leaf.dtype());
    }

    /** Returns whether the value depends on an input, other than as the condition of a selection. */
    private static boolean reaches(Expr e, int input) {
        if (e.kind() == Expr.Kind.INPUT) return e.index() == input;
        if (e.kind() == Expr.Kind.CALL && !e.dtype().isDifferentiable()) return false;
        for (int i = 0; i < e.arity(); i++) if (reaches(e.arg(i), input)) return true;
        return false;
    }

    /** Names a derivative's node after its last operation, as PyTorch's formulas do. */
    private static String nameOf(Expr e) {
        while (true) {
            if (e.kind() == Expr.Kind.CAST) e = e.arg(0);
            else if (e.kind() == Expr.Kind.CALL
                    && e.is(ScalarOp.WHERE)
                    && e.arg(2).kind() == Expr.Kind.CALL) e = e.arg(2);
            else break;
        }
        if (e.kind() != Expr.Kind.CALL) return "CloneBackward0";
        String op = e.op().name().toLowerCase(Locale.ROOT);
        return Character.toUpperCase(op.charAt(0)) + op.substring(1) + "Backward0";
    }
}
