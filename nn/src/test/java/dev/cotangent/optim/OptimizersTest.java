package dev.cotangent.optim;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Four steps from the same place must lead where PyTorch 2.13 went. */
class OptimizersTest {
    private static Stream<Arguments> optimizers() {
        return Stream.of(
                of(
                        "SGD",
                        p -> new SGD(p, 0.1),
                        0.44424668298179626,
                        -1.2784065396744537,
                        2.4766535677474213,
                        0.019631638121827298,
                        -0.8734071848750683),
                of(
                        "momentum",
                        p -> new SGD(p, SGD.options().lr(0.1).momentum(0.9)),
                        -0.2150250569840241,
                        -0.3656876546402739,
                        1.8284771402816007,
                        -0.6689100064129795,
                        -1.740072283151497),
                of(
                        "dampening",
                        p -> new SGD(
                                p,
                                SGD.options()
                                        .lr(0.1)
                                        .momentum(0.9)
                                        .dampening(0.1)
                                        .weightDecay(0.01)),
                        -0.18752292469997706,
                        -0.44999836817056404,
                        1.8594318544024306,
                        -0.6112360718003957,
                        -1.593353037893116),
                of(
                        "nesterov",
                        p -> new SGD(
                                p,
                                SGD.options()
                                        .lr(0.1)
                                        .momentum(0.9)
                                        .weightDecay(0.01)
                                        .nesterov(true)),
                        -0.01582749639910296,
                        0.15132094482407846,
                        1.7281962297009226,
                        -1.010437259172727,
                        -3.6395956022330984),
                of(
                        "Adam",
                        p -> new Adam(p, 0.01),
                        0.9600346286999312,
                        -1.960000002052553,
                        2.960021999038589,
                        0.4600495649290957,
                        -0.29001933095453936),
                of(
                        "Adam, decay",
                        p -> new Adam(
                                p,
                                Adam.options()
                                        .lr(0.01)
                                        .betas(0.8, 0.99)
                                        .eps(1e-6)
                                        .weightDecay(0.1)),
                        0.9600668552715708,
                        -1.960002228783541,
                        2.96003909858812,
                        0.46009585990201735,
                        -0.2900371749463614),
                of(
                        "AdamW",
                        p -> new AdamW(p, 0.01),
                        0.9596409494360667,
                        -1.9592063473113057,
                        2.958828427197404,
                        0.4598559792142696,
                        -0.2899131038505021));
    }

