package dev.cotangent.tests.autograd;

import static dev.cotangent.tests.autograd.Waves.assertClose;
import static dev.cotangent.tests.autograd.Waves.assertThrowsSaying;
import static dev.cotangent.tests.autograd.Waves.learned;
import static dev.cotangent.tests.autograd.Waves.wave;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.autograd.Func;
import dev.cotangent.autograd.VmapOptions.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** {@code torch.func}; the numbers are PyTorch 2.13's. */
final class FuncTest {
    private final Tensor x = wave(0.7, 3);
    private final Tensor batch = wave(0.37, 5, 3);

    private static Tensor scalar(double value) {
        return Tensors.tensor(new double[] {value}).view();
    }

    private static Tensor waves(Tensor x) {
        return x.sin().mul(x).sum();
    }

    @Test
    void gradients() {
        assertClose(
                new double[] {1.1156701466516643, 1.3779701022702457, 1.3210203110920207},
                Func.grad(FuncTest::waves).apply(x));
        assertClose(
                new double[] {-0.955336489125606},
                Func.grad(Func.grad(Func.grad(Tensor::sin))).apply(scalar(0.3)));
        assertClose(
                new double[] {1.2122398760738005, 0.0, 0.0, 0.0, 0.28358392738354943, 0.0, 0.0, 0.0, 0.6440229250165511
                },
                Func.hessian(FuncTest::waves).apply(x));
        var both = Func.gradAndValue(FuncTest::waves).apply(x);
        assertClose(new double[] {1.1156701466516643, 1.3779701022702457, 1.3210203110920207}, both.grad());
        assertEquals(waves(x).item(), both.value().item());
        assertFalse(both.grad().requiresGrad() || both.value().requiresGrad());
    }

