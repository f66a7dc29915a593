package dev.cotangent.tests.autograd;

import static dev.cotangent.tests.autograd.Waves.assertClose;
import static dev.cotangent.tests.autograd.Waves.assertThrowsSaying;
import static dev.cotangent.tests.autograd.Waves.learned;
import static dev.cotangent.tests.autograd.Waves.wave;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.Functional;
import dev.cotangent.autograd.FunctionalOptions;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** {@code torch.autograd.functional}; the numbers are PyTorch 2.13's. */
final class FunctionalTest {
    private static final FunctionalOptions STRICT = Functional.options().strict();
    private static final FunctionalOptions GRAPH = Functional.options().createGraph();

    private final Tensor x = wave(0.7, 3);
    private final Tensor a = wave(0.4, 2);
    private final Tensor b = wave(0.6, 2, 2);

    static Tensor mlp(Tensor x) {
        return x.matmul(wave(1.1, 4, 3).t())
                .add(wave(0.3, 4))
                .tanh()
                .matmul(wave(0.9, 2, 4).t())
                .add(wave(0.5, 2));
    }

    private static List<Tensor> twoOutputs(List<Tensor> in) {
        return List.of(in.get(0).matmul(in.get(1)), in.get(0).mul(in.get(1)).sum());
    }

    private static Tensor cubes(List<Tensor> in) {
        return in.get(0).matmul(in.get(1)).pow(3).sum();
    }

    @Test
    void jacobianAndHessianOfAnMlp() {
        assertClose(
                new double[] {
                    -0.1719157353596732,
                    -0.23120152051197346,
                    -0.03782849058418075,
                    -0.2559391477517597,
                    -0.010276397496314482,
                    0.24661647965864764
                },
                new long[] {2, 3},
                Functional.jacobian(FunctionalTest::mlp, x));
        assertClose(
                new double[] {
                    0.5088772428055905,
                    0.3438693272364557,
                    -0.19692165658223293,
                    0.34386932723645575,
                    0.30624599556850557,
                    -0.06604533565247885,
                    -0.19692165658223293,
                    -0.06604533565247887,
                    0.13700584040180314
                },
                new long[] {3, 3},
                Functional.hessian(in -> mlp(in).pow(2).sum(), x));
        assertFalse(x.requiresGrad());
    }

    @Test
    void products() {
        var vjp = Functional.vjp(FunctionalTest::mlp, x, wave(1.3, 2));
        assertClose(new double[] {1.0050131013908228, 0.5795984911753405}, vjp.output());
        assertClose(new double[] {-0.29758779577667754, -0.22807361457694583, 0.09068118183344846}, vjp.product());
        assertFalse(vjp.output().requiresGrad() || vjp.product().requiresGrad());
        Tensor u = wave(1.7, 3);
        var jvp = Functional.jvp(FunctionalTest::mlp, x, u);
        assertClose(new double[] {-0.0763791217842078, -0.4795009622734955}, jvp.product());
        Function<Tensor, Tensor> loss = in -> mlp(in).pow(3).sum();
        var vhp = Functional.vhp(loss, x, u);
        assertClose(new double[] {1.2098219014479852}, vhp.output());
        assertClose(new double[] {1.7502011708218044, 0.9251029081420433, -0.9109549887162987}, vhp.product());
        assertClose(
                new double[] {1.7502011708218042, 0.925102908142043, -0.9109549887162984},
                Functional.hvp(loss, x, u).product());
    }

