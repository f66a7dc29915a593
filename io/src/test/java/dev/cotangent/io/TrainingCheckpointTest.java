package dev.cotangent.io;

import static dev.cotangent.Tensors.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.Warnings;
import dev.cotangent.internal.Internals;
import dev.cotangent.nn.BatchNorm1d;
import dev.cotangent.nn.Dropout;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.*;
import dev.cotangent.optim.ASGD;
import dev.cotangent.optim.Adadelta;
import dev.cotangent.optim.Adafactor;
import dev.cotangent.optim.Adagrad;
import dev.cotangent.optim.Adam;
import dev.cotangent.optim.AdamW;
import dev.cotangent.optim.Adamax;
import dev.cotangent.optim.ExponentialLR;
import dev.cotangent.optim.LBFGS;
import dev.cotangent.optim.LRScheduler;
import dev.cotangent.optim.NAdam;
import dev.cotangent.optim.Optimizer;
import dev.cotangent.optim.ParamGroup;
import dev.cotangent.optim.RAdam;
import dev.cotangent.optim.RMSprop;
import dev.cotangent.optim.Rprop;
import dev.cotangent.optim.SGD;
import dev.cotangent.optim.StepLR;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Trainings that stop and go on: to the bit, and all or nothing. */
class TrainingCheckpointTest {
    @TempDir
    @Nullable
    Path temporary;

    private Path folder() {
        if (temporary == null) throw new IllegalStateException("no folder");
        return temporary;
    }

    private static final Map<String, Function<List<Tensor>, Optimizer>> OPTIMIZERS = new LinkedHashMap<>();

    static {
        OPTIMIZERS.put("SGD", p -> new SGD(p, SGD.options().lr(0.01).momentum(0.9)));
        OPTIMIZERS.put("Adam", p -> new Adam(p, Adam.options().amsgrad(true)));
        OPTIMIZERS.put("AdamW", AdamW::new);
        OPTIMIZERS.put("Adamax", Adamax::new);
        OPTIMIZERS.put("NAdam", NAdam::new);
        OPTIMIZERS.put("RAdam", RAdam::new);
        OPTIMIZERS.put(
                "RMSprop", p -> new RMSprop(p, RMSprop.options().momentum(0.5).centered(true)));
        OPTIMIZERS.put("Rprop", Rprop::new);
        OPTIMIZERS.put("Adagrad", Adagrad::new);
        OPTIMIZERS.put("Adadelta", Adadelta::new);
        OPTIMIZERS.put("ASGD", p -> new ASGD(p, ASGD.options().t0(2)));
        OPTIMIZERS.put("Adafactor", Adafactor::new);
        OPTIMIZERS.put("LBFGS", LBFGS::new);
    }

    /** A training whose batches, dropout and rates depend on all that a checkpoint has. */
    private static final class Training {
        private final Module model =
                new Sequential(new Linear(5, 4), new BatchNorm1d(4), new Dropout(0.3), new Linear(4, 1));
        private final Tensor loose = scalar(0.3f).requiresGrad_();
        private final Optimizer optimizer;
        private final LRScheduler scheduler;
        private final Generator shuffle = Generator.pytorch(11);
        private final TrainingCheckpoint checkpoint;

        Training(Function<List<Tensor>, Optimizer> maker) {
            List<Tensor> parameters = new ArrayList<>(model.parameters());
            parameters.add(loose);
            optimizer = maker.apply(parameters);
            scheduler = new ExponentialLR(optimizer, 0.9);
            checkpoint = TrainingCheckpoint.of(model, optimizer)
                    .scheduler(scheduler)
                    .generator("shuffle", shuffle)
                    .value("loose", () -> loose, t -> loose.detach().copy_((Tensor) t));
        }

        void steps(int count) {
            for (int i = 0; i < count; i++) {
                Tensor batch;
                try (var _ = shuffle.use()) {
                    batch = randn(6, 5);
                }
                optimizer.step(() -> {
                    optimizer.zeroGrad();
                    Tensor loss = model.call(batch).mul(loose).pow(2).mean();
                    loss.backward();
                    return loss;
                });
                scheduler.step();
            }
        }

