package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.internal.ops.elementwise.ElementwiseOp;
import dev.cotangent.internal.ops.elementwise.ElementwiseOps;
import dev.cotangent.tests.conformance.OpCall;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The half types compute in float32 and round: whatever takes float32 takes them. */
class HalfTypesTest {
    private static final List<Dtype> HALVES = List.of(FLOAT16, BFLOAT16);

    @TestFactory
    Stream<DynamicTest> elementwiseOperations() {
        List<ElementwiseOp> rows = ElementwiseOps.rows();
        return HALVES.stream()
                .flatMap(half -> rows.stream()
                        .map(row -> DynamicTest.dynamicTest(
                                half + " " + row.name() + " " + rows.indexOf(row), () -> agrees(row, half))));
    }

    private static void agrees(ElementwiseOp row, Dtype half) {
        Object expected = call(row, half, FLOAT32);
        Object got = call(row, half, half);
        if (!(expected instanceof Tensor e) || !(got instanceof Tensor g)) {
            assertEquals(
                    expected.toString().replace("'Float'", "HALF"),
                    got.toString().replace("'" + half.scalarName() + "'", "HALF"));
            return;
        }
        if (e.dtype() == FLOAT32) e = e.to(half);
        assertEquals(e.dtype(), g.dtype());
        assertArrayEquals(e.toDoubleArray(), g.toDoubleArray());
    }

    /** Calls a row of operands that the half type holds, in a dtype. */
    private static Object call(ElementwiseOp row, Dtype half, Dtype dtype) {
        Object[] arguments = new Object[row.operands() + row.parameters()];
        for (int i = 0; i < arguments.length; i++) {
            boolean condition = row.promotion() == ElementwiseOp.TypePromotion.SELECT && i == 0
                    || row.promotion() == ElementwiseOp.TypePromotion.FILL && i == 1;
            if (i >= row.operands()) arguments[i] = i - row.operands() + 1;
            else if (condition) arguments[i] = tensor(new boolean[] {true, false, true, false, true, false});
            else arguments[i] = values(i).to(half).to(dtype);
        }
        try {
            return OpCall.call(row, arguments);
        } catch (UnsupportedException e) {
            return e;
        }
    }

    private static Tensor values(int operand) {
        Tensor x = floatTensor(0.3f, -0.7f, 0, 1, 0.9f, -0.1f);
        return operand == 0 ? x : x.add(0.25f * operand).roll(operand);
    }

    private static final List<UnaryOperator<Tensor>> OTHERS = List.of(
            x -> x.sum(),
            x -> x.mean(),
            x -> x.prod(),
            x -> x.prod(0),
            x -> x.std(),
            x -> x.var(0),
            x -> x.norm(),
            x -> x.logsumexp(1),
            x -> x.softmax(1),
            x -> x.logSoftmax(1),
            x -> x.cumsum(1),
            x -> x.cumprod(1),
            x -> x.logcumsumexp(1),
            x -> x.matmul(x.t()),
            x -> x.mv(x.get(0)),
            x -> x.get(0).dot(x.get(1)),
            x -> x.layerNorm(3),
            x -> x.glu(0),
            x -> x.sort(1).values(),
            x -> x.median(),
            x -> x.normalize(),
            x -> x.cosineSimilarity(x.flip(0)),
            x -> x.clampMin(0.5),
            x -> x.lerp(x.flip(0), 0.3),
            x -> x.mseLoss(x.flip(0)),
            x -> x.smoothL1Loss(x.flip(0)),
            x -> x.addr(x.sum(1), x.sum(0), 1, 1));

    @Test
    void otherOperationsAndTheirGradients() {
        for (Dtype half : HALVES) {
            double ulp = half == FLOAT16 ? 0x1p-9 : 0x1p-6;
            for (UnaryOperator<Tensor> op : OTHERS) {
                Tensor x = tensor(new float[][] {{0.3f, -0.7f, 0.8f}, {1, 0.9f, -0.1f}}, half);
                Tensor h = x.detach().requiresGrad_();
                Tensor f = x.to(FLOAT32).requiresGrad_();
                Tensor got = op.apply(h);
                Tensor expected = op.apply(f);
                assertEquals(half, got.dtype());
                assertArrayEquals(expected.toDoubleArray(), got.toDoubleArray(), 2 * ulp);
                got.sum().backward();
                expected.sum().backward();
                assertArrayEquals(gradient(f), gradient(h), 4 * ulp);
            }
        }
    }

    private static double[] gradient(Tensor x) {
        Tensor g = x.grad();
        if (g == null) throw new CotangentException("no gradient");
        return g.toDoubleArray();
    }

    @Test
    void bagsAreSummedInFloat32() {
        Tensor weight = full(shape(1, 1), 1 / 3.0, BFLOAT16);
        Tensor index = zeros(INT64, 1, 1000);
        assertEquals(
                334, index.embeddingBag(weight, null, "sum", null, false, null).itemDouble(), 1);
    }
}
