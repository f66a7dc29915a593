package dev.cotangent.op;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.backend.Backend;
import dev.cotangent.backend.Backends;
import dev.cotangent.backend.Deferral;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Reduction;
import dev.cotangent.backend.Strided;
import dev.cotangent.program.Derivatives;
import dev.cotangent.program.Expr;
import dev.cotangent.program.Exprs;
import dev.cotangent.program.Program;
import dev.cotangent.program.ScalarOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * An elementwise operation on operands of given types: its program, and as its derivatives other kernels, made when they
 * are first needed. What a derivative reads is what the operation keeps for the backward pass, so nothing is kept that
 * no gradient needs.
 */
final class Kernel {
    /** Stands for the result among what a derivative reads. */
    static final int RESULT = -1;

    /** A rule for the gradients in place of the symbolic ones: of the result's gradient, the operands and the result. */
    interface Rule {
        /** One expression for each operand, of the compute type; null for no gradient. */
        @Nullable
        Expr[] of(Expr g, Expr[] x, Expr[] p, Expr y);
    }

    /**
     * The gradient of one input.
     *
     * @param kernel computes it from the result's gradient and the tensors that follow
     * @param reads which: numbers of inputs, or {@link #RESULT}
     * @param readsNumber whether it reads a number that stands for an operand
     */
    record Derivative(Kernel kernel, int[] reads, boolean readsNumber) {}

    /**
     * How the gradients come about.
     *
     * @param rule in place of the symbolic ones, over operands
     * @param operandOf for each operand of the rule the input it is, or, for a number, -1 - its scalar
     * @param condition which operand is a condition, or -1
     * @param fromResult whether the last primitive is differentiated in terms of the result
     * @param refusal the error of a backward pass where there are none
     * @param written whether PyTorch writes zeros into a gradient in place, so that its memory counts one write
     * @param operation whether PyTorch computes them by an operation of its own, all of whose operands count as having a
     *     gradient, even if it is 0 everywhere
     */
    record Gradients(
            @Nullable Rule rule,
            int[] operandOf,
            int condition,
            boolean fromResult,
            @Nullable String refusal,
            boolean written,
            boolean operation) {
        static final Gradients SYMBOLIC = new Gradients(null, new int[0], -1, false, null, false, false);
    }

    private final String node;
    private final Program program;
    private final int numbers;
    private final Gradients gradients;
    private final int[] edges;
    private final boolean[] linked;
    private final Dtype result;
    private final boolean recorded;
    private final @Nullable Derivative[] derivatives;

    /**
     * Of a program.
     *
     * @param node the name of its backward node
     * @param program tensors as inputs, one output
     * @param numbers how many of the first scalars stand for operands
     * @param gradients how the gradients come about
     * @param edges for each edge of the node the input whose gradient it takes, or less than 0 for a number's
     * @param linked which inputs a gradient can flow to
     */
    Kernel(String node, Program program, int numbers, Gradients gradients, int[] edges, boolean[] linked) {
        this.node = node;
        this.program = program;
        this.numbers = numbers;
        this.gradients = gradients;
        this.edges = edges;
        this.linked = linked;
        this.result = program.outputs().getFirst().dtype();
        this.recorded = result.isFloatingPoint();
        this.derivatives = new Derivative[program.inputs().size()];
    }

    /** As many edges as inputs. */
    static int[] inputs(int count) {
        return IntStream.range(0, count).toArray();
    }

    Program program() {
        return program;
    }

    Dtype result() {
        return result;
    }

    String node() {
        return node;
    }

    /** For each edge of the node the input whose gradient it takes, or less than 0: numbers count as operands. */
    int[] edges() {
        return edges;
    }

    /** Whether this only hands on its first input, the gradient. */
    boolean isGradient() {
        Expr e = program.outputs().getFirst();
        return e.kind() == Expr.Kind.INPUT && e.index() == 0;
    }

    boolean writesGradients() {
        return gradients.written;
    }

    /** The error of a backward pass, or null where there are gradients. */
    @Nullable
    String refusal() {
        return gradients.refusal;
    }

    /** Computes the result of tensors of the kernel's input types, recorded where a gradient is wanted. */
    Tensor call(Tensor[] x, long[] scalars) {
        Strided first = x[0].operand();
        Tensor result = isPlain(x)
                ? Tensor.wrap(Deferral.result(first.backend(), program, operands(x), scalars, first.layout()))
                : broadcast(x, scalars);
        if (recorded && wantsGrad(x) && GradMode.isEnabled()) {
            new KernelNode(this, x, x, scalars).with(result).attach(result);
        }
        return result;
    }

