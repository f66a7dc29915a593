package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static dev.cotangent.tests.autograd.Waves.assertThrowsSaying;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.cotangent.Tensor;
import dev.cotangent.UnsupportedException;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.Context;
import dev.cotangent.autograd.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** The forms in which a {@link Function} can be written. */
final class FunctionFormsTest {
    private static Tensor point() {
        return tensor(new double[] {3, 4}).requiresGrad_();
    }

    /** The square, its forward without a context. */
    private static final class Square extends Function {
        @Override
        protected Tensor[] forward(Tensor... in) {
            return new Tensor[] {in[0].square()};
        }

        @Override
        protected void setupContext(Context ctx, Tensor[] inputs, Tensor[] outputs) {
            ctx.saveForBackward(inputs[0]);
            ctx.put("outputs", outputs.length);
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
            assertEquals(1, ctx.get("outputs", Integer.class));
            return new Tensor[] {g[0].mul(ctx.savedTensors().get(0)).mul(2)};
        }
    }

    @Test
    void withSetupContext() {
        Tensor x = point();
        Tensor g = Autograd.grad(new Square().apply(x).sum(), x).createGraph().get();
        assertArrayEquals(new double[] {6, 8}, g.detach().toDoubleArray());
        g.sum().backward();
        assertArrayEquals(new double[] {2, 2}, x.grad().toDoubleArray());
    }

    /** A power, its exponent an argument. */
    private static final class Power extends Function {
        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            ctx.saveForBackward(in[0]);
            return new Tensor[] {in[0].pow(ctx.argument(1, Integer.class)).mul(in[1])};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
            int n = ctx.argument(1, Integer.class);
            Tensor x = ctx.savedTensors().get(0);
            assertEquals("unused", ctx.argument(3, String.class));
            return new Tensor[] {g[0].mul(x.pow(n - 1)).mul(n), null};
        }
    }

    @Test
    void withArgumentsThatAreNoTensors() {
        Tensor x = point();
        new Power().call(x, 3, ones(2).to(x.dtype()), "unused").sum().backward();
        assertArrayEquals(new double[] {27, 48}, x.grad().toDoubleArray());
        assertThrowsSaying(
                "argument 1 of the function is no Integer but of class java.lang.Double",
                () -> new Power().call(x, 3.0, ones(2).to(x.dtype())));
        assertThrowsSaying(
                "argument 1 of the function is no Integer but missing, null or a tensor",
                () -> new Power().apply(x, ones(2).to(x.dtype())));
    }

    /** The square, its backward in Java. */
    private static class OnJavaArrays extends Function {
        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            ctx.saveForBackward(in[0]);
            return new Tensor[] {in[0].square()};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
            assertFalse(Autograd.isGradEnabled());
            double[] x = ctx.savedTensors().get(0).toDoubleArray();
            double[] given = g[0].toDoubleArray();
            for (int i = 0; i < x.length; i++) x[i] *= 2 * given[i];
            return new Tensor[] {tensor(x)};
        }

        @Override
        protected boolean isOnceDifferentiable() {
            return true;
        }
    }

    @Test
    void differentiableOnce() {
        Tensor x = point();
        new OnJavaArrays().apply(x).sum().backward();
        assertArrayEquals(new double[] {6, 8}, x.grad().toDoubleArray());
        Tensor w = point();
        Tensor y = new OnJavaArrays().apply(w);
        Tensor constant = Autograd.grad(y.sum(), w).createGraph().get();
        assertFalse(constant.requiresGrad());
        Tensor z = new OnJavaArrays().apply(w).mul(w);
        Tensor g = Autograd.grad(z.sum(), w).createGraph().get();
        assertThrowsSaying(
                "trying to differentiate twice a function that was marked with @once_differentiable",
                () -> g.sum().backward());
    }

    private static final class Nothing extends Function {}

    private static final class Forward extends Function {
        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            return new Tensor[] {in[0].mul(2)};
        }
    }

    @Test
    void withoutWhatTheyNeed() {
        assertThrowsSaying(
                "You must implement the forward function for custom autograd.Function.",
                () -> new Nothing().apply(point()));
        assertThrowsSaying(
                "You must implement either the backward or vjp method for your custom autograd.Function to use it with"
                        + " backward mode AD.",
                () -> new Forward().apply(point()).sum().backward());
        Assertions.assertThrows(UnsupportedException.class, () -> new Nothing().apply(point()));
    }
}
