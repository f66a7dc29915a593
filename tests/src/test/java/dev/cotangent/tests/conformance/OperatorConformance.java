package dev.cotangent.tests.conformance;

import static dev.cotangent.Tensors.cat;
import static dev.cotangent.Tensors.stack;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.GradCheck;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.creation.CreationOps;
import dev.cotangent.internal.ops.movement.HostOps;
import dev.cotangent.tests.reference.Cells;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Operations that are no rows of a table: on operands of every dtype and layout against the reference, and their
 * gradients of first and second order against differences.
 */
final class OperatorConformance {
    private static final long[] M23 = {2, 3};
    private static final long[] M34 = {3, 4};
    private static final long[] CUBE = {2, 3, 4};

    /** An operation: its name, the shapes of its operands, and what it computes. */
    private record Case(String name, List<long[]> shapes, Function<Tensor[], List<Tensor>> function) {}

    private final List<Case> cases = new ArrayList<>();

    private OperatorConformance() {
        reductions();
        products();
        views();
        indexing();
        losses();
    }

    static Stream<Check> checks() {
        List<Check> checks = new ArrayList<>();
        for (Case c : new OperatorConformance().cases) {
            for (Dtype dtype : Dtype.reals()) {
                checks.add(new Check(c.name + " " + dtype.torchName(), t -> forward(t, c, dtype)));
            }
            checks.add(new Check(c.name + " gradients", t -> gradients(t, c)));
        }
        return checks.stream();
    }

    private void one(String name, Function<Tensor, Tensor> function, long[]... shapes) {
        for (long[] shape : shapes) {
            add(name + " of " + Arrays.toString(shape), x -> List.of(function.apply(x[0])), shape);
        }
    }

    private void many(String name, Function<Tensor[], Tensor> function, long[]... shapes) {
        add(name, x -> List.of(function.apply(x)), shapes);
    }

    private void add(String name, Function<Tensor[], List<Tensor>> function, long[]... shapes) {
        cases.add(new Case(name, List.of(shapes), function));
    }

    private void reductions() {
        long[] vector = {5};
        one("sum", x -> x.sum(), CUBE, new long[] {}, new long[] {0});
        one("sum over dims", x -> x.sum(new int[] {0, -1}, true), CUBE, new long[] {3, 0, 2});
        one("mean", x -> x.mean(), CUBE);
        one("mean over a dim", x -> x.mean(1), CUBE);
        one("prod", x -> x.prod(), M23);
        one("prod over a dim", x -> x.prod(1, true), CUBE);
        one("var", x -> x.var(), CUBE);
        one("var over dims", x -> x.var(new int[] {0, 2}, false, true), CUBE);
        one("std over a dim", x -> x.std(-1), CUBE);
        one("logsumexp", x -> x.logsumexp(0), CUBE);
        one("amax", x -> x.amax(0, 2), CUBE);
        one("amin", x -> x.amin(1), CUBE);
        add("max over a dim", x -> List.of(x[0].max(1).values(), x[0].max(1).indices()), CUBE);
        add(
                "min over a dim",
                x -> List.of(x[0].min(0, true).values(), x[0].min(0, true).indices()),
                CUBE);
        one("argmax", x -> x.argmax(1), CUBE);
        one("argmin of all", x -> x.argmin(), CUBE);
        one("any", x -> x.any(1), CUBE);
        one("all", x -> x.all(1, true), CUBE);
        one("cumsum", x -> x.cumsum(-1), CUBE, vector);
        one("cumprod", x -> x.cumprod(0), M23);
        one("norm", x -> x.norm(), CUBE);
        one("norm of order 3 over a dim", x -> x.norm(3, 1), CUBE);
        one("sort", x -> x.sort(1, true).values(), CUBE);
        one("topk", x -> x.topk(2).values(), CUBE);
        one("median", x -> x.median(1).values(), CUBE);
        one("softmax", x -> x.softmax(1), CUBE);
        one("log_softmax", x -> x.logSoftmax(-1), CUBE);
    }