    @Test
    void severalInputsAndOutputs() {
        List<List<Tensor>> j = Functional.jacobian(FunctionalTest::twoOutputs, List.of(a, b));
        assertClose(
                new double[] {0.5646424733950354, 0.9738476308781953, 0.9320390859672263, 0.675463180551151},
                new long[] {2, 2},
                j.get(0).get(0));
        assertClose(
                new double[] {
                    0.3894183423086505, 0.0, 0.7173560908995228, 0.0, 0.0, 0.3894183423086505, 0.0, 0.7173560908995228
                },
                new long[] {2, 2, 2},
                j.get(0).get(1));
        assertClose(
                new double[] {1.5384901042732306, 1.6075022665183774},
                new long[] {2},
                j.get(1).get(0));
        assertClose(
                new double[] {0.3894183423086505, 0.7173560908995228, 0.3894183423086505, 0.7173560908995228},
                new long[] {2, 2},
                j.get(1).get(1));
        List<List<Tensor>> h = Functional.hessian(FunctionalTest::cubes, List.of(a, b));
        assertClose(
                new double[] {6.1743078756563365, 6.231597158019309, 6.231597158019309, 7.5464265947496845},
                new long[] {2, 2},
                h.get(0).get(0));
        assertClose(
                new double[] {
                    3.7425446524612873,
                    4.000390737051838,
                    2.23217471373785,
                    3.3998538880885496,
                    2.0899084710697826,
                    1.3375481411741292,
                    6.38067001412332,
                    4.618699366848093
                },
                new long[] {2, 2, 2},
                h.get(0).get(1));
        assertClose(
                new double[] {
                    3.7425446524612873,
                    2.0899084710697826,
                    4.000390737051838,
                    1.3375481411741292,
                    2.23217471373785,
                    6.38067001412332,
                    3.3998538880885496,
                    4.618699366848093
                },
                new long[] {2, 2, 2},
                h.get(1).get(0));
        assertClose(
                new double[] {
                    0.835704340777509,
                    0.0,
                    1.5394693416181164,
                    0.0,
                    0.0,
                    0.7711238671352014,
                    0.0,
                    1.4205042311257945,
                    1.5394693416181167,
                    0.0,
                    2.835890324055499,
                    0.0,
                    0.0,
                    1.4205042311257947,
                    0.0,
                    2.6167420782120567
                },
                new long[] {2, 2, 2, 2},
                h.get(1).get(1));
        List<Tensor> v = List.of(wave(1, 2), wave(2, 2, 2));
        var hvp = Functional.hvp(FunctionalTest::cubes, List.of(a, b), v, Functional.options());
        assertClose(
                new double[] {13.977425991481457, 15.780433322455398},
                hvp.product().get(0));
        assertClose(
                new double[] {5.379343343044917, 5.404240924736798, 8.287680883175291, 8.574504056623237},
                hvp.product().get(1));
        var vhp = Functional.vhp(FunctionalTest::cubes, List.of(a, b), v, Functional.options());
        assertClose(
                new double[] {13.977425991481457, 15.780433322455398},
                vhp.product().get(0));
        var jvp = Functional.jvp(FunctionalTest::twoOutputs, List.of(a, b), v, Functional.options());
        assertClose(
                new double[] {1.5143040901251705, 1.8134901706580375},
                jvp.product().get(0));
        assertClose(new double[] {3.168405318897473}, jvp.product().get(1));
        List<Tensor> w = List.of(wave(1, 2), Tensors.tensor(new double[] {2}).view());
        var vjp = Functional.vjp(FunctionalTest::twoOutputs, List.of(a, b), w, Functional.options());
        assertClose(
                new double[] {4.399611209269508, 4.648665990035319},
                vjp.product().get(0));
        assertClose(
                new double[] {1.1065209206220197, 1.788809278419024, 1.3824710208844655, 2.0870022293717114},
                vjp.product().get(1));
    }

    @Test
    void resultsHaveGradientsIfAskedFor() {
        Tensor in = x.clone().requiresGrad_();
        Functional.jacobian(FunctionalTest::mlp, in, GRAPH).pow(2).sum().backward();
        assertClose(new double[] {0.24822140256484793, 0.09866843283696994, -0.15871016568086851}, in.grad());
        Tensor point = Tensors.tensor(new double[] {0.5, 2}).requiresGrad_();
        Function<List<Tensor>, Tensor> cube = t -> t.getFirst().pow(3).sum();
        List<Tensor> ones = List.of(point.detach().onesLike());
        var hvp = Functional.hvp(cube, List.of(point), ones, GRAPH);
        hvp.product().getFirst().sum().backward();
        assertArrayEquals(new double[] {6, 6}, point.grad().toDoubleArray());
        assertTrue(hvp.output().requiresGrad());
        Tensor again = point.detach().requiresGrad_();
        Functional.vhp(cube, List.of(again), ones, GRAPH)
                .product()
                .getFirst()
                .sum()
                .backward();
        assertArrayEquals(new double[] {6, 6}, again.grad().toDoubleArray());
        Tensor third = point.detach().requiresGrad_();
        Functional.jvp(t -> t.pow(3), third, third.onesLike(), GRAPH)
                .product()
                .sum()
                .backward();
        assertArrayEquals(new double[] {3, 12}, third.grad().toDoubleArray());
        Tensor fourth = point.detach().requiresGrad_();
        Functional.hessian(t -> t.pow(4).sum(), fourth, GRAPH).sum().backward();
        assertArrayEquals(new double[] {12, 48}, fourth.grad().toDoubleArray());
    }

