package dev.cotangent.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.Generator;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.nn.BatchNorm1d;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.AdamW;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Processes on parts of a batch train as one process on the whole. */
class DistributedDataParallelTest {
    private static final int BATCH = 8;
    private static final int STEPS = 5;

    /** Returns a net of float64 whose parameters follow from a seed. */
    private static Sequential net(long seed) {
        try (var _ = new Generator(seed).use()) {
            Sequential net = new Sequential(new Linear(6, 40), new ReLU(), new Linear(40, 3));
            net.to(Tensors.FLOAT64);
            return net;
        }
    }

    private static Tensor[] batch(int step) {
        try (var _ = new Generator(100 + step).use()) {
            return new Tensor[] {
                Tensors.randn(BATCH, 6).to(Tensors.FLOAT64),
                Tensors.randn(BATCH, 3).to(Tensors.FLOAT64)
            };
        }
    }

    private static Tensor[] part(Tensor[] batch, int rank, int n) {
        int size = BATCH / n;
        return new Tensor[] {batch[0].narrow(0, rank * size, size), batch[1].narrow(0, rank * size, size)};
    }

    private static void train(Module model, int rank, int n) {
        AdamW optimizer = new AdamW(model.parameters(), 0.01);
        for (int step = 0; step < STEPS; step++) {
            Tensor[] own = part(batch(step), rank, n);
            optimizer.zeroGrad();
            model.call(own[0]).mseLoss(own[1]).backward();
            optimizer.step();
        }
    }

    @Test
    void twoAndFourProcessesGiveTheParametersOfOne() {
        Sequential alone = net(1);
        train(alone, 0, 1);
        for (boolean tcp : new boolean[] {true, false}) {
            for (int n : new int[] {1, 2, 4}) {
                Ranks.Body<Boolean> body = group -> {
                    // Another seed on each rank: the parameters of rank 0 count.
                    var model = new DistributedDataParallel(
                            net(1 + group.rank()),
                            group,
                            DistributedDataParallel.options().bucketCapMb(0.001));
                    assertEquals(3, model.buckets());
                    train(model, group.rank(), n);
                    List<Tensor> expected = alone.parameters();
                    List<Tensor> actual = model.parameters();
                    for (int i = 0; i < expected.size(); i++) {
                        double off =
                                expected.get(i).sub(actual.get(i)).abs().max().itemDouble();
                        assertTrue(off <= 1e-12, () -> "off by " + off);
                    }
                    assertEquals(
                            "module.0.weight",
                            model.namedParameters().keySet().iterator().next());
                    return true;
                };
                if (tcp) Ranks.tcp(n, body);
                else Ranks.local(n, body);
            }
        }
    }

    @Test
    void gradientsAccumulateWithoutSync() {
        Tensor[] whole = batch(0);
        Sequential alone = net(1);
        alone.call(whole[0]).mseLoss(whole[1]).backward();
        Ranks.local(2, group -> {
            var model = new DistributedDataParallel(net(1), group);
            Tensor[] own = part(whole, group.rank(), 2);
            Tensor[] first = part(own, 0, 4);
            Tensor[] second = part(own, 1, 4);
            try (var _ = model.noSync()) {
                model.call(first[0]).mseLoss(first[1]).div(2).backward();
            }
            Tensor before =
                    Objects.requireNonNull(model.parameters().get(0).grad()).clone();
            assertTrue(group.allGather(before)
                    .get(0)
                    .ne(group.allGather(before).get(1))
                    .any()
                    .itemBoolean());
            model.call(second[0]).mseLoss(second[1]).div(2).backward();
            for (int i = 0; i < 4; i++) {
                Tensor expected =
                        Objects.requireNonNull(alone.parameters().get(i).grad());
                assertTrue(expected.allclose(
                        Objects.requireNonNull(model.parameters().get(i).grad()), 1e-9, 1e-12, false));
            }
            return true;
        });
    }

    /** Two layers of which an input's sign chooses one; a third is never used. */
    private static final class Choice extends Module {
        private final Linear left = registerModule("left", new Linear(2, 1));
        private final Linear right = registerModule("right", new Linear(2, 1));

        Choice() {
            registerModule("never", new Linear(2, 1));
        }

