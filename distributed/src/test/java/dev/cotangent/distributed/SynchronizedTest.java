package dev.cotangent.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.nn.BatchNorm2d;
import dev.cotangent.nn.Conv2d;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.AdamW;
import dev.cotangent.optim.ExponentialLR;
import dev.cotangent.optim.SGD;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Batch norm and optimizers that are spread over ranks compute what one process computes. */
class SynchronizedTest {
    private static Sequential net() {
        try (var _ = new Generator(3).use()) {
            Sequential net = new Sequential(new Conv2d(2, 4, 3), new BatchNorm2d(4), new ReLU(), new Conv2d(4, 1, 2));
            net.to(Tensors.FLOAT64);
            return net;
        }
    }

    private static Tensor input() {
        try (var _ = new Generator(4).use()) {
            return Tensors.randn(6, 2, 5, 5).to(Tensors.FLOAT64);
        }
    }

    private static void assertClose(Map<String, Tensor> expected, Map<String, Tensor> actual) {
        expected.forEach((name, e) -> {
            Tensor a = Objects.requireNonNull(actual.get("module." + name));
            if (!e.dtype().isFloatingPoint()) return;
            double off = e.sub(a).abs().max().itemDouble();
            assertTrue(off <= 1e-12, () -> name + " is off by " + off);
        });
    }

    private static void train(Module model, Tensor x) {
        SGD optimizer = new SGD(model.parameters(), 0.5);
        for (int i = 0; i < 3; i++) {
            optimizer.zeroGrad();
            model.call(x).square().mean().backward();
            optimizer.step();
        }
    }

    @Test
    void batchNormSeesTheWholeBatch() {
        Tensor x = input();
        Sequential alone = net();
        train(alone, x);
        for (int n : new int[] {2, 3}) {
            Ranks.tcp(n, group -> {
                Sequential net = net();
                SyncBatchNorm.convert(net, group);
                var model = new DistributedDataParallel(net, group);
                train(model, x.narrow(0, group.rank() * (6 / n), 6 / n));
                assertClose(alone.stateDict(), model.stateDict());
                // Evaluation uses the running statistics, without a collective.
                model.eval();
                if (group.rank() == 0) model.module().call(x);
                return true;
            });
        }
    }

    private static Sequential mlp() {
        try (var _ = new Generator(5).use()) {
            return new Sequential(new Linear(4, 16), new ReLU(), new Linear(16, 2));
        }
    }

    @Test
    void aDividedOptimizerIsTheWholeOne() {
        Tensor x;
        try (var _ = new Generator(6).use()) {
            x = Tensors.randn(5, 4);
        }
        Sequential alone = mlp();
        var whole = new AdamW(alone.parameters(), 0.01);
        var decay = new ExponentialLR(whole, 0.5);
        for (int i = 0; i < 4; i++) {
            whole.zeroGrad();
            alone.call(x).square().mean().backward();
            whole.step();
            decay.step();
        }
        // Also with more ranks than parameters.
        for (int n : new int[] {2, 5}) {
            Ranks.local(n, group -> {
                Sequential net = mlp();
                var optimizer = new ZeroRedundancyOptimizer(net.parameters(), group, p -> new AdamW(p, 0.01));
                var scheduler = new ExponentialLR(optimizer, 0.5);
                for (int i = 0; i < 4; i++) {
                    if (i == 2) {
                        // Goes on from its saved part.
                        Map<String, Object> saved = optimizer.stateDict();
                        optimizer = new ZeroRedundancyOptimizer(net.parameters(), group, p -> new AdamW(p, 1));
                        optimizer.loadStateDict(saved);
                        scheduler = new ExponentialLR(optimizer, 0.5);
                    }
                    optimizer.zeroGrad();
                    net.call(x).square().mean().backward();
                    optimizer.step();
                    scheduler.step();
                }
                for (int i = 0; i < 4; i++) {
                    assertTrue(alone.parameters().get(i).equal(net.parameters().get(i)));
                }
                List<Tensor> own = optimizer.ownParameters();
                if (n == 2) assertEquals(group.rank() == 0 ? 1 : 3, own.size());
                return true;
            });
        }
    }

    @Test
    void theStateOfAnotherRankIsRefused() {
        Ranks.local(2, group -> {
            var optimizer = new ZeroRedundancyOptimizer(mlp().parameters(), group, p -> new AdamW(p, 0.01));
            assertTrue(assertThrows(
                            ValueException.class, () -> optimizer.loadStateDict(Map.of("rank", 7, "world_size", 2)))
                    .getMessage()
                    .startsWith("the state is that of rank 7 of 2"));
            return true;
        });
    }
}