    private void products() {
        many("mm", x -> x[0].mm(x[1]), M23, M34);
        many("mm of transposed ones", x -> x[0].t().mm(x[1].t()), new long[] {3, 2}, new long[] {4, 3});
        many("bmm", x -> x[0].bmm(x[1]), CUBE, new long[] {2, 4, 2});
        many("mv", x -> x[0].mv(x[1]), M23, new long[] {3});
        many("dot", x -> x[0].dot(x[1]), new long[] {5}, new long[] {5});
        many("outer", x -> x[0].outer(x[1]), new long[] {2}, new long[] {3});
        many("matmul, broadcast", x -> x[0].matmul(x[1]), new long[] {2, 1, 2, 3}, new long[] {3, 3, 2});
        many("matmul of a vector", x -> x[0].matmul(x[1]), new long[] {3}, new long[] {2, 3, 2});
        many("matmul over nothing", x -> x[0].matmul(x[1]), new long[] {2, 0}, new long[] {0, 3});
        many("addmm", x -> x[0].addmm(x[1], x[2], 2, 3), new long[] {4}, M23, M34);
        many("baddbmm", x -> x[0].baddbmm(x[1], x[2]), new long[] {2, 2}, new long[] {3, 2, 3}, new long[] {3, 3, 2});
        many("linear", x -> x[0].linear(x[1], x[2]), CUBE, new long[] {2, 4}, new long[] {2});
    }

    private void views() {
        one("reshape", x -> x.reshape(4, -1), CUBE);
        one("flatten", x -> x.flatten(), CUBE);
        one("permute", x -> x.permute(2, 0, 1), CUBE);
        one("expand", x -> x.unsqueeze(1).expand(2, 2, 3), M23);
        one("slice", x -> x.slice(2, 1L, 4L, 2), CUBE);
        one("select", x -> x.select(1, -1), CUBE);
        one("diagonal", x -> x.diagonal(1, 0, 2), CUBE);
        one("unfold", x -> x.unfold(2, 2, 1), CUBE);
        one("as_strided", x -> x.contiguous().asStrided(new long[] {2, 2}, new long[] {3, 1}, 1L), M34);
        add("split", x -> x[0].split(3, 2), CUBE);
        add("chunk", x -> x[0].chunk(2, 1), CUBE);
        add("unbind", x -> x[0].unbind(1), CUBE);
        many("cat", x -> cat(List.of(x), 1), M23, new long[] {2, 1}, new long[] {2, 4});
        many("stack", x -> stack(List.of(x), -1), M23, M23);
        many(
                "write to a view",
                x -> {
                    Tensor copy = x[0].clone();
                    copy.select(1, 0).copy_(x[1]);
                    return copy.mul(2);
                },
                M23,
                new long[] {2});
    }

    private void indexing() {
        one("get, text", x -> x.get("..., 1:, None, ::2"), CUBE);
        one("get, tensors", x -> x.get(longs(x, 1, 0, 1), longs(x, 2, 2, 0)), CUBE);
        one("get, mask", x -> x.get(mask(x, 3, 0, 1, 1), longs(x, 1, 1)), M34);
        one("masked_select", x -> x.maskedSelect(mask(x, 3, 1, 0, 1).unsqueeze(1)), M34);
        one("gather", x -> x.gather(1, longs(x, 0, 3, 1, 1).view(2, 2)), M34);
        many("scatter_add", x -> x[0].scatterAdd(0, longs(x[0], 0, 2, 2, 1).view(1, 4), x[1]), M34, new long[] {1, 4});
        many(
                "set, text",
                x -> {
                    Tensor copy = x[0].clone();
                    copy.at("1:, ::2").set(x[1]);
                    return copy;
                },
                M34,
                new long[] {2});
        many(
                "set, tensors",
                x -> {
                    Tensor copy = x[0].clone();
                    copy.at(longs(x[0], 0, 2), longs(x[0], 3, 3)).set(x[1]);
                    return copy;
                },
                M34,
                new long[] {2});
        one("nonzero", x -> x.gt(0).nonzero(), CUBE);
    }

    private void losses() {
        one("nll_loss", x -> x.logSoftmax(1).nllLoss(longs(x, 2, 0)), M23);
        one("cross_entropy", x -> x.crossEntropy(longs(x, 2, 0)), M23);
        many("mse_loss", x -> x[0].mseLoss(x[1]), M23, M23);
        many("smooth_l1_loss", x -> x[0].smoothL1Loss(x[1]), M23, M23);
        many("bce with logits", x -> x[0].binaryCrossEntropyWithLogits(x[1].sigmoid()), M23, M23);
    }