    /** Whether all have one shape and are row-major on one device, the first one in the way a result is. */
    private static boolean isPlain(Tensor[] x) {
        Strided first = x[0].operand();
        Layout layout = first.layout();
        if (!layout.isPlain()) return false;
        for (int i = 1; i < x.length; i++) {
            Strided other = x[i].operand();
            if (other.backend() != first.backend()) return false;
            Layout l = other.layout();
            if (l != layout && !(l.isContiguous() && Arrays.equals(l.sizes(), layout.sizes()))) return false;
        }
        return true;
    }

    private static Strided[] operands(Tensor[] x) {
        Strided[] in = new Strided[x.length];
        for (int i = 0; i < in.length; i++) in[i] = x[i].operand();
        return in;
    }

    private Tensor broadcast(Tensor[] x, long[] scalars) {
        Device device = x.length == 1 ? x[0].device() : Promotion.device(node, x);
        long[] sizes = x[0].layout().sizes();
        for (int i = 1; i < x.length; i++)
            sizes = Broadcast.shape(sizes, x[i].layout().sizes());
        Strided[] in = expand(x, sizes, device);
        Layout[] layouts = new Layout[in.length];
        for (int i = 0; i < in.length; i++) layouts[i] = in[i].layout();
        Layout layout = Broadcast.result(sizes, layouts);
        return Tensor.wrap(Deferral.result(Backends.of(device), program, in, scalars, layout));
    }

    /**
     * The sum or the mean, over all dimensions or some, of the elements that {@link #call} would give, which are not
     * written out.
     */
    Tensor join(Tensor[] x, long[] scalars, boolean mean, int @Nullable [] dims, boolean keeps) {
        Device device = x.length == 1 ? x[0].device() : Promotion.device(node, x);
        long[] sizes = x[0].layout().sizes();
        for (int i = 1; i < x.length; i++)
            sizes = Broadcast.shape(sizes, x[i].layout().sizes());
        Axes axes = Axes.of(sizes, dims, keeps);
        Backend backend = Backends.of(device);
        Tensor result =
                Prologue.reduce(Reduction.SUM, axes, backend, result(), program, expand(x, sizes, device), scalars);
        long n = axes.count();
        if (mean) Prologue.divide(result, n);
        if (GradMode.isEnabled() && wantsGrad(x)) {
            UnaryOperator<Tensor> spread = g -> axes.spread(mean ? g.div(n) : g);
            new KernelNode(this, x, x, scalars).spreading(spread).attach(result);
        }
        return result;
    }

    /** Computes the result into {@code self}, one of the tensors; the caller has checked types, shapes and history. */
    Tensor callInPlace(Tensor self, Tensor[] x, long[] scalars) {
        KernelNode node = null;
        if (recorded && wantsGrad(x) && GradMode.isEnabled()) {
            // A derivative may want the value that is about to be overwritten.
            Tensor[] kept = x.clone();
            int place = Arrays.asList(x).indexOf(self);
            if (KernelNode.reads(this, x, place)) kept[place] = self.clone();
            node = new KernelNode(this, x, kept, scalars);
        }
        Strided[] in = expand(x, self.layout().sizes(), self.device());
        for (int i = 0; i < in.length; i++) in[i] = Overlap.apart(in[i], x[i], self);
        write(self.strided(), in, scalars);
        self.version().bump();
        if (node != null) node.with(self).rebase(self);
        return self;
    }

    /** Computes into memory, of which nothing is written where that raises. */
    private void write(Strided to, Strided[] in, long[] scalars) {
        if (!program.mayRaise()) {
            Deferral.into(program, to, in, scalars);
            return;
        }
        Backend backend = to.backend();
        Layout dense = Layout.contiguous(to.layout().sizes());
        Strided computed = new Strided(backend.allocateUnset(to.dtype(), dense.numel()), dense);
        Deferral.into(program, computed, in, scalars);
        backend.copy(computed, to);
        computed.storage().discard();
    }

    private boolean wantsGrad(Tensor[] x) {
        for (int i = 0; i < x.length; i++) if (wantsGrad(x[i], i)) return true;
        return false;
    }

    /** Whether an input has a gradient and wants it. */
    boolean wantsGrad(Tensor x, int input) {
        return linked[input] && x.requiresGrad() && x.dtype().isFloatingPoint();
    }

    private static Strided[] expand(Tensor[] x, long[] sizes, Device device) {
        Strided[] in = new Strided[x.length];
        for (int i = 0; i < x.length; i++) {
            Tensor t = x[i].device().equals(device) ? x[i] : x[i].detach().to(device);
            Layout layout = t.layout().expand(sizes);
            in[i] = layout == t.layout() ? t.operand() : t.operand().with(layout);
        }
        return in;
    }