        List<byte[]> bits() {
            List<byte[]> all = new ArrayList<>();
            List<Tensor> tensors = new ArrayList<>(model.stateDict().values());
            tensors.add(loose.detach());
            for (Tensor t : tensors) {
                java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
                try {
                    RawElements.write(
                            Internals.strided(t.contiguous()).storage(),
                            0,
                            t.numel(),
                            java.nio.channels.Channels.newChannel(out));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
                all.add(out.toByteArray());
            }
            return all;
        }
    }

    private static void assertSameBits(List<byte[]> expected, List<byte[]> actual) {
        for (int i = 0; i < expected.size(); i++) assertArrayEquals(expected.get(i), actual.get(i), "tensor " + i);
    }

    @TestFactory
    Stream<DynamicTest> resumesToTheBit() {
        return OPTIMIZERS.entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey(), () -> {
                    Path file = folder().resolve(e.getKey());
                    List<byte[]> expected;
                    try (var _ = new Generator(3).use()) {
                        Training whole = new Training(e.getValue());
                        whole.steps(3);
                        whole.checkpoint.save(file, 3);
                        whole.steps(3);
                        expected = whole.bits();
                    }
                    try (var _ = new Generator(99).use()) {
                        Training resumed = new Training(e.getValue());
                        resumed.steps(1);
                        assertEquals(3, resumed.checkpoint.load(file));
                        resumed.steps(3);
                        assertSameBits(expected, resumed.bits());
                    }
                }));
    }

    @Test
    void resumesPyTorchsGenerator() {
        Generator g = Generator.pytorch(1);
        try (var _ = g.use()) {
            randn(1);
        }
        Map<String, Object> state = GeneratorState.stateDict(g);
        Generator other = new Generator(0);
        GeneratorState.loadStateDict(other, state);
        assertEquals(g.state(), other.state());
        Generator third = new Generator(0);
        GeneratorState.setPyTorchState(third, (Tensor) state.get("state"));
        assertEquals(g.state(), third.state());
        assertThrows(ValueException.class, () -> GeneratorState.setPyTorchState(third, zeros(3)));
        assertThrows(CotangentException.class, () -> GeneratorState.loadStateDict(third, Map.of("kind", "philox")));
    }

    /** Continues from {@code in-training.pt} to {@code after-training.pt}, both written by {@code make.py}. */
    @Test
    void goesOnWithATrainingOfPyTorch() {
        Path files = Path.of("src/test/resources/files");
        Map<String, Object> saved = dictionary(Torch.load(files.resolve("in-training.pt")));
        Linear model = new Linear(3, 2);
        AdamW optimizer = new AdamW(
                AdamW.options().lr(1),
                ParamGroup.of(List.of(model.getParameter("weight"))),
                ParamGroup.of(List.of(model.getParameter("bias"))));
        StepLR scheduler = new StepLR(optimizer, 2, 0.5);
        model.loadStateDict(Torch.stateDict(saved.get("model")));
        optimizer.loadStateDict(dictionary(saved.get("optimizer")));
        scheduler.loadStateDict(dictionary(saved.get("scheduler")));
        model.call(tensor(new float[][] {{1, 2, 3}, {0.5f, -1, 0}}))
                .pow(2)
                .sum()
                .backward();
        optimizer.step();
        scheduler.step();
        Map<String, Object> after = dictionary(Torch.load(files.resolve("after-training.pt")));
        Torch.stateDict(after.get("model")).forEach((name, expected) -> {
            Tensor difference =
                    model.getParameter(name).detach().sub(expected).abs().max();
            assertTrue(difference.itemDouble() < 1e-6, () -> name + ": " + difference);
        });
        assertEquals(
                after.get("rates"), Arrays.stream(scheduler.getLastLr()).boxed().toList());
        Generator random = new Generator(0);
        GeneratorState.setPyTorchState(random, (Tensor) saved.get("random"));
        List<?> drawn = (List<?>) after.get("random");
        try (var _ = random.use()) {
            assertTrue(randn(2).sub((Tensor) drawn.get(0)).abs().max().itemDouble() < 1e-6);
            assertTrue(rand(3).equal((Tensor) drawn.get(1)));
        }
    }

    private static Map<String, Object> dictionary(@Nullable Object value) {
        Map<String, Object> out = new LinkedHashMap<>();
        ((Map<?, ?>) Objects.requireNonNull(value)).forEach((key, v) -> out.put((String) key, v));
        return out;
    }

    @Test
    void changesNothingWhereAPartDoesNotFit() {
        Path file = folder().resolve("wide.pt");
        Training training = new Training(Adam::new);
        training.steps(2);
        Training other = new Training(Adam::new);
        other.steps(1);
        List<byte[]> before = other.bits();
        Map<?, ?> state = (Map<?, ?>) other.optimizer.stateDict().get("state");
        double lr = other.optimizer.lr();
        Linear wide = new Linear(7, 7);
        Generator.State random = Generator.standard().state();
        TrainingCheckpoint.of(wide, training.optimizer)
                .scheduler(training.scheduler)
                .generator("shuffle", training.shuffle)
                .value("loose", () -> training.loose, _ -> {})
                .save(file, 2);
        Exception e = assertThrows(CotangentException.class, () -> other.checkpoint.load(file));
        assertTrue(
                String.valueOf(e.getMessage()).contains("its \"model\" does not fit: Error(s) in loading"),
                e::toString);
        assertTrue(String.valueOf(e.getMessage()).contains("wide.pt"), e::toString);
        assertSameBits(before, other.bits());
        assertEquals(lr, other.optimizer.lr());
        assertEquals(random, Generator.standard().state());
        assertEquals(state.toString(), ((Map<?, ?>) other.optimizer.stateDict().get("state")).toString());
        assertEquals(Generator.pytorch(11).initialSeed(), other.shuffle.initialSeed());
    }

    @Test
    void takesWhatFitsWhereNotStrict() {
        Path file = folder().resolve("part.pt");
        Linear model = new Linear(2, 2);
        TrainingCheckpoint.of(model).save(file, 5);
        Linear other = new Linear(2, 2);
        TrainingCheckpoint more = TrainingCheckpoint.of(other, new Adam(other.parameters()));
        Exception e = assertThrows(CotangentException.class, () -> more.load(file));
        assertTrue(String.valueOf(e.getMessage()).contains("it has no \"optimizer\""), e::toString);
        assertEquals(5, more.load(file, false));
        assertTrue(model.getParameter("weight").equal(other.getParameter("weight")));
        assertThrows(ValueException.class, () -> more.model("model", other));
        Torch.save(model.stateDict(), file);
        assertThrows(CotangentException.class, () -> more.load(file, false));
    }

    @Test
    void keepsTheLastCheckpoints() throws IOException {
        Path folder = folder().resolve("run");
        Linear model = new Linear(1, 1);
        CheckpointManager manager = new CheckpointManager(folder, TrainingCheckpoint.of(model), 2);
        assertEquals(OptionalLong.empty(), manager.loadLatest());
        for (int step : new int[] {1, 2, 10}) {
            model.getParameter("weight").detach().fill_(step);
            manager.save(step);
        }
        Files.writeString(folder.resolve(".step-11.pt.x.tmp"), "half");
        Files.writeString(folder.resolve("notes.txt"), "mine");
        assertEquals(List.of(folder.resolve("step-2.pt"), folder.resolve("step-10.pt")), manager.checkpoints());
        model.getParameter("weight").detach().fill_(0);
        assertEquals(OptionalLong.of(10), manager.loadLatest());
        assertEquals(10, model.getParameter("weight").itemDouble());
        Files.write(folder.resolve("step-10.pt"), new byte[] {'P', 'K', 3, 4});
        List<String> warned = new ArrayList<>();
        Warnings.setHandler(warned::add);
        try {
            assertEquals(OptionalLong.of(2), manager.loadLatest());
        } finally {
            Warnings.reset();
        }
        assertNotEquals(List.of(), warned);
        manager.save(3);
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(
                    List.of("notes.txt", "step-10.pt", "step-3.pt"),
                    files.map(f -> f.getFileName().toString()).sorted().toList());
        }
    }
}
