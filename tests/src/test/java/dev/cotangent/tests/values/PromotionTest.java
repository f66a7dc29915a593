package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.scalar;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.Tensors.where;
import static dev.cotangent.Tensors.zeros;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.ops.Promotion;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Operands of several dtypes, tensors with and without dimensions and scalars: the dtype is that of result_type. */
class PromotionTest {
    private static final String REMEDY = ". In Java it is null, as grad() is before backward() has reached the tensor.";

    private static final Number[] SCALARS = {1, 0.5};

    private static List<Tensor> tensors() {
        List<Tensor> all = new ArrayList<>();
        for (Dtype dtype : Dtype.values()) {
            all.add(zeros(Shape.of(2), dtype));
            all.add(zeros(Shape.of(), dtype));
        }
        return all;
    }

    @Test
    void binary() {
        for (Tensor a : tensors()) {
            for (Tensor b : tensors()) {
                assertEquals(Promotion.resultType(a, b), a.add(b).dtype());
                assertEquals(Promotion.resultType(a, b), a.mul(b).dtype());
                assertEquals(Dtype.BOOL, a.eq(b).dtype());
            }
            for (Number b : SCALARS)
                assertEquals(Promotion.resultType(a, b), a.mul(b).dtype());
        }
    }

    @Test
    void ternary() {
        for (Tensor a : tensors()) {
            for (Tensor b : tensors()) {
                for (Tensor c : tensors()) {
                    Dtype common = Promotion.resultType(a, b, c);
                    if (!common.isComplex()) assertEquals(common, a.clamp(b, c).dtype());
                    if (common != Dtype.BOOL)
                        assertEquals(common, a.addcmul(b, c).dtype());
                }
            }
        }
    }

    @Test
    void whereCountsItsBranchesAlone() {
        Tensor condition = tensor(new boolean[] {true, false});
        for (Tensor a : tensors()) {
            for (Tensor b : tensors())
                assertEquals(Promotion.resultType(a, b), where(condition, a, b).dtype());
            for (Number b : SCALARS) {
                assertEquals(Promotion.resultType(a, b), where(condition, a, b).dtype());
                assertEquals(Promotion.resultType(b, a), where(condition, b, a).dtype());
            }
            assertEquals(a.dtype(), a.maskedFill(condition, scalar(1f)).dtype());
        }
        assertEquals(Dtype.INT64, where(condition, 1, 2).dtype());
        assertEquals(Dtype.FLOAT32, where(condition, 1, 0.5).dtype());
    }

    @Test
    void inPlaceKeepsTheDtypeOrRefuses() {
        for (Tensor a : tensors()) {
            for (Tensor b : tensors()) {
                if (a.dim() < b.dim()) continue;
                Dtype common = Promotion.resultType(a, b);
                Tensor self = a.clone();
                if (a.dtype().accepts(common)) {
                    assertEquals(a.dtype(), self.add_(b).dtype());
                    continue;
                }
                CotangentException e = assertThrows(CotangentException.class, () -> self.add_(b));
                assertEquals(
                        "result type " + common.scalarName() + " can't be cast to the desired output type "
                                + a.dtype().scalarName(),
                        e.getMessage());
                assertEquals(0, Internals.version(self).current());
            }
        }
    }

    /** Checks that dtypes that were refused once are refused again: a kernel is cached only after the checks. */
    @Test
    void refusesAgain() {
        Tensor flags = zeros(Shape.of(2), Dtype.BOOL);
        for (int i = 0; i < 2; i++) {
            assertThrows(CotangentException.class, flags::relu);
            assertThrows(CotangentException.class, () -> flags.sub(flags));
            assertThrows(CotangentException.class, flags::relu_);
        }
        assertEquals(2, zeros(2).relu().numel());
    }

    @Test
    void namesTheMissingOperand() {
        Tensor x = zeros(2);
        Tensor none = null;
        assertEquals(
                "add(): argument 'other' (position 1) must be Tensor, not NoneType" + REMEDY,
                assertThrows(TypeException.class, () -> x.add(none)).getMessage());
        assertEquals(
                "add(): argument 'other' (position 1) must be Tensor, not NoneType" + REMEDY,
                assertThrows(TypeException.class, () -> x.add_(none)).getMessage());
        assertEquals(
                "addcmul(): argument 'tensor2' (position 2) must be Tensor, not NoneType" + REMEDY,
                assertThrows(TypeException.class, () -> x.addcmul(x, none)).getMessage());
    }
}