    private static Arguments of(String name, Function<List<Tensor>, Optimizer> make, double... expected) {
        return Arguments.of(name, make, expected);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void goesWherePyTorchGoes(String name, Function<List<Tensor>, Optimizer> make, double[] expected) {
        assertArrayEquals(expected, after(4, Dtype.FLOAT64, make), 1e-14);
        assertArrayEquals(expected, after(4, Dtype.FLOAT32, make), 1e-6);
    }

    private static double[] after(int steps, Dtype dtype, Function<List<Tensor>, Optimizer> make) {
        Tensor p = floatTensor(1, -2, 3).to(dtype).requiresGrad_();
        Tensor q = tensor(new double[][] {{0.5, -0.25}}).to(dtype).requiresGrad_();
        Tensor weights = floatTensor(1, 0.5f, 0.25f).to(dtype);
        Optimizer optimizer = make.apply(List.of(p, q));
        for (int i = 0; i < steps; i++) {
            optimizer.zeroGrad();
            Tensor cubes = q.mul(q).mul(q);
            p.mul(p)
                    .mul(weights)
                    .sum()
                    .add(cubes.sum())
                    .add(p.sum().mul(q.mean()))
                    .backward();
            optimizer.step();
        }
        return cat(p.detach(), q.detach().flatten()).to(Dtype.FLOAT64).toDoubleArray();
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT16", "BFLOAT16"})
    void halfTypesAreComputedInFloat32(Dtype dtype) {
        Tensor p = floatTensor(1, -2, 3).to(dtype).requiresGrad_();
        p.square().sum().backward();
        new SGD(List.of(p), 0.25).step();
        assertArrayEquals(
                new float[] {0.5f, -1, 1.5f}, p.detach().to(Dtype.FLOAT32).toFloatArray());
    }

    @Test
    void aStepCountsAsAWriteAndIsNotRecorded() {
        Tensor p = floatTensor(1, 2).requiresGrad_();
        Tensor y = p.square().sum();
        y.backward(dev.cotangent.autograd.Autograd.options().retainGraph());
        new SGD(List.of(p), 0.1).step();
        assertTrue(p.isLeaf() && p.requiresGrad());
        assertThrows(CotangentException.class, y::backward);
    }

    @Test
    void parametersWithoutAGradientStayAsTheyAre() {
        Tensor p = floatTensor(1, 2).requiresGrad_();
        Tensor q = floatTensor(3, 4).requiresGrad_();
        p.sum().backward();
        new Adam(List.of(p, q), 0.5).step();
        assertArrayEquals(new float[] {0.5f, 1.5f}, p.detach().toFloatArray(), 1e-6f);
        assertArrayEquals(new float[] {3, 4}, q.detach().toFloatArray());
    }

    @Test
    void wrongArgumentsAreRefused() {
        List<Tensor> p = List.of(floatTensor(1).requiresGrad_());
        refuses("optimizer got an empty parameter list", () -> new SGD(List.of(), 0.1));
        refuses("Invalid learning rate: -1.0", () -> new SGD(p, -1));
        refuses("Invalid momentum value: -0.1", () -> new SGD(p, SGD.options().momentum(-0.1)));
        refuses(
                "can't optimize a non-leaf Tensor",
                () -> new SGD(List.of(p.getFirst().mul(2)), 0.1));
        refuses(
                "Nesterov momentum requires a momentum and zero dampening",
                () -> new SGD(p, SGD.options().nesterov(true)));
        refuses(
                "Invalid beta parameter at index 0: 1.0",
                () -> new Adam(p, Adam.options().betas(1, 0.9)));
        refuses("Invalid epsilon value: -1.0", () -> new Adam(p, Adam.options().eps(-1)));
        refuses(
                "Invalid weight_decay value: -1.0",
                () -> new Adam(p, Adam.options().weightDecay(-1)));
    }

    private static void refuses(String message, Runnable what) {
        assertEquals(message, assertThrows(ValueException.class, what::run).getMessage());
    }

    @Test
    void aStateOfAnotherTypeIsRefusedBeforeAnythingChanges() {
        Tensor p = floatTensor(1, 2).requiresGrad_();
        var optimizer = new SGD(List.of(p), SGD.options().lr(0.1).momentum(0.9));
        p.sum().backward();
        optimizer.step();
        float[] before = p.detach().clone().toFloatArray();
        p.setGrad(null);
        p.setData(p.detach().to(Dtype.FLOAT64));
        p.sum().backward();
        assertThrows(CotangentException.class, optimizer::step);
        assertArrayEquals(before, p.detach().to(Dtype.FLOAT32).toFloatArray());
    }

    @Test
    void stateOutlivesTheScopeOfTheStepThatMadeIt() {
        List<Function<List<Tensor>, Optimizer>> makers =
                List.of(p -> new SGD(p, SGD.options().lr(0.1).momentum(0.9)), p -> new Adam(p, 0.1));
        for (Function<List<Tensor>, Optimizer> maker : makers) {
            float[][] results = new float[2][];
            for (int scoped = 0; scoped < 2; scoped++) {
                Tensor p = floatTensor(1, 2).requiresGrad_();
                Optimizer optimizer = maker.apply(List.of(p));
                for (int i = 0; i < 3; i++) {
                    Scope scope = scoped == 1 ? Scope.open() : null;
                    p.mul(p).sum().backward();
                    optimizer.step();
                    optimizer.zeroGrad();
                    if (scope != null) scope.close();
                }
                results[scoped] = new float[] {
                    (float) p.detach().get("0").itemDouble(),
                    (float) p.detach().get("1").itemDouble()
                };
            }
            assertArrayEquals(results[0], results[1]);
        }
    }
}
