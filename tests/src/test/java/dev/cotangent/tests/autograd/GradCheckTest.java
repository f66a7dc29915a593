package dev.cotangent.tests.autograd;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.GradCheck;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Context;
import dev.cotangent.autograd.Function;
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
}
