package dev.cotangent.tests.values;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.autograd.Autograd;
import java.util.Arrays;
import java.util.Collections;
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
    void tensorsThatAreNull() {
        Tensor x = ones(2);
        assertEquals(
                "expected Tensor as element 1 in argument 0, but got NoneType: cat() takes no null in 'tensors'",
                refused(TypeException.class, () -> cat(Arrays.asList(x, nothing()))));
        assertEquals(
                "expected Tensor as element 0 in argument 0, but got NoneType: stack() takes no null in 'tensors'",
                refused(TypeException.class, () -> stack(Arrays.asList(nothing(), x))));
    }

    @Test
    void partsWithoutNumber() {
        assertTrue(refused(CotangentException.class, () -> ones(3).tensorSplit(Long.MAX_VALUE, 0))
                .startsWith("tensor_split: a list has at most"));
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