    @Test
    void leaveGradientsAndModesAlone() {
        Tensor leaf = learned(0.7, 3);
        Tensor j;
        try (var _ = Autograd.noGrad()) {
            j = Functional.jacobian(FunctionalTest::mlp, leaf);
            assertFalse(Autograd.isGradEnabled());
            assertClose(
                    new double[] {1.7502011708218044, 0.9251029081420433, -0.9109549887162987},
                    Functional.vhp(in -> mlp(in).pow(3).sum(), leaf, wave(1.7, 3))
                            .product());
        }
        assertClose(
                new double[] {
                    -0.1719157353596732,
                    -0.23120152051197346,
                    -0.03782849058418075,
                    -0.2559391477517597,
                    -0.010276397496314482,
                    0.24661647965864764
                },
                j);
        assertFalse(j.requiresGrad());
        assertNull(leaf.grad());
        assertTrue(Autograd.isGradEnabled());
    }

    @Test
    void emptyOutputsAndMissingGradients() {
        assertArrayEquals(
                new long[] {0, 3},
                Functional.jacobian(t -> t.get("0:0"), x).shape().toArray());
        assertClose(new double[9], Functional.jacobian(t -> t.detach().mul(2), x));
        assertClose(new double[9], Functional.hessian(t -> t.mul(2).sum(), x));
        assertClose(
                new double[3], Functional.vjp(t -> t.detach().sum(), x, null).product());
        assertClose(new double[3], Functional.jvp(t -> t.detach(), x, x).product());
        assertClose(new double[3], Functional.hvp(t -> t.sum(), x, x).product());
        var options = Functional.options().vectorize();
        assertClose(
                new double[] {
                    -0.1719157353596732,
                    -0.23120152051197346,
                    -0.03782849058418075,
                    -0.2559391477517597,
                    -0.010276397496314482,
                    0.24661647965864764
                },
                Functional.jacobian(FunctionalTest::mlp, x, options));
    }

    @Test
    void strictModeRefusesWhatIsConstant() {
        assertThrowsSaying(
                "Output 0 of the user-provided function does not require gradients. The outputs must be computed in a"
                        + " differentiable manner from the input when running in strict mode.",
                () -> Functional.jacobian(t -> t.detach(), x, STRICT));
        List<Tensor> two = List.of(a, wave(0.3, 2));
        assertThrowsSaying(
                "Output 0 of the user-provided function is independent of input 1. This is not allowed in strict mode.",
                () -> Functional.jacobian(in -> List.of(in.get(0).mul(2)), two, STRICT));
        assertThrowsSaying(
                "The output of the user-provided function is independent of input 1. This is not allowed in strict"
                        + " mode.",
                () -> Functional.vjp(in -> List.of(in.get(0).sum()), two, null, STRICT));
        assertThrowsSaying(
                "The jacobian of the user-provided function is independent of input 0. This is not allowed in strict"
                        + " mode when create_graph=True.",
                () -> Functional.jacobian(t -> t.mul(2), x.clone().requiresGrad_(), STRICT.createGraph()));
        assertThrowsSaying(
                "While computing the hessian, found that the jacobian of the user-provided function with respect to"
                        + " input 0 is independent of the input. This is not allowed in strict mode.",
                () -> Functional.hessian(t -> t.mul(2).sum(), x, STRICT));
        assertThrowsSaying(
                "torch.autograd.functional.jacobian: `strict=True` and `vectorized=True` are not supported together.",
                () -> Functional.jacobian(t -> t, x, STRICT.vectorize()));
    }

    @Test
    void vectorsFit() {
        assertThrowsSaying(
                "v has invalid size: should be torch.Size([2]) but got torch.Size([3]).",
                () -> Functional.vjp(FunctionalTest::mlp, x, x));
        assertThrowsSaying(
                "Entry 1 in v has invalid size: should be torch.Size([2, 2]) but got torch.Size([2]).",
                () -> Functional.jvp(FunctionalTest::twoOutputs, List.of(a, b), List.of(a, a), Functional.options()));
        assertThrowsSaying(
                "v is a tuple of invalid length: should be 2 but got 1.",
                () -> Functional.jvp(FunctionalTest::twoOutputs, List.of(a, b), List.of(a), Functional.options()));
        assertThrowsSaying(
                "The vector v can only be None if the user-provided function returns a single Tensor with a single"
                        + " element.",
                () -> Functional.vjp(FunctionalTest::mlp, x, null));
        assertThrowsSaying(
                "The vector v can only be None if the input to the user-provided function is a single Tensor with a"
                        + " single element.",
                () -> Functional.jvp(FunctionalTest::mlp, x, null));
        assertThrowsSaying(
                "The Tensor returned by the function given to hessian should contain a single element",
                () -> Functional.hessian(FunctionalTest::mlp, x));
        assertThrowsSaying(
                "The Tensor returned by the function given to hvp should contain a single element",
                () -> Functional.hvp(FunctionalTest::mlp, x, x));
        assertThrowsSaying(
                "The outputs of the user-provided function must be either a Tensor",
                () -> Functional.jacobian(t -> null, x));
    }
}