    @Test
    void jacobians() {
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
                Func.jacrev(FunctionalTest::mlp).apply(x));
        assertClose(
                new double[] {
                    -0.1719157353596732,
                    -0.23120152051197346,
                    -0.037828490584180724,
                    -0.2559391477517597,
                    -0.010276397496314482,
                    0.24661647965864755
                },
                new long[] {2, 3},
                Func.jacfwd(FunctionalTest::mlp).apply(x));
        assertClose(
                new double[] {-0.0763791217842078, -0.4795009622734955},
                Func.jvp(FunctionalTest::mlp, x, wave(1.7, 3)).product());
        var vjp = Func.vjp(FunctionalTest::mlp, x);
        assertClose(new double[] {1.0050131013908228, 0.5795984911753405}, vjp.output());
        assertClose(
                new double[] {-0.29758779577667754, -0.22807361457694583, 0.09068118183344846},
                vjp.vjp().apply(wave(1.3, 2)));
        assertClose(
                new double[] {-0.29758779577667754, -0.22807361457694583, 0.09068118183344846},
                vjp.vjp().apply(wave(1.3, 2)));
        var j = Func.jacrev(in -> List.of(in.get(0).mul(in.get(1))), 1).apply(List.of(x, x));
        assertClose(x.diag().toDoubleArray(), j.getFirst().getFirst());
    }

    @Test
    void resultsAreRecordedForTensorsOutside() {
        Tensor w = learned(0.9, 3);
        Tensor g = Func.grad(t -> t.mul(t).mul(w).sum()).apply(x);
        g.sum().backward();
        assertClose(x.mul(2).toDoubleArray(), w.grad());
        Tensor leaf = x.clone().requiresGrad_();
        Func.grad(FuncTest::waves).apply(leaf).sum().backward();
        assertClose(Func.hessian(FuncTest::waves).apply(x).sum(1).toDoubleArray(), leaf.grad());
        assertTrue(Func.grad(t -> t.mul(w).sum()).apply(x).requiresGrad());
        try (var _ = Autograd.noGrad()) {
            assertFalse(Func.grad(FuncTest::waves).apply(leaf).requiresGrad());
        }
        assertTrue(Func.jacrev(FunctionalTest::mlp).apply(leaf).requiresGrad());
        assertFalse(Func.jacrev(FunctionalTest::mlp).apply(x).requiresGrad());
    }

    private static Tensor sampleLoss(List<Tensor> in) {
        Tensor hidden = in.get(4).matmul(in.get(0).t()).add(in.get(1)).tanh();
        Tensor out = hidden.matmul(in.get(2).t()).add(in.get(3));
        return out.sub(in.get(5)).pow(2).mean();
    }

    @Test
    void perSampleGradients() {
        List<Tensor> grads = Func.vmap(
                        Func.grad(FuncTest::sampleLoss, 0, 1, 2, 3),
                        Func.vmapOptions().inDims(null, null, null, null, 0, 0))
                .apply(List.of(wave(1.1, 4, 3), wave(0.3, 4), wave(0.9, 2, 4), wave(0.5, 2), batch, wave(0.21, 5, 2)));
        double[][] sums = {
            {
                1.0159386962703876,
                1.0399090020328803,
                0.9231325028038833,
                1.2340184876283486,
                1.2343238524903897,
                1.0675692743928102,
                0.43131180812200465,
                0.48066997498715,
                0.4649717156625722,
                -0.9358681675115503,
                -0.8012418844470327,
                -0.5581712711182074
            },
            {-0.24157902495371605, 1.6013811742826742, -0.2484257112772245, -0.9232262855531954},
            {
                2.2745655573309813,
                -1.3952527137298525,
                1.700693308121288,
                -0.39834809501683593,
                -1.476828538925683,
                1.4291843032486244,
                -0.861738647673137,
                1.160746774807002
            },
            {0.5272873656862286, 0.5671051101973813}
        };
        double[][] norms = {
            {0.9733129399699184, 0.8897191722248804, 0.6036688975102353, 0.7552969761582676, 0.7788749236980873},
            {0.8262353220063761, 0.5571260467669399, 1.0317743083105793, 0.5553932267753832, 0.5209656891272653},
            {1.2625125506436998, 0.7731785783189921, 0.7866069416476834, 0.8046596347235908, 1.8479705071308308},
            {0.9715830410520923, 0.5121949860611588, 0.6611501082024872, 0.5879040642493226, 1.1261166170136971}
        };
        for (int i = 0; i < 4; i++) {
            assertClose(sums[i], grads.get(i).sum(0));
            assertClose(norms[i], grads.get(i).flatten(1, -1).pow(2).sum(1).sqrt());
        }
    }

    @Test
    void innerLoopOfMaml() {
        for (boolean transform : new boolean[] {false, true}) {
            Tensor w = learned(0.8, 3);
            Tensor total = scalar(0);
            for (int task = 0; task < 3; task++) {
                Tensor xs = wave(0.5 + task, 4, 3);
                Tensor ys = xs.mul(wave(0.2 + task, 3)).sum(1);
                Tensor xq = wave(0.9 + task, 4, 3);
                Tensor yq = xq.mul(wave(0.2 + task, 3)).sum(1);
                Function<Tensor, Tensor> loss =
                        v -> xs.matmul(v).tanh().sub(ys).pow(2).mean();
                Tensor fast = w;
                for (int step = 0; step < 2; step++) {
                    Tensor g = transform
                            ? Func.grad(loss).apply(fast)
                            : Autograd.grad(loss.apply(fast), fast)
                                    .createGraph()
                                    .get();
                    fast = fast.sub(g.mul(0.1));
                }
                total = total.add(xq.matmul(fast).tanh().sub(yq).pow(2).mean());
            }
            total.backward();
            assertClose(new double[] {1.2984646703000142}, total);
            assertClose(new double[] {-0.876483650749744, 0.331315397355801, 0.4234787682063677}, w.grad());
        }
    }

    /** Computes the residual of Burgers' equation at seven points, and its gradients by the weights. */
    @Test
    void physicsInformedNetwork() {
        List<Tensor> p = List.of(learned(1.1, 6, 2), learned(0.3, 6), learned(0.9, 1, 6));
        Tensor t = learned(0.45, 7);
        Tensor s = learned(0.77, 7);
        Tensor u = Tensors.stack(List.of(t, s), 1)
                .matmul(p.get(0).t())
                .add(p.get(1))
                .tanh()
                .matmul(p.get(2).t())
                .squeeze(1);
        var first = Autograd.grad(u.sum(), t, s).createGraph().run();
        Tensor us = first.get(1);
        Tensor uss = Autograd.grad(us.sum(), s).createGraph().get();
        Tensor residual = first.get(0).add(u.mul(us)).sub(uss.mul(0.01));
        assertClose(
                new double[] {
                    0.2894471364750754,
                    0.1647429425250544,
                    0.21340721415560499,
                    0.3662368034805652,
                    0.5317483541940367,
                    0.44891075267562763,
                    0.336338280511324
                },
                residual);
        Tensor loss = residual.pow(2).mean();
        assertClose(new double[] {0.1268560760279903}, loss);
        loss.backward();
        assertClose(
                new double[] {
                    0.2379590047175129,
                    -0.15921891018195503,
                    0.3640397251515343,
                    -0.06016133570943289,
                    0.3076422601851976,
                    -0.09834665628754155,
                    -0.05334652447606953,
                    -0.0027453703244759153,
                    -0.3487172695119516,
                    0.09300522622227952,
                    -0.4899082185807154,
                    0.19547242102751006
                },
                p.get(0).grad());
        assertClose(
                new double[] {
                    -0.07247777403838489,
                    -0.018670479097504807,
                    0.11202666506875543,
                    0.08282086530528093,
                    -0.03394718519600658,
                    -0.20830191436595516
                },
                p.get(1).grad());
        assertClose(
                new double[] {
                    0.23257803177937145,
                    0.062096184835622945,
                    -0.47711643194759695,
                    0.1742176656045935,
                    -0.03944725278407823,
                    -0.31295858442901336
                },
                p.get(2).grad());
    }

    @Test
    void maps() {
        assertClose(
                new double[] {
                    0.9774389020461693,
                    0.42449694953466044,
                    -0.5923385623143455,
                    -1.814417553474608,
                    -0.9628823881381721,
                    0.9408981201776621
                },
                Func.vmap(Func.jacrev(FunctionalTest::mlp)).apply(batch).sum(0));
        assertClose(
                batch.mul(batch.sin()).toDoubleArray(),
                new long[] {5, 3},
                Func.vmap(Func.vmap(t -> t.mul(t.sin()))).apply(batch));
        assertClose(
                batch.cumsum(0).toDoubleArray(),
                new long[] {5, 3},
                Func.vmap(t -> t.cumsum(0), 1, 1).apply(batch));
        assertArrayEquals(
                new long[] {0, 2},
                Func.vmap(FunctionalTest::mlp).apply(batch.get("0:0")).shape().toArray());
        Tensor w = learned(0.4, 3);
        Func.vmap(t -> t.mul(w).sum()).apply(batch).sum().backward();
        assertClose(batch.sum(0).toDoubleArray(), w.grad());
        List<Tensor> dims = Func.vmap(
                        in -> List.of(in.get(0).add(in.get(1)), in.get(0)),
                        Func.vmapOptions().inDims(-1, null).outDims(1, 0).chunkSize(2))
                .apply(List.of(batch, wave(1, 5)));
        assertArrayEquals(new long[] {5, 3}, dims.get(0).shape().toArray());
        assertArrayEquals(new long[] {3, 5}, dims.get(1).shape().toArray());
    }

    @Test
    void mapsOfRandomOperations() {
        Function<List<Tensor>, List<Tensor>> noise = in -> List.of(in.getFirst().randnLike());
        assertThrowsSaying(
                "vmap: called random operation while in randomness error mode. Please either use the 'same' or"
                        + " 'different' randomness flags on vmap or perform the randomness operation out of vmap.",
                () -> Func.vmap(noise, Func.vmapOptions()).apply(List.of(batch)));
        Generator.standard().manualSeed(3);
        Tensor same = Func.vmap(noise, Func.vmapOptions().randomness(Randomness.SAME))
                .apply(List.of(batch))
                .getFirst();
        assertArrayEquals(same.get(0).toDoubleArray(), same.get(4).toDoubleArray());
        Tensor different = Func.vmap(noise, Func.vmapOptions().randomness(Randomness.DIFFERENT))
                .apply(List.of(batch))
                .getFirst();
        assertNotEquals(different.get(0, 0).item(), different.get(1, 0).item());
        // A draw elsewhere is nobody's concern.
        assertEquals(3, Tensors.randn(3).numel());
    }

    @Test
    void refusals() {
        assertThrowsSaying(
                "grad_and_value(f)(*args): Expected f(*args) to return a scalar Tensor, got tensor with 1 dims. Maybe"
                        + " you wanted to use the vjp or jacrev APIs instead?",
                () -> Func.grad(t -> t.mul(2)).apply(x));
        Function<List<Tensor>, Tensor> sum = in -> in.getFirst().sum();
        assertThrowsSaying(
                "Got argnum=2, but only 1 positional inputs",
                () -> Func.grad(sum, 2).apply(List.of(x)));
        assertThrowsSaying(
                "argnums elements must be unique, got",
                () -> Func.grad(sum, 0, -1).apply(List.of(x)));
        assertThrowsSaying(
                "vjp(f, ...): All outputs of f must be floating-point or complex Tensors, got Tensor with dtype",
                () -> Func.vjp(t -> t.gt(0), x));
        assertThrowsSaying(
                "vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [5, 3] for the"
                        + " mapped dimension",
                () -> Func.vmap(in -> new ArrayList<>(in), Func.vmapOptions()).apply(List.of(batch, x)));
        assertThrowsSaying(
                "vmap(..., in_dims=[2], ...)(<inputs>): Got in_dim=2 for some input, but that input is a Tensor of"
                        + " dimensionality 2 so expected in_dim to satisfy -2 <= in_dim < 2.",
                () -> Func.vmap(t -> t, 2, 0).apply(batch));
        assertThrowsSaying(
                "vmap: Expected at least one Tensor to vmap over",
                () -> Func.vmap(in -> in, Func.vmapOptions().inDims((Integer) null))
                        .apply(List.of(x)));
        assertThrowsSaying(
                "vmap: chunk_size should be None or greater than 0. (got 0)",
                () -> Func.vmapOptions().chunkSize(0));
    }
}
