package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Context;
import dev.cotangent.autograd.Func;
import dev.cotangent.autograd.Function;
import dev.cotangent.autograd.GradCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a check of gradients finds besides wrong numbers. */
final class GradCheckTest {
    private static Tensor input() {
        return tensor(new double[] {0.3, 0.7}).requiresGrad_();
    }

    private static void assertFinds(String message, java.util.function.Function<List<Tensor>, Tensor> f, Tensor x) {
        CotangentException e = assertThrows(CotangentException.class, () -> new GradCheck().checkOne(f, x));
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
    }

    /** Doubles, with a backward of another kind. */
    private abstract static class Doubling extends Function {
        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            return new Tensor[] {in[0].mul(2)};
        }
    }

    @Test
    void outputsThatWereDetached() {
        assertFinds(
                "Numerical gradient for function expected to be zero",
                in -> in.getFirst().mul(3).detach(),
                input());
        new GradCheck().checkOne(in -> in.getFirst().detach().onesLike(), input());
        new GradCheck().check(in -> List.of(in.getFirst().mul(2), in.getFirst().detach()), input());
    }

    @Test
    void inputsThatOverlap() {
        Tensor x = ones(1).to(Dtype.FLOAT64).expand(3).detach().requiresGrad_();
        assertFinds(
                "The 0th input has a dimension with stride 0. gradcheck only supports inputs that are non-overlapping",
                in -> in.getFirst().mul(2),
                x);
    }

    @Test
    void backwardsThatChange() {
        Function changing = new Doubling() {
            private int calls;

            @Override
            protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
                return new Tensor[] {g[0].mul(2 + (calls++ % 2) * 1e-7)};
            }
        };
        assertFinds("Backward is not reentrant", in -> changing.apply(in.getFirst()), input());
    }

    @Test
    void backwardsThatDoNotMultiply() {
        Function constant = new Doubling() {
            @Override
            protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
                return new Tensor[] {g[0].mul(2).add(1e-7)};
            }
        };
        assertFinds("backward not multiplied by grad_output", in -> constant.apply(in.getFirst()), input());
    }

    /** Checks a backward that differs from pass to pass by no more than it is allowed to. */
    @Test
    void toleranceForBackwardsThatChange() {
        Function changing = new Doubling() {
            private int calls;

            @Override
            protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
                return new Tensor[] {g[0].mul(2 + (calls++ % 2) * 1e-7)};
            }
        };
        new GradCheck().nondeterminismTolerance(1e-6).checkOne(in -> changing.apply(in.getFirst()), input());
    }

    @Test
    void fastMode() {
        new GradCheck()
                .fast()
                .batched()
                .check(
                        in -> List.of(
                                in.get(0).mul(in.get(1)).exp(),
                                in.get(0).sum().mul(in.get(1)).sin()),
                        input(),
                        tensor(new double[] {0.1, -0.4}).requiresGrad_());
        Function wrong = new Doubling() {
            @Override
            protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
                return new Tensor[] {g[0].mul(2.1)};
            }
        };
        CotangentException e = assertThrows(
                CotangentException.class,
                () -> new GradCheck().fast().checkOne(in -> wrong.apply(in.getFirst()), input()));
        String message = "Jacobian computed with reverse mode mismatch for output 0 with respect to input 0";
        assertTrue(e.getMessage().startsWith(message), e.getMessage());
        assertFinds(
                "Jacobian mismatch for output 0 with respect to input 0", in -> wrong.apply(in.getFirst()), input());
    }

    /** Two outputs, whose backward takes no gradient for nothing, or not. */
    private static final class Pair extends Function {
        private final boolean isCareless;

        Pair(boolean isCareless) {
            this.isCareless = isCareless;
        }

        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            ctx.setMaterializeGrads(false);
            return new Tensor[] {in[0].mul(2), in[0].mul(3)};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
            if (isCareless) return new Tensor[] {g[0].mul(2).add(g[1].mul(3))};
            Tensor a = g[0] == null ? null : g[0].mul(2);
            Tensor b = g[1] == null ? null : g[1].mul(3);
            return new Tensor[] {a == null ? b : b == null ? a : a.add(b)};
        }
    }

    @Test
    void gradientsThatAreMissing() {
        new GradCheck().check(in -> List.of(new Pair(false).applyAll(in.getFirst())), input());
        CotangentException e = assertThrows(
                CotangentException.class,
                () -> new GradCheck().check(in -> List.of(new Pair(true).applyAll(in.getFirst())), input()));
        assertTrue(e.getMessage().startsWith("Expected backward function to handle undefined"), e.getMessage());
    }

    /** x^3, whose backward is in plain numbers; the forward-mode derivative is right or three times too large. */
    private static final class Cube extends Function implements Function.ForwardMode {
        private final double factor;

        Cube(double factor) {
            this.factor = factor;
        }

        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            ctx.saveForBackward(in[0]);
            return new Tensor[] {in[0].pow(3)};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
            return new Tensor[] {g[0].mul(ctx.savedTensors().get(0).square()).mul(3)};
        }

        @Override
        protected boolean isOnceDifferentiable() {
            return true;
        }

        @Override
        public @Nullable Tensor[] jvp(Context ctx, @Nullable Tensor... tangents) {
            return new Tensor[] {
                tangents[0].mul(ctx.savedTensors().get(0).square()).mul(factor)
            };
        }
    }

    @Test
    void forwardMode() {
        new GradCheck().forward().check(in -> List.of(in.getFirst().sin().mul(in.getFirst())), input());
        new GradCheck()
                .forward()
                .checkOne(in -> new Cube(3).apply(in.getFirst()).exp(), input());
        new GradCheck()
                .forward()
                .fast()
                .checkOne(in -> new Cube(3).apply(in.getFirst()).exp(), input());
        for (GradCheck check :
                List.of(new GradCheck().forward(), new GradCheck().forward().fast())) {
            CotangentException e = assertThrows(
                    CotangentException.class, () -> check.checkOne(in -> new Cube(9).apply(in.getFirst()), input()));
            assertTrue(
                    e.getMessage().startsWith("Jacobian computed with forward mode mismatch for output 0"),
                    e.getMessage());
        }
    }

    @Test
    void jvpOfFunctions() {
        Tensor x = tensor(new double[] {1, 2});
        Tensor v = tensor(new double[] {10, 1});
        // d(exp(x^3)) is exp(x^3) 3 x^2 v; the backward alone could not be differentiated.
        Tensor expected = x.pow(3).exp().mul(x.square()).mul(3).mul(v);
        Tensor product = Func.jvp(t -> new Cube(3).apply(t).exp(), x, v).product();
        assertTrue(expected.allclose(product), product.toString());
        // Reverse over forward: the derivative of 3 x^2 v by x is 6 x v.
        Tensor leaf = x.clone().requiresGrad_();
        Func.jvp(t -> new Cube(3).apply(t), leaf, v).product().sum().backward();
        assertTrue(x.mul(v).mul(6).allclose(leaf.grad()), leaf.grad().toString());
    }
}
