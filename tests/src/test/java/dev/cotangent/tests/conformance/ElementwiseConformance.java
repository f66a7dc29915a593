package dev.cotangent.tests.conformance;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.GradCheck;
import dev.cotangent.autograd.Node;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.elementwise.ElementwiseOp;
import dev.cotangent.internal.ops.elementwise.ElementwiseOps;
import dev.cotangent.internal.ops.elementwise.TernaryOp;
import dev.cotangent.internal.ops.movement.HostOps;
import dev.cotangent.tests.reference.Cells;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Each row of the table of elementwise operations: forward against the reference, gradients of first and second order
 * against differences, the in-place variant, types and errors.
 */
final class ElementwiseConformance {
    /** Where functions are tried: a row is fine that is finite and differentiable in one of these. */
    private static final double[][] DOMAINS = {{0.2, 0.8}, {-0.8, -0.2}, {1.2, 2.7}, {-3, -1.2}};

    /** A row's second and third parameter may be one number, once as its backward rounds it. */
    private static final double[][] PARAMETERS = {{0.3, 1.1, 1.1}, {1, 2, 2}};

    private static final long[][] SHAPES = {{}, {1}, {0}, {7}, {3, 0, 2}, {4, 5}, {2, 1, 3}, {9, 33}};

    private ElementwiseConformance() {}

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ElementwiseOp row : ElementwiseOps.rows()) {
            String signature = row.name() + "/" + row.operands() + "/" + row.parameters();
            boolean variant = !seen.add(signature);
            // A second row of a kind may be for a number as the last operand, and know no gradient for a tensor there.
            boolean number = variant && row.operands() > 1;
            String name = variant ? row.name() + " (variant)" : row.name();
            for (Dtype dtype : Dtype.reals()) {
                checks.add(new Check(name + " forward " + dtype.torchName(), t -> forward(t, row, dtype)));
            }
            checks.add(new Check(name + " of mixed types and numbers", t -> mixed(t, row)));
            checks.add(new Check(name + " gradients", t -> gradients(t, row, number)));
            checks.add(new Check(name + " in place", t -> inPlace(t, row)));
            checks.add(new Check(name + " in place, gradients", t -> inPlaceGradients(t, row, number)));
            checks.add(new Check(name + " errors", t -> errors(t, row)));
        }
        return checks.stream();
    }

    private static Dtype operandType(ElementwiseOp row, int operand, Dtype dtype) {
        return operand == condition(row) ? Dtype.BOOL : dtype;
    }

    /** Returns the operand that is a condition, or -1. */
    private static int condition(ElementwiseOp row) {
        return switch (row.promotion()) {
            case SELECT -> 0;
            case FILL -> 1;
            default -> -1;
        };
    }

    /** Returns the operand that an in-place variant writes. */
    private static int self(ElementwiseOp row) {
        return row.promotion() == ElementwiseOp.TypePromotion.SELECT ? 1 : 0;
    }

    /** Returns the parameters to try; the order of a polygamma function is an integer. */
    private static double[][] parameters(ElementwiseOp row) {
        return row.name().equals("polygamma") ? new double[][] {PARAMETERS[1]} : PARAMETERS;
    }

    private static Object[] arguments(ElementwiseOp row, Object[] operands, double[] parameters) {
        Object[] all = Arrays.copyOf(operands, row.operands() + row.parameters());
        for (int i = 0; i < row.parameters(); i++) all[row.operands() + i] = parameters[i];
        return all;
    }

    /** Returns the tolerance of a composition of several ops, whose errors add up, some after cancellation. */
    private static Tolerance tolerance(Dtype dtype) {
        double relative = dtype == Dtype.FLOAT64 ? 1e-12 : dtype.isHalf() ? Tolerance.epsilon(dtype) : 4e-6;
        double absolute = dtype == Dtype.FLOAT64 ? 1e-12 : 2e-6;
        return dtype.isFloatingPoint() ? (n, e) -> relative * Math.abs(e) + absolute : Tolerance.EXACT;
    }

    private static void forward(Trial t, ElementwiseOp row, Dtype dtype) {
        for (long[] shape : SHAPES) {
            for (Form form : Form.values()) {
                Values values = t.random().nextBoolean() ? Values.TAME : Values.NEAR_ONE;
                Object[][] operands = new Object[2][row.operands()];
                for (int i = 0; i < row.operands(); i++) {
                    Form of = i == 0 || t.random().nextBoolean() ? form : Form.any(t.random());
                    Operand operand = t.operand(operandType(row, i, dtype), shape, of, values);
                    operands[0][i] = operand.tensors()[0];
                    operands[1][i] = operand.tensors()[1];
                }
                compare(row, operands, parameters(row)[t.random().nextInt(parameters(row).length)]);
            }
        }
    }

    /** Tries operands of different dtypes, broadcast shapes, 0-dim tensors and numbers. */
    private static void mixed(Trial t, ElementwiseOp row) {
        if (row.operands() < 2) return;
        long[][] shapes = {{2, 3}, {3}, {2, 1}, {1, 1, 3}, {}};
        for (int round = t.rounds(120); round > 0; round--) {
            Object[][] operands = new Object[2][row.operands()];
            int tensors = 0;
            for (int i = 0; i < row.operands(); i++) {
                boolean last = i == row.operands() - 1 && tensors > 0;
                boolean takesNumber = last && !(row instanceof TernaryOp.WithScalar);
                if (takesNumber && t.random().nextInt(3) == 0) {
                    Object number =
                            t.random().nextBoolean() ? (Object) t.random().nextInt(1, 4) : (Object) 1.25;
                    operands[0][i] = number;
                    operands[1][i] = number;
                    continue;
                }
                Dtype dtype = Dtype.reals()[t.random().nextInt(Dtype.reals().length)];
                Operand operand = t.operand(
                        operandType(row, i, dtype),
                        shapes[t.random().nextInt(shapes.length)],
                        Form.any(t.random()),
                        Values.NEAR_ONE);
                operands[0][i] = operand.tensors()[0];
                operands[1][i] = operand.tensors()[1];
                if (i != condition(row)) tensors++;
            }
            compare(row, operands, parameters(row)[0]);
        }
    }

    /** Calls on both devices: the same result, or the same error. */
    private static void compare(ElementwiseOp row, Object[][] operands, double[] parameters) {
        Object[] results = new Object[2];
        for (int d = 0; d < 2; d++) {
            try {
                results[d] = OpCall.call(row, arguments(row, operands[d], parameters));
            } catch (CotangentException e) {
                results[d] = e;
            }
        }
        if (results[0] instanceof Tensor got && results[1] instanceof Tensor expected) {
            Trial.compare(got, expected, tolerance(got.dtype()), () -> row.name() + " of " + show(operands[1]));
            return;
        }
        // PyTorch leaves out some types on the CPU alone, and only there a division by zero is found.
        if (refuses(results[0]) || refuses(results[1])) return;
        Trial.require(
                results[0].getClass() == results[1].getClass()
                        && message(results[0]).equals(message(results[1])),
                () -> row.name() + " of " + show(operands[1]) + ": " + results[0] + ", reference " + results[1]);
    }

    static boolean refuses(Object result) {
        return result instanceof CotangentException
                && (message(result).contains("not implemented for")
                        || message(result).equals("ZeroDivisionError"));
    }

    static String message(Object error) {
        String text = String.valueOf(((Throwable) error).getMessage());
        return text.replaceAll("\\b(cpu|(cuda|reference)(:\\d)?)", "device");
    }

    private static String show(Object[] operands) {
        return Arrays.stream(operands)
                .map(o -> o instanceof Tensor x
                        ? x.dtype() + " " + Internals.layout(x) + " "
                                + Arrays.toString(x.numel() > 12 ? null : x.toDoubleArray())
                        : String.valueOf(o))
                .toList()
                .toString();
    }

    private static Tensor tensor(Device device, double[] values, long... sizes) {
        return HostOps.write(CreationOps.zeros(Dtype.FLOAT64, device, sizes), MemorySegment.ofArray(values));
    }

    /** Operands in a domain where the row is finite, with parameters; null where there is none. */
    private record Point(Object[] arguments, Tensor result) {}

    private static @Nullable Point point(
            Trial t, ElementwiseOp row, double[] domain, double[] parameters, boolean number) {
        long[][] shapes = {{2, 3}, {3}, {2, 1}};
        Device device = t.lab().device().device();
        Object[] operands = new Object[row.operands()];
        for (int i = 0; i < operands.length; i++) {
            long[] shape = shapes[i % shapes.length];
            boolean condition = operandType(row, i, Dtype.FLOAT64) == Dtype.BOOL;
            double[] values = new double[shape.length == 1 ? 3 : (int) (shape[0] * shape[1])];
            for (int k = 0; k < values.length; k++) {
                values[k] = condition ? k % 2 : t.random().nextDouble(domain[0], domain[1]);
            }
            Tensor x = tensor(device, values, shape);
            operands[i] = condition ? x.to(Dtype.BOOL) : x.requiresGrad_(row.isDifferentiable(i) || blocked(row));
        }
        if (number) operands[operands.length - 1] = (domain[0] + domain[1]) / 2;
        try {
            Object[] arguments = arguments(row, operands, parameters);
            Tensor result = OpCall.call(row, arguments);
            for (double v : result.toDoubleArray()) if (!Double.isFinite(v)) return null;
            return new Point(arguments, result);
        } catch (CotangentException e) {
            // Neither of these types nor of these parameters, as bitwise ones.
            return null;
        }
    }

    private static void gradients(Trial t, ElementwiseOp row, boolean number) {
        int checked = 0;
        boolean differentiable = false;
        for (double[] domain : DOMAINS) {
            for (double[] parameters : parameters(row)) {
                Point point = point(t, row, domain, parameters, number);
                if (point == null || !point.result().requiresGrad()) continue;
                differentiable = true;
                if (blocked(point)) {
                    Trial.raised(
                            () -> point.result().sum().backward(),
                            () -> "backward of " + row.name() + ", which has none");
                    return;
                }
                GradCheck check = new GradCheck();
                Tensor[] inputs = tensors(point.arguments());
                Function<List<Tensor>, List<Tensor>> function =
                        in -> List.of(OpCall.call(row, substitute(point.arguments(), in)));
                check.check(function, inputs);
                check.checkSecond(function, inputs);
                checked++;
                if (row.parameters() == 0) break;
            }
        }
        int done = checked;
        boolean needed = differentiable;
        Trial.require(done > 0 || !needed, () -> "no domain found where " + row.name() + " can be checked");
    }

    /** Returns whether a row has no derivative at all. */
    private static boolean blocked(ElementwiseOp row) {
        for (int i = 0; i < row.operands(); i++) if (row.isDifferentiable(i)) return false;
        return true;
    }

    private static boolean blocked(Point point) {
        Node node = point.result().gradFn();
        return node != null && node.name().contains("NotImplemented");
    }

    private static Tensor[] tensors(Object[] arguments) {
        return Arrays.stream(arguments).filter(Tensor.class::isInstance).toArray(Tensor[]::new);
    }

    private static Object[] substitute(Object[] arguments, List<Tensor> tensors) {
        Object[] all = arguments.clone();
        int n = 0;
        for (int i = 0; i < all.length; i++) if (all[i] instanceof Tensor) all[i] = tensors.get(n++);
        return all;
    }

    private static void inPlace(Trial t, ElementwiseOp row) {
        for (Dtype dtype : Dtype.reals()) {
            for (Form form : Form.values()) {
                if (!form.writable()) continue;
                Object[] operands = new Object[row.operands()];
                for (int i = 0; i < operands.length; i++) {
                    operands[i] = t.operand(operandType(row, i, dtype), new long[] {3, 4}, form, Values.NEAR_ONE)
                            .tensors()[0];
                }
                Object[] arguments = arguments(row, operands, PARAMETERS[1]);
                Tensor self = (Tensor) operands[self(row)];
                Tensor expected;
                try {
                    expected = OpCall.call(row, arguments);
                } catch (CotangentException e) {
                    continue;
                }
                if (!dtype.accepts(expected.dtype())) {
                    Cells before = Trial.elements(self);
                    CotangentException e = Trial.raised(
                            () -> OpCall.callInPlace(row, arguments),
                            () -> row.name() + "_ of " + dtype + ", giving another type");
                    Trial.require(
                            e.getMessage().contains("can't be cast to the desired output type"), () -> "raised " + e);
                    unchanged(self, before, row.name() + "_ failed, but wrote");
                    continue;
                }
                long version = Internals.version(self).current();
                Tensor result = OpCall.callInPlace(row, arguments);
                Trial.require(result == self, () -> row.name() + "_ returns another tensor than it wrote");
                Trial.require(
                        Internals.version(self).current() > version, () -> row.name() + "_ did not count as a write");
                Trial.compare(
                        self, expected.to(dtype), tolerance(dtype), () -> row.name() + "_ of " + dtype + " in " + form);
            }
        }
    }

    private static void unchanged(Tensor self, Cells before, String what) {
        Cells now = Trial.elements(self);
        for (int n = 0; n < now.size(); n++) Trial.check(now, before, n, n, Tolerance.EXACT, () -> what);
    }

    /**
     * Checks that the gradients of the in-place operation on a copy are those of the other one, and that a leaf is
     * refused.
     */
    private static void inPlaceGradients(Trial t, ElementwiseOp row, boolean number) {
        for (double[] domain : DOMAINS) {
            Point point = point(t, row, domain, parameters(row)[0], number);
            if (point == null || !point.result().requiresGrad() || blocked(point)) continue;
            Tensor[] inputs = tensors(point.arguments());
            int self = self(row);
            Object[] copied = point.arguments().clone();
            Tensor copy = inputs[self].clone();
            copied[self] = copy;
            if (!point.result().shape().equals(copy.shape())) return;
            OpCall.callInPlace(row, copied);
            Tensor g = tensor(point.result().device(), new double[] {1, 2, 0.5, -1, 3, 0.25}, 2, 3);
            List<Tensor> wanted =
                    Arrays.stream(inputs).filter(Tensor::requiresGrad).toList();
            List<@Nullable Tensor> expected = Autograd.grad(List.of(point.result()), wanted)
                    .gradOutputs(g)
                    .allowUnused()
                    .run();
            List<@Nullable Tensor> got = Autograd.grad(List.of(copy), wanted)
                    .gradOutputs(g)
                    .allowUnused()
                    .run();
            for (int i = 0; i < wanted.size(); i++) {
                Tensor a = got.get(i);
                Tensor b = expected.get(i);
                int input = i;
                Trial.require((a == null) == (b == null), () -> row.name() + "_: gradient " + input + " is " + a);
                if (a != null && b != null) {
                    Trial.compare(a, b, tolerance(Dtype.FLOAT64), () -> row.name() + "_: gradient of input " + input);
                }
            }
            if (!inputs[self].requiresGrad()) return;
            Cells before = Trial.elements(inputs[self]);
            CotangentException e =
                    Trial.raised(() -> OpCall.callInPlace(row, point.arguments()), () -> row.name() + "_ of a leaf");
            Trial.require(
                    e.getMessage().equals("a leaf Variable that requires grad is being used in an in-place operation."),
                    () -> "raised " + e);
            unchanged(inputs[self], before, row.name() + "_ of a leaf failed, but wrote");
            return;
        }
    }

    private static boolean takes(Trial t, ElementwiseOp row, Dtype dtype) {
        Object[] operands = new Object[row.operands()];
        for (int i = 0; i < operands.length; i++) {
            Device device = t.lab().device().device();
            operands[i] = CreationOps.ones(operandType(row, i, dtype), device, 2);
        }
        try {
            OpCall.call(row, arguments(row, operands, PARAMETERS[1]));
            return true;
        } catch (CotangentException e) {
            return false;
        }
    }

    private static void errors(Trial t, ElementwiseOp row) {
        if (row.operands() < 2) return;
        int self = self(row);
        Object[] operands = new Object[row.operands()];
        for (int i = 0; i < operands.length; i++) {
            Dtype dtype = operandType(row, i, takes(t, row, Dtype.FLOAT32) ? Dtype.FLOAT32 : Dtype.INT64);
            long[] shape = {2, i == operands.length - 1 ? 4 : 3};
            operands[i] =
                    t.operand(dtype, shape, Form.CONTIGUOUS, Values.NEAR_ONE).tensors()[0];
        }
        CotangentException sizes = Trial.raised(
                () -> OpCall.call(row, arguments(row, operands, PARAMETERS[1])),
                () -> row.name() + " of sizes 3 and 4");
        Trial.require(
                sizes.getMessage()
                        .equals("The size of tensor a (3) must match the size of tensor b (4) at non-singleton"
                                + " dimension 1"),
                () -> row.name() + " raised " + sizes);
        Object[] elsewhere = operands.clone();
        Tensor last = (Tensor) operands[operands.length - 1];
        elsewhere[operands.length - 1] = CreationOps.ones(
                last.dtype(), new Device(t.lab().reference().device().type(), 1), 2, 3);
        CotangentException devices = Trial.raised(
                () -> OpCall.call(row, arguments(row, elsewhere, PARAMETERS[1])), () -> row.name() + " of two devices");
        Trial.require(
                devices.getMessage().startsWith("Expected all tensors to be on the same device"),
                () -> row.name() + " raised " + devices);
        Object[] broadcast = operands.clone();
        Tensor target = (Tensor) operands[self];
        broadcast[self] = CreationOps.ones(target.dtype(), target.device(), 4);
        broadcast[operands.length - 1] = last;
        for (int i = 0; i < operands.length; i++) {
            if (i != self && i != operands.length - 1) {
                broadcast[i] = CreationOps.ones(((Tensor) operands[i]).dtype(), target.device(), 2, 4);
            }
        }
        CotangentException e = Trial.raised(
                () -> OpCall.callInPlace(row, arguments(row, broadcast, PARAMETERS[1])),
                () -> row.name() + "_ of a tensor that would have to grow");
        Trial.require(
                e.getMessage().startsWith("output with shape [4] doesn't match the broadcast shape [2, 4]")
                        || e.getMessage().contains("can't be cast to the desired output type"),
                () -> row.name() + "_ raised " + e);
    }
}
