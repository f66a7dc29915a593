package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Autograd;
import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What cannot be done is said in words, not by an exception of Java's. */
class RefusalsTest {
    private static String refused(Class<? extends CotangentException> type, Runnable work) {
        return String.valueOf(assertThrows(type, work::run).getMessage());
    }

    private static Tensor nothing() {
        return Collections.<Tensor>singletonList(null).getFirst();
    }

    @Test
    void operandsThatAreNull() {
        Tensor x = ones(2);
        for (Runnable r : List.<Runnable>of(
                () -> x.add(nothing()),
                () -> x.mul_(nothing()),
                () -> x.maximum(nothing()),
                () -> x.atan2(nothing()))) {
            assertTrue(refused(TypeException.class, r).contains("argument 2 must be a Tensor or a number"));
        }
        assertEquals(
                "expected Tensor as element 1 in argument 0, but got NoneType",
                refused(TypeException.class, () -> cat(Arrays.asList(x, nothing()))));
        assertEquals(
                "expected Tensor as element 0 in argument 0, but got NoneType",
                refused(TypeException.class, () -> stack(Arrays.asList(nothing(), x))));
    }

    @Test
    void rowsThatAreNull() {
        assertEquals(
                "expected an array at dim 1, but got null",
                refused(TypeException.class, () -> tensor(new float[][] {{1}, null})));
        assertEquals(
                "expected an array at dim 1, but got null",
                refused(TypeException.class, () -> tensor(new float[][] {null, {1}})));
        assertEquals(
                "expected an array at dim 2, but got null",
                refused(TypeException.class, () -> tensor(new float[][][] {{{1}}, {null}})));
    }

    @Test
    void manyChunks() {
        assertEquals(3, ones(3).chunk(Long.MAX_VALUE).size());
        assertTrue(refused(CotangentException.class, () -> zeros(0).chunk(Long.MAX_VALUE))
                .startsWith("chunk: a list has at most"));
        assertTrue(refused(CotangentException.class, () -> ones(3).tensorSplit(Long.MAX_VALUE, 0))
                .startsWith("tensor_split: a list has at most"));
    }

    @Test
    void manyDimensions() {
        long[] sizes = new long[5000];
        Arrays.fill(sizes, 1);
        assertEquals(
                "tensor(" + "[".repeat(5000) + "7." + "]".repeat(5000) + ")",
                full(shape(sizes), 7.0).toString());
        sizes[4998] = 2;
        String two = full(shape(sizes), 7.0).toString();
        assertTrue(two.startsWith("tensor(" + "[".repeat(5000) + "7.],\n"), () -> two.substring(5000, 5020));
    }

    @Test
    void buffersOfWhatRequiresGrad() {
        Tensor x = ones(2).requiresGrad_();
        assertEquals(
                "Can't call asFloatBuffer() on Tensor that requires grad. Use tensor.detach().asFloatBuffer() instead.",
                refused(CotangentException.class, x::asFloatBuffer));
        assertEquals(
                "Can't call asDoubleBuffer() on Tensor that requires grad. Use tensor.detach().asDoubleBuffer()"
                        + " instead.",
                refused(CotangentException.class, () -> x.to(FLOAT64).asDoubleBuffer()));
        assertEquals(1, x.detach().asFloatBuffer().get(0));
        try (var _ = Autograd.noGrad()) {
            assertEquals(1, x.asFloatBuffer().get(1));
        }
    }
}
