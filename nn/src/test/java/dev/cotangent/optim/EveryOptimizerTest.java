package dev.cotangent.optim;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.nn.BatchNorm1d;
import dev.cotangent.nn.Linear;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the golden data do not show of optimisers and schedulers: other options, states, texts and messages of PyTorch. */
class EveryOptimizerTest {
    private static Tensor matrix() {
        return tensor(new double[][] {{1, -2, 3}, {0.5, -0.25, 2}}).requiresGrad_();
    }

    private static Supplier<Tensor> loss(Optimizer o, Tensor p) {
        Tensor weights = tensor(new double[][] {{1, 0.5, 0.25}, {2, 1, 0.5}});
        return () -> {
            o.zeroGrad();
            Tensor l = p.mul(p)
                    .mul(weights)
                    .sum()
                    .add(p.select(0, 0).mul(p.select(0, 1)).sum().sin());
            l.backward();
            return l;
        };
    }

    private static Arguments of(String name, Function<List<Tensor>, Optimizer> make, double... expected) {
        return Arguments.of(name, make, expected);
    }

    private static Stream<Arguments> optimizers() {
        return Stream.of(
                of(
                        "Muon",
                        p -> new Muon(p, 0.1),
                        0.78906241546875,
                        -1.62835795125,
                        2.934315301923828,
                        0.439801282539062,
                        -0.320318650351562,
                        1.61677506296875),
                of(
                        "Muon without Nesterov",
                        p -> new Muon(p, Muon.options().lr(0.1).nesterov(false).adjustLrFn("match_rms_adamw")),
                        0.900482358000189,
                        -1.81094164001517,
                        2.904835017578439,
                        0.465603103846447,
                        -0.275563753588482,
                        1.81172256475607),
                of(
                        "LBFGS with a line search",
                        p -> new LBFGS(p, LBFGS.options().lr(0.5).maxIter(3).strongWolfe()),
                        -0.008264487019869,
                        -0.161178898892743,
                        2.347785095535073,
                        -0.013364104734026,
                        -0.079086175578138,
                        1.665430549496134),
                of(
                        "RMSprop, centred",
                        p -> new RMSprop(p, RMSprop.options().centered(true)),
                        0.736759024255965,
                        -1.729543190478374,
                        2.731345193187919,
                        0.249708083384827,
                        -0.00281404412957,
                        1.73215259646292),
                of(
                        "AMSGrad",
                        p -> new Adam(p, Adam.options().lr(0.1).amsgrad(true).maximize(true)),
                        1.396256695819657,
                        -2.397870010141702,
                        3.3049577724211,
                        0.893368790196212,
                        -0.465516097501668,
                        2.29768629771194),
                of(
                        "Adafactor",
                        p -> new Adafactor(
                                p,
                                Adafactor.options()
                                        .lr(0.1)
                                        .eps(1e-3, 1e-2)
                                        .d(1.5)
                                        .weightDecay(0.1)),
                        0.439909463171939,
                        -1.264292496353209,
                        2.518301157437576,
                        0.121967050406639,
                        -0.092452488608127,
                        1.537326257260129),
                of(
                        "Adagrad",
                        p -> new Adagrad(p, Adagrad.options().lr(0.1).lrDecay(0.1)),
                        0.76293581672053,
                        -1.758159876593404,
                        2.756257417937539,
                        0.271420870903511,
                        -0.019750440665781,
                        1.756517177501562),
                of(
                        "RAdam",
                        p -> new RAdam(
                                p,
                                RAdam.options()
                                        .lr(0.1)
                                        .weightDecay(0.1)
                                        .decoupledWeightDecay(true)
                                        .betas(0.5, 0.6)),
                        0.31723658453126,
                        -1.207536028448574,
                        2.348394746195566,
                        0.029975465189414,
                        -0.173801406576122,
                        1.346499952080599));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("optimizers")
    void goesWherePyTorchGoes(String name, Function<List<Tensor>, Optimizer> make, double[] expected) {
        Tensor p = matrix();
        Optimizer o = make.apply(List.of(p));
        for (int i = 0; i < 4; i++) o.step(loss(o, p));
        // Muon computes in bfloat16, where sums of products may be rounded otherwise.
        double tolerance = o instanceof Muon ? 4e-3 : 1e-9;
        assertArrayEquals(expected, p.detach().flatten().toDoubleArray(), tolerance);
    }

    private static Stream<Arguments> all() {
        List<Function<List<Tensor>, Optimizer>> makers = List.of(
                p -> new SGD(p, SGD.options().lr(0.1).momentum(0.5)),
                Adam::new,
                p -> new AdamW(p, AdamW.options().amsgrad(true)),
                Adamax::new,
                NAdam::new,
                RAdam::new,
                p -> new RMSprop(p, RMSprop.options().centered(true).momentum(0.5)),
                Rprop::new,
                Adagrad::new,
                Adadelta::new,
                ASGD::new,
                Adafactor::new,
                Muon::new,
                LBFGS::new);
        return makers.stream()
                .map(m -> Arguments.of(m.apply(List.of(matrix())).getClass().getSimpleName(), m));
    }

    /** Checks that a checkpoint after two steps, loaded into a new optimiser, results in the same bits. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("all")
    void goesOnFromItsState(String name, Function<List<Tensor>, Optimizer> make) {
        Tensor p = matrix();
        Optimizer o = make.apply(List.of(p));
        for (int i = 0; i < 2; i++) o.step(loss(o, p));
        Tensor q = p.detach().clone().requiresGrad_();
        Optimizer fresh = make.apply(List.of(q));
        fresh.loadStateDict(o.stateDict());
        for (int i = 0; i < 2; i++) {
            o.step(loss(o, p));
            fresh.step(loss(fresh, q));
        }
        double[] expected = p.detach().flatten().toDoubleArray();
        // Numbers of a state are float32 in checkpoints, as PyTorch's are.
        boolean rounded = o instanceof NAdam || o instanceof ASGD;
        assertArrayEquals(expected, q.detach().flatten().toDoubleArray(), rounded ? 1e-8 : 0);
    }

    @Test
    void modelsAreAveraged() {
        var model = new BatchNorm1d(1);
        var even = AveragedModel.even(new BatchNorm1d(1));
        var exponential = AveragedModel.exponential(new BatchNorm1d(1), 0.75);
        Tensor weight = model.getParameter("weight").detach();
        for (int i = 1; i <= 3; i++) {
            weight.fill_(i);
            model.getBuffer("running_mean").fill_(i);
            even.updateParameters(model);
            exponential.updateParameters(model);
        }
        assertEquals(2, even.module().getParameter("weight").itemDouble());
        assertEquals(3, even.module().getBuffer("running_mean").itemDouble());
        assertEquals(1.6875, exponential.module().getParameter("weight").itemDouble());
        assertEquals(3, even.stateDict().get("n_averaged").itemLong());
        refuses(
                "Invalid decay value 2.0 provided. Please provide a value in [0,1] range.",
                () -> AveragedModel.exponential(model, 2));
        assertThrows(CotangentException.class, () -> even.updateParameters(new Linear(1, 1)));
    }

    /** Checks the state of a 0-d parameter, in which a checkpoint does not distinguish numbers from tensors. */
    @Test
    void goesOnFromTheStateOfOneNumber() {
        Tensor p = scalar(2.0).requiresGrad_();
        var o = new NAdam(List.of(p));
        p.square().backward();
        o.step();
        Tensor q = p.detach().clone().requiresGrad_();
        var fresh = new NAdam(List.of(q));
        fresh.loadStateDict(o.stateDict());
        o.step();
        q.setGrad(p.grad());
        fresh.step();
        assertEquals(p.itemDouble(), q.itemDouble(), 1e-6);
    }

    @Test
    void printsAsPyTorchDoes() {
        List<Tensor> p = List.of(matrix());
        assertEquals("""
            AdamW (
            Parameter Group 0
                amsgrad: False
                betas: (0.9, 0.999)
                capturable: False
                decoupled_weight_decay: True
                differentiable: False
                eps: 1e-08
                foreach: None
                fused: None
                lr: 0.001
                maximize: False
                weight_decay: 0.01
            )\
            """, new AdamW(p).toString());
        assertEquals("""
            SGD (
            Parameter Group 0
                dampening: 0
                differentiable: False
                foreach: None
                fused: None
                lr: 0.001
                maximize: False
                momentum: 0
                nesterov: False
                weight_decay: 0
            )\
            """, new SGD(p).toString());
        assertEquals("""
            Adafactor (
            Parameter Group 0
                beta2_decay: -0.8
                d: 1.0
                eps: (None, 0.001)
                foreach: None
                lr: 0.01
                maximize: False
                weight_decay: 0.0
            )\
            """, new Adafactor(p).toString());
        assertEquals("""
            LBFGS (
            Parameter Group 0
                history_size: 100
                line_search_fn: None
                lr: 1
                max_eval: 25
                max_iter: 20
                tolerance_change: 1e-09
                tolerance_grad: 1e-07
            )\
            """, new LBFGS(p).toString());
        assertEquals("""
            ASGD (
            Parameter Group 0
                alpha: 0.75
                capturable: False
                differentiable: False
                foreach: None
                lambd: 0.0001
                lr: 0.01
                maximize: False
                t0: 1000000.0
                weight_decay: 0
            )\
            """, new ASGD(p).toString());
    }

    @Test
    void wrongOptionsAreRefused() {
        List<Tensor> p = List.of(matrix());
        refuses(
                "Invalid eta values: 1.0, 1.2",
                () -> new Rprop(p, Rprop.options().etas(1, 1.2)));
        refuses(
                "Invalid rho value: 2.0",
                () -> new Adadelta(p, Adadelta.options().rho(2)));
        refuses(
                "Invalid lr_decay value: -1.0",
                () -> new Adagrad(p, Adagrad.options().lrDecay(-1)));
        refuses(
                "Invalid alpha value: -1.0",
                () -> new RMSprop(p, RMSprop.options().alpha(-1)));
        refuses(
                "Invalid momentum_decay value: -1.0",
                () -> new NAdam(p, NAdam.options().momentumDecay(-1)));
        refuses(
                "Invalid beta parameter at index 1: 1.0",
                () -> new RAdam(p, RAdam.options().betas(0.9, 1)));
        refuses("Learning rate should be >= 0 but is: -1.0", () -> new Adafactor(p, -1));
        refuses(
                "Clipping threshold d should be >= 1 but is: 0.5",
                () -> new Adafactor(p, Adafactor.options().d(0.5)));
        refuses(
                "Adjust learning rate function x is not supported",
                () -> new Muon(p, Muon.options().adjustLrFn("x")));
        refuses(
                "Muon only supports 2D parameters whereas we found a parameter with size: torch.Size([2])",
                () -> new Muon(List.of(ones(2).requiresGrad_())));
        refuses("Invalid learning rate: -1.0", () -> new SGD(p, 1).setLr(-1));
        assertThrows(CotangentException.class, () -> new LBFGS(p).step());
    }

    private static void refuses(String message, Runnable what) {
        assertEquals(message, assertThrows(ValueException.class, what::run).getMessage());
    }

    private static Arguments rates(String name, Function<SGD, LRScheduler> make, double... expected) {
        return Arguments.of(name, make, expected);
    }

    private static Stream<Arguments> schedulers() {
        return Stream.of(
                rates(
                        "LinearLR",
                        o -> new LinearLR(o, 0.2, 0.9, 3),
                        0.02,
                        0.13 / 3,
                        0.2 / 3,
                        0.09,
                        0.09,
                        0.09,
                        0.09,
                        0.09),
                rates(
                        "MultiStepLR",
                        o -> new MultiStepLR(o, List.of(2, 2, 4), 0.5),
                        0.1,
                        0.1,
                        0.025,
                        0.025,
                        0.0125,
                        0.0125,
                        0.0125,
                        0.0125),
                rates(
                        "warm restarts",
                        o -> new CosineAnnealingWarmRestarts(o, 2, 2, 0.01),
                        0.1,
                        0.055,
                        0.1,
                        0.08681980515339464,
                        0.055,
                        0.023180194846605363,
                        0.1,
                        0.0965745789630079),
                rates(
                        "LambdaLR",
                        o -> new LambdaLR(o, e -> Math.pow(0.9, e)),
                        0.1,
                        0.09,
                        0.081,
                        0.0729,
                        0.06561,
                        0.059049,
                        0.0531441,
                        0.04782969),
                rates(
                        "MultiplicativeLR",
                        o -> new MultiplicativeLR(o, _ -> 0.9),
                        0.1,
                        0.09,
                        0.081,
                        0.0729,
                        0.06561,
                        0.059049,
                        0.0531441,
                        0.04782969),
                rates(
                        "CyclicLR",
                        o -> new CyclicLR(
                                o,
                                0.1,
                                0.2,
                                CyclicLR.options()
                                        .stepSizeUp(2)
                                        .mode(CyclicLR.Mode.EXP_RANGE)
                                        .gamma(0.9)
                                        .cycleMomentum(false)),
                        0.1,
                        0.145,
                        0.181,
                        0.13645,
                        0.1,
                        0.1295245,
                        0.1531441,
                        0.123914845),
                rates(
                        "OneCycleLR",
                        o -> new OneCycleLR(
                                o,
                                0.5,
                                8,
                                OneCycleLR.options()
                                        .annealStrategy(OneCycleLR.AnnealStrategy.LINEAR)
                                        .cycleMomentum(false)),
                        0.02,
                        0.3628571428571429,
                        0.4464287857142857,
                        0.35714342857142856,
                        0.26785807142857143,
                        0.17857271428571425,
                        0.08928735714285718,
                        2.000000000002e-06),
                rates(
                        "SequentialLR",
                        o -> new SequentialLR(
                                o,
                                List.of(new LinearLR(o, 0.5, 1, 2), new CosineAnnealingWarmRestarts(o, 2)),
                                List.of(3)),
                        0.05,
                        0.075,
                        0.1,
                        0.1,
                        0.05,
                        0.1,
                        0.05,
                        0.1));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("schedulers")
    void setsPyTorchsRates(String name, Function<SGD, LRScheduler> make, double[] expected) {
        var optimizer = new SGD(List.of(matrix()), 0.1);
        LRScheduler scheduler = make.apply(optimizer);
        List<Double> rates = new ArrayList<>();
        for (int i = 0; i < expected.length; i++) {
            rates.add(optimizer.lr());
            optimizer.step();
            if (i + 1 < expected.length) scheduler.step();
        }
        assertArrayEquals(expected, rates.stream().mapToDouble(r -> r).toArray(), 1e-12);
    }

    /** Checks that a scheduler that is loaded half way sets the same rates. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("schedulers")
    void schedulersGoOnFromTheirState(String name, Function<SGD, LRScheduler> make, double[] expected) {
        var first = new SGD(List.of(matrix()), 0.1);
        LRScheduler scheduler = make.apply(first);
        for (int i = 0; i < 3; i++) {
            first.step();
            scheduler.step();
        }
        var second = new SGD(List.of(matrix()), 0.1);
        LRScheduler loaded = make.apply(second);
        loaded.loadStateDict(scheduler.stateDict());
        second.loadStateDict(first.stateDict());
        for (int i = 0; i < 3; i++) {
            first.step();
            scheduler.step();
            second.step();
            loaded.step();
            assertEquals(first.lr(), second.lr());
        }
    }

    @Test
    void momentumOfAdamIsCycled() {
        var optimizer = new AdamW(List.of(matrix()), 0.1);
        var scheduler = new OneCycleLR(optimizer, 0.5, 4);
        optimizer.step();
        scheduler.step();
        assertEquals(0.8688255099070633, optimizer.paramGroups().getFirst().number("betas", 0), 1e-12);
        assertEquals(0.999, optimizer.paramGroups().getFirst().number("betas", 1));
    }

    @Test
    void wrongSchedulersAreRefused() {
        var o = new SGD(List.of(matrix()), 0.1);
        var other = new SGD(List.of(matrix()), 0.1);
        refuses("Constant multiplicative factor expected to be between 0 and 1.", () -> new ConstantLR(o, 1.5, 2));
        refuses("Ending multiplicative factor expected to be between 0 and 1.", () -> new LinearLR(o, 0.5, 2, 2));
        refuses("Expected positive integer T_0, but got 0", () -> new CosineAnnealingWarmRestarts(o, 0));
        refuses("Expected positive integer total_steps, but got 0", () -> new OneCycleLR(o, 1, 0));
        refuses(
                "Factor should be < 1.0.",
                () -> new ReduceLROnPlateau(o, ReduceLROnPlateau.options().factor(1)));
        refuses(
                "optimizer must support momentum or beta1 with `cycle_momentum` option enabled",
                () -> new CyclicLR(new Adagrad(List.of(matrix())), 0.1, 0.2));
        refuses("Expected 1 lr_lambdas, but got 2", () -> new LambdaLR(o, List.of(e -> 1, e -> 1)));
        refuses(
                "SequentialLR expects at least one scheduler, but got no scheduler.",
                () -> new SequentialLR(o, List.of(), List.of()));
        assertThrows(
                ValueException.class, () -> new SequentialLR(o, List.of(new ExponentialLR(other, 0.9)), List.of()));
        assertThrows(
                ValueException.class,
                () -> new ChainedScheduler(List.of(new ExponentialLR(o, 0.9), new ReduceLROnPlateau(o))));
        assertThrows(TypeException.class, () -> new ReduceLROnPlateau(o).step());
    }
}