        @Override
        public Tensor forward(Tensor x) {
            return x.sum().itemDouble() > 0 ? left.call(x) : right.call(x);
        }
    }

    @Test
    void unusedParametersAreFoundIfAskedFor() {
        Ranks.tcp(2, group -> {
            var model = new DistributedDataParallel(
                    new Choice(), group, DistributedDataParallel.options().findUnusedParameters(true));
            for (int step = 0; step < 2; step++) {
                model.zeroGrad();
                model.call(Tensors.full(Shape.of(1, 2), group.rank() == 0 ? 1f : -2f))
                        .sum()
                        .backward();
                assertEquals("tensor([[0.5000, 0.5000]])", text(model, "module.left.weight"));
                assertEquals("tensor([[-1., -1.]])", text(model, "module.right.weight"));
                assertNull(model.getParameter("module.never.weight").grad());
            }
            return true;
        });
    }

    private static String text(Module model, String name) {
        return String.valueOf(model.getParameter(name).grad());
    }

    @Test
    void unusedParametersAreAnErrorOnAllRanksOtherwise() {
        List<@Nullable Object> outcomes = faulty(group -> {
            var model = new DistributedDataParallel(group.rank() == 0 ? new Choice() : new Choice(), group);
            Tensor x = Tensors.ones(1, 2);
            Tensor y = model.call(x);
            // Rank 1 uses everything.
            if (group.rank() == 1) {
                for (Tensor p : model.parameters()) y = y.add(p.sum());
            }
            y.sum().backward();
            return true;
        });
        for (Object o : outcomes) {
            assertTrue(
                    String.valueOf(o)
                            .contains("did not receive grad for rank 0: right.weight, right.bias, never.weight"),
                    () -> String.valueOf(o));
        }
    }

    private static List<@Nullable Object> faulty(Ranks.Body<?> body) {
        int port = Ranks.freePort();
        return Ranks.outcomes(2, r -> {
            try (ProcessGroup group = ProcessGroup.connect(Ranks.options(r, 2, port))) {
                return body.run(group);
            }
        });
    }

    @Test
    void differentModelsAreAnErrorOnAllRanks() {
        List<@Nullable Object> outcomes =
                faulty(group -> new DistributedDataParallel(new Linear(2, 3 + group.rank()), group));
        for (Object o : outcomes) {
            assertTrue(
                    String.valueOf(o)
                            .contains("DDP expects same model across all ranks, but the names, shapes or dtypes of the"
                                    + " parameters of rank 1 are not those of rank 0"),
                    () -> String.valueOf(o));
        }
        outcomes = faulty(group -> new DistributedDataParallel(
                group.rank() == 0 ? new Linear(2, 3) : new Sequential(new Linear(2, 3), new Linear(3, 3)), group));
        for (Object o : outcomes) {
            assertTrue(
                    String.valueOf(o).contains("Rank 1 has 4 params, while rank 0 has inconsistent 2 params"),
                    () -> String.valueOf(o));
        }
    }

    @Test
    void differentCollectivesAreAnErrorThatNamesBoth() {
        List<@Nullable Object> outcomes = faulty(group -> {
            group.allReduce(Tensors.zeros(10 + group.rank()));
            return true;
        });
        for (Object o : outcomes) {
            String text = String.valueOf(o);
            assertTrue(text.contains("all_reduce(SUM) #1 of 10 float32"), text);
            assertTrue(text.contains("all_reduce(SUM) #1 of 11 float32"), text);
        }
    }

    @Test
    void buffersAreThoseOfRankZero() {
        Ranks.tcp(2, group -> {
            var model = new DistributedDataParallel(new BatchNorm1d(2), group);
            for (int i = 0; i < 2; i++) {
                model.call(Tensors.full(Shape.of(3, 2), 10f * group.rank() + 1))
                        .sum()
                        .backward();
            }
            // Taken over before the second forward, changed by it.
            String mean = model.getBuffer("module.running_mean").toString();
            assertEquals(group.rank() == 0 ? "tensor([0.1900, 0.1900])" : "tensor([1.1900, 1.1900])", mean);
            return true;
        });
    }

    @Test
    void optionsAreChecked() {
        assertThrows(
                RuntimeException.class, () -> DistributedDataParallel.options().bucketCapMb(0));
    }
}