    /** The gradient of an input. */
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
        // In the new program input 0 is the gradient, input i + 1 the old input i, input n + 1 the result.
        Expr forward = e.copy(root, leaf -> moved(leaf, leaf.index() + 1, e), new IdentityHashMap<>());
        Expr y = e.input(n + 1, resultType);
        Expr g = e.input(0, resultType);
        Dtype compute = computeType(root);
        // The gradient stays in the type of the result: the engine sums over what was broadcast before it converts.
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
            Expr[] p = new Expr[program.scalars().size() - numbers];
            for (int i = 0; i < p.length; i++)
                p[i] = e.scalar(numbers + i, program.scalars().get(numbers + i));
            @Nullable Expr[] all = rule.of(g.cast(compute), x, p, y.cast(compute));
            Expr sum = null;
            for (int i = 0; i < x.length; i++) {
                Expr part = all[i];
                if (operandOf[i] == input && part != null) sum = sum == null ? part : sum.add(part);
            }
            gradient = sum == null ? leaf.like(0) : sum;
        } else {
            gradient = Derivatives.gradient(forward, g, leaf);
            if (gradients.fromResult) gradient = inTermsOfResult(gradient, forward, y, e);
        }
        return finish(gradient.cast(resultType), n);
    }

    /** Reads the result where the derivative would compute it again. */
    private static Expr inTermsOfResult(Expr gradient, Expr forward, Expr y, Exprs e) {
        Expr inner = forward.kind() == Expr.Kind.CAST ? forward.arg(0) : forward;
        Map<Expr, Expr> known = new IdentityHashMap<>();
        known.put(inner, y.cast(inner.dtype()));
        known.put(forward, y);
        return e.copy(gradient, leaf -> leaf, known);
    }

    /** The type that the program computes in: that of the result before the rounding at the end. */
    private static Dtype computeType(Expr root) {
        Expr inner = root.kind() == Expr.Kind.CAST ? root.arg(0) : root;
        return inner.dtype().isFloatingPoint()
                ? inner.dtype().computeType()
                : root.dtype().computeType();
    }

    /** Numbers the inputs that a gradient reads one after the other, the result's gradient first. */
    private Derivative finish(Expr gradient, int n) {
        List<Expr> steps = new Program(List.of(), List.of(), List.of(gradient)).steps();
        boolean[] used = new boolean[n + 2];
        boolean readsNumber = false;
        for (Expr s : steps) {
            if (s.kind() == Expr.Kind.INPUT) used[s.index()] = true;
            if (s.kind() == Expr.Kind.SCALAR) readsNumber |= s.index() < numbers;
        }
        List<Dtype> types = new ArrayList<>(List.of(result()));
        int[] place = new int[n + 2];
        List<Integer> reads = new ArrayList<>();
        for (int i = 1; i <= n + 1; i++) {
            if (!used[i]) continue;
            place[i] = types.size();
            types.add(i <= n ? program.inputs().get(i - 1) : result());
            reads.add(i <= n ? i - 1 : RESULT);
        }
        Exprs e = new Exprs();
        Expr moved = e.copy(
                gradient,
                leaf -> moved(leaf, leaf.kind() == Expr.Kind.INPUT ? place[leaf.index()] : 0, e),
                new IdentityHashMap<>());
        Program p = new Program(types, program.scalars(), List.of(moved));
        int[] order = new int[reads.size()];
        for (int i = 0; i < order.length; i++) order[i] = reads.get(i);
        boolean[] flows = new boolean[types.size()];
        for (int i = 0; i < flows.length; i++) flows[i] = i == 0 || gradients.operation || reaches(moved, i);
        Kernel kernel = new Kernel(nameOf(moved), p, numbers, Gradients.SYMBOLIC, inputs(types.size()), flows);
        return new Derivative(kernel, order, readsNumber);
    }

    /** A leaf among other expressions, an input under another number. */
    private static Expr moved(Expr leaf, int input, Exprs e) {
        return leaf.kind() == Expr.Kind.INPUT ? e.input(input, leaf.dtype()) : e.scalar(leaf.index(), leaf.dtype());
    }

    /** Whether an input counts for the value itself, not only for a choice between values. */
    private static boolean reaches(Expr e, int input) {
        if (e.kind() == Expr.Kind.INPUT) return e.index() == input;
        if (e.kind() == Expr.Kind.CALL && !e.dtype().isFloatingPoint()) return false;
        for (int i = 0; i < e.arity(); i++) if (reaches(e.arg(i), input)) return true;
        return false;
    }

    /** A derivative is called after its last operation, as PyTorch's formulas are. */
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