    private static Tensor longs(Tensor like, long... values) {
        Tensor t = CreationOps.zeros(Dtype.INT64, like.device(), values.length);
        return HostOps.write(t, MemorySegment.ofArray(values));
    }

    private static Tensor mask(Tensor like, long... countAndValues) {
        return longs(like, Arrays.copyOfRange(countAndValues, 1, countAndValues.length))
                .slice(0, 0L, countAndValues[0], 1)
                .to(Dtype.BOOL);
    }

    private static void forward(Trial t, Case c, Dtype dtype) {
        for (Form form : Form.values()) {
            Tensor[][] operands = new Tensor[2][c.shapes.size()];
            for (int i = 0; i < c.shapes.size(); i++) {
                Form of = i == 0 ? form : Form.any(t.random());
                Values values = dtype.isFloatingPoint() ? Values.NEAR_ONE : Values.TAME;
                Tensor[] both = t.operand(dtype, c.shapes.get(i), of, values).tensors();
                operands[0][i] = both[0];
                operands[1][i] = both[1];
            }
            Object[] results = new Object[2];
            for (int d = 0; d < 2; d++) {
                try {
                    results[d] = c.function.apply(operands[d]);
                } catch (CotangentException e) {
                    results[d] = e;
                }
            }
            compare(c, operands[1], results);
        }
    }

    private static void compare(Case c, Tensor[] operands, Object[] results) {
        String what = c.name + " of "
                + Arrays.stream(operands)
                        .map(x -> x.dtype() + " " + Internals.layout(x))
                        .toList();
        if (results[0] instanceof List<?> got && results[1] instanceof List<?> expected) {
            Trial.require(got.size() == expected.size(), () -> what + ": " + got.size() + " results");
            for (int i = 0; i < got.size(); i++) {
                Tensor b = (Tensor) expected.get(i);
                Trial.compare((Tensor) got.get(i), b, tolerance(b), () -> what);
            }
            return;
        }
        if (ElementwiseConformance.refuses(results[0]) || ElementwiseConformance.refuses(results[1])) return;
        Trial.require(
                results[0].getClass() == results[1].getClass()
                        && ElementwiseConformance.message(results[0])
                                .equals(ElementwiseConformance.message(results[1])),
                () -> what + ": " + results[0] + ", reference " + results[1]);
    }

    private static Tolerance tolerance(Tensor expected) {
        if (!expected.dtype().isFloatingPoint()) return Tolerance.EXACT;
        Cells cells = Trial.elements(expected);
        double scale = 1;
        for (int i = 0; i < cells.size(); i++)
            if (Double.isFinite(cells.real(i))) scale = Math.max(scale, Math.abs(cells.real(i)));
        double bound = 30 * scale * Tolerance.epsilon(expected.dtype());
        return (n, e) -> bound;
    }

    private static void gradients(Trial t, Case c) {
        for (Form form : List.of(Form.CONTIGUOUS, Form.STEPPED, Form.TRANSPOSED)) {
            Tensor[] inputs = new Tensor[c.shapes.size()];
            for (int i = 0; i < inputs.length; i++) {
                Values values = (cells, random) -> {
                    for (int k = 0; k < cells.size(); k++) {
                        cells.set(k, random.nextDouble(0.3, 1.7) * (random.nextInt(3) == 0 ? -1 : 1));
                    }
                };
                inputs[i] =
                        t.operand(Dtype.FLOAT64, c.shapes.get(i), form, values).tensors()[0];
                inputs[i].requiresGrad_(true);
            }
            Function<List<Tensor>, List<Tensor>> function = in -> c.function.apply(in.toArray(Tensor[]::new));
            List<Tensor> outputs = function.apply(List.of(inputs));
            if (outputs.stream().noneMatch(Tensor::requiresGrad)) return;
            GradCheck check = new GradCheck();
            check.check(function, inputs);
            check.checkSecond(function, inputs);
        }
    }
}
