package dev.cotangent.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.nn.Dropout;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.Adam;
import dev.cotangent.optim.GradScaler;
import dev.cotangent.optim.Optimizer;
import dev.cotangent.optim.ReduceLROnPlateau;
import dev.cotangent.optim.SGD;
import dev.cotangent.optim.StepLR;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerTest {
    private static final int ROWS = 12;
    private static final int BATCHES = 4;

    @TempDir
    Path folder = Path.of(".");

    /** A training that draws random numbers in its batches' order and in its dropout. */
    private static final class Training {
        final Generator order;
        final Module model;
        final Optimizer optimizer;
        final StepLR scheduler;
        final Tensor x;
        final Tensor y;

        Training(long seed) {
            Tensors.manualSeed(seed);
            order = new Generator(seed);
            x = Tensors.randn(ROWS, 3);
            y = x.sum(1, true);
            model = new Sequential(new Linear(3, 8), new ReLU(), new Dropout(0.25), new Linear(8, 1));
            optimizer = new Adam(model.parameters(), 0.05);
            scheduler = new StepLR(optimizer, 1, 0.5);
        }

        Iterable<Tensor> batches() {
            return () -> {
                try (var _ = order.use()) {
                    return Tensors.randperm(ROWS).chunk(BATCHES, 0).iterator();
                }
            };
        }

        Tensor loss(Tensor rows) {
            return model.call(x.get(rows)).mseLoss(y.get(rows));
        }

        TrainerOptions options() {
            return Trainer.options()
                    .epochs(3)
                    .generator(order)
                    .scheduler(scheduler)
                    .logEvery(1);
        }

        TrainingResult run(TrainerOptions options) {
            return new Trainer<>(model, optimizer, this::loss, options)
                    .fit(batches(), batches(), (rows, m) -> m.add("loss", loss(rows), rows.size(0)));
        }

        float[] parameters() {
            return Tensors.cat(model.parameters().stream().map(Tensor::flatten).toList())
                    .detach()
                    .toFloatArray();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 4, 6, 11})
    void aResumedTrainingGivesTheBitsOfOneThatWasNotInterrupted(long steps) {
        Training whole = new Training(1);
        TrainingResult expected = whole.run(whole.options());
        assertEquals(12, expected.step());

        Training first = new Training(1);
        TrainingResult part = first.run(first.options().folder(folder).maxSteps(steps));
        assertEquals(steps, part.step());
        // Another seed: everything comes from the checkpoint, but for the data.
        Training second = new Training(1);
        Tensors.manualSeed(5);
        second.order.manualSeed(7);
        TrainingResult rest = second.run(second.options().folder(folder).resume(true));

        assertArrayEquals(whole.parameters(), second.parameters());
        assertEquals(expected.step(), rest.step());
        assertEquals(expected.best(), rest.best());
        assertEquals(metrics(expected), metrics(rest));
        List<Double> losses = MetricsLog.read(folder.resolve("metrics.jsonl")).stream()
                .filter(r -> !r.containsKey("seconds"))
                .map(r -> r.get("step"))
                .toList();
        assertEquals(List.of(1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12.), losses);
    }

    private static List<List<Double>> metrics(TrainingResult result) {
        List<List<Double>> out = new ArrayList<>();
        for (EpochResult e : result.history()) out.add(List.of(e.loss(), e.metric("val_loss"), e.metric("lr")));
        return out;
    }

    @Test
    void followsTheLoopWrittenByHand() {
        Training t = new Training(2);
        TrainingResult result = t.run(t.options().clipGradNorm(0.5));
        Training hand = new Training(2);
        double sum = 0;
        for (int epoch = 0; epoch < 3; epoch++) {
            sum = 0;
            for (Tensor rows : hand.batches()) {
                hand.optimizer.zeroGrad();
                Tensor loss = hand.loss(rows);
                loss.backward();
                dev.cotangent.nn.Utils.clipGradNorm_(hand.model.parameters(), 0.5);
                hand.optimizer.step();
                sum += loss.itemDouble();
            }
            hand.model.eval();
            for (Tensor rows : hand.batches()) hand.loss(rows);
            hand.model.train();
            hand.scheduler.step();
        }
        assertArrayEquals(hand.parameters(), t.parameters());
        assertEquals(sum / BATCHES, result.history().getLast().loss());
        assertEquals(0.05 / 4, result.history().getLast().metric("lr"), 1e-12);
    }

    @Test
    void accumulatesGradientsOverBatches() {
        Training t = new Training(3);
        t.model.eval();
        Tensor p = t.model.parameters().getFirst();
        List<Tensor> gradients = new ArrayList<>();
        t.optimizer.registerStepPreHook(_ -> gradients.add(p.grad().clone()));
        Iterable<Tensor> inOrder = Tensors.arange(ROWS).chunk(BATCHES, 0);
        new Trainer<Tensor>(
                        t.model,
                        t.optimizer,
                        r -> t.model.eval().call(t.x.get(r)).mseLoss(t.y.get(r)),
                        t.options().epochs(1).accumulate(3))
                .fit(inOrder);
        Training whole = new Training(3);
        whole.model.eval();
        whole.model
                .call(whole.x.narrow(0, 0, 9))
                .mseLoss(whole.y.narrow(0, 0, 9))
                .backward();
        assertEquals(2, gradients.size());
        assertTrue(gradients
                .getFirst()
                .allclose(whole.model.parameters().getFirst().grad()));
    }

    @Test
    void mixedPrecisionIsResumedWithItsScaler() {
        GradScaler.Options options = GradScaler.options().initScale(1024).growthInterval(3);
        Training whole = new Training(1);
        GradScaler scaler = new GradScaler(options);
        whole.run(whole.options()
                .autocast(Device.cpu(), Dtype.FLOAT16)
                .gradScaler(scaler)
                .clipGradNorm(1));
        assertEquals(1024 * 16, scaler.getScale());
        Training first = new Training(1);
        first.run(first.options()
                .autocast(Device.cpu(), Dtype.FLOAT16)
                .gradScaler(new GradScaler(options))
                .clipGradNorm(1)
                .folder(folder)
                .maxSteps(7));
        Training second = new Training(1);
        GradScaler resumed = new GradScaler();
        second.run(second.options()
                .autocast(Device.cpu(), Dtype.FLOAT16)
                .gradScaler(resumed)
                .clipGradNorm(1)
                .folder(folder)
                .resume(true));
        assertEquals(scaler.stateDict(), resumed.stateDict());
        assertArrayEquals(whole.parameters(), second.parameters());
        Training full = new Training(1);
        full.run(full.options().clipGradNorm(1));
        assertFalse(Arrays.equals(full.parameters(), whole.parameters()));
    }

    /** Trains a scalar parameter with losses that a test sets. */
    private static TrainingResult losses(TrainerOptions options, Optimizer optimizer, Tensor p, double... losses) {
        int[] epoch = {0};
        Module model = new Module() {};
        return new Trainer<Double>(model, optimizer, v -> p.mul(0).add(v), options.epochs(losses.length))
                .fit(() -> List.of(losses[epoch[0]++]).iterator());
    }

    @Test
    void stopsEarlyAndKnowsTheBestEpoch() {
        Tensor p = Tensors.ones().requiresGrad_();
        Optimizer sgd = new SGD(List.of(p), 0.1);
        TrainerOptions options = Trainer.options().earlyStopping(2, 0.1);
        TrainingResult result = losses(options, sgd, p, 3, 2, 1.95, 2.5, 0, 0);
        assertEquals(TrainingResult.End.EARLY, result.end());
        assertEquals(4, result.epochs());
        assertEquals(2, result.bestEpoch());
        assertEquals(2, result.best().orElseThrow());
        TrainingResult largest = losses(options.maximize("loss"), sgd, p, 3, 4, 5, 1);
        assertEquals(TrainingResult.End.FINISHED, largest.end());
        assertEquals(3, largest.bestEpoch());
    }

    @Test
    void aPlateauOfTheMetricLowersTheRate() {
        Tensor p = Tensors.ones().requiresGrad_();
        Optimizer sgd = new SGD(List.of(p), 0.1);
        ReduceLROnPlateau plateau = new ReduceLROnPlateau(
                sgd, ReduceLROnPlateau.options().patience(0).factor(0.5));
        losses(Trainer.options().scheduler(plateau), sgd, p, 1, 1, 2);
        assertEquals(0.025, sgd.lr(), 1e-12);
    }

    @Test
    void aLossThatIsNotFiniteRaisesBeforeItIsSaved() throws IOException {
        Tensor p = Tensors.ones().requiresGrad_();
        Optimizer sgd = new SGD(List.of(p), 0.1);
        CotangentException e = assertThrows(
                CotangentException.class, () -> losses(Trainer.options().folder(folder), sgd, p, 1, Double.NaN, 1));
        assertTrue(e.getMessage().startsWith("the loss became NaN in epoch 2, step 2"), e.getMessage());
        try (var files = Files.list(folder.resolve("checkpoints"))) {
            assertEquals(
                    List.of("step-1.pt"),
                    files.map(f -> f.getFileName().toString()).toList());
        }
    }

    @Test
    void anEarlierTrainingIsNotMixedUpWithANewOne() {
        Training first = new Training(1);
        first.run(first.options().folder(folder));
        Training second = new Training(2);
        CotangentException e = assertThrows(
                CotangentException.class, () -> second.run(second.options().folder(folder)));
        assertTrue(e.getMessage().contains("step-12.pt is of an earlier training"), e.getMessage());
        assertEquals(
                4,
                second.run(second.options().folder(folder).overwrite(true).maxSteps(4))
                        .step());
        Training third = new Training(3);
        assertEquals(
                5,
                third.run(third.options().folder(folder).resume(true).maxSteps(5))
                        .step());
    }

    @Test
    void loadsTheBestModel() {
        Training t = new Training(1);
        List<float[]> after = new ArrayList<>();
        Trainer<Tensor> trainer = new Trainer<>(
                t.model,
                t.optimizer,
                t::loss,
                t.options().folder(folder).minimize("val_fake").callback(new Callback() {
                    @Override
                    public void onEpoch(TrainingState state, EpochResult result) {
                        after.add(t.parameters());
                    }
                }));
        double[] fake = {2, 1, 3};
        int[] epoch = {0};
        TrainingResult result =
                trainer.fit(t.batches(), List.of(Tensors.arange(2)), (_, m) -> m.add("fake", fake[epoch[0]++]));
        assertEquals(2, result.bestEpoch());
        trainer.loadBest();
        assertArrayEquals(after.get(1), t.parameters());
    }

    @Test
    void callbacksSeeTheTrainingAndMayStopIt() {
        Training t = new Training(1);
        List<String> seen = new ArrayList<>();
        TrainingResult result = t.run(t.options().callback(new Callback() {
            @Override
            public void onStart(TrainingState s) {
                seen.add("start");
            }

            @Override
            public void onStep(TrainingState s) {
                seen.add(s.epoch() + "." + s.batch());
                assertTrue(Double.isFinite(s.loss()));
                if (s.step() == 5) s.stop();
            }

            @Override
            public void onEpoch(TrainingState s, EpochResult r) {
                seen.add("epoch " + r.epoch());
            }

            @Override
            public void onEnd(TrainingState s) {
                seen.add("end");
            }
        }));
        assertEquals(List.of("start", "0.1", "0.2", "0.3", "0.4", "epoch 1", "1.1", "end"), seen);
        assertEquals(TrainingResult.End.STOPPED, result.end());
    }

    @Test
    void aTrainingThatIsStoppedBeforeItBeginsDoesNothing() {
        Training t = new Training(1);
        Trainer<Tensor> trainer = new Trainer<>(t.model, t.optimizer, t::loss, t.options());
        trainer.stop();
        assertEquals(0, trainer.fit(t.batches()).step());
        assertEquals(12, trainer.fit(t.batches()).step());
    }

    @Test
    void theProgressBarShowsLossAndRate() {
        StringWriter text = new StringWriter();
        Training t = new Training(1);
        t.run(t.options().epochs(1).batchesPerEpoch(BATCHES).callback(new ProgressBar(new PrintWriter(text), true)));
        String shown = text.toString().replaceAll(" +\\r", "\r");
        assertTrue(shown.contains("\repoch 1/1 [======>                 ] 1/4  loss "), shown);
        assertTrue(shown.contains(" batches/s"), shown);
        assertTrue(
                shown.substring(shown.lastIndexOf("\r")).contains("epoch 1/1  loss ") && shown.contains("  val_loss "),
                shown);
    }

    @Test
    void aLogOfBrokenLinesIsRefusedAndNonFiniteNumbersAreKept() throws IOException {
        Path file = Files.writeString(folder.resolve("m.jsonl"), "{\"loss\":\"NaN\"}\n{\"loss\":[1]}\n");
        CotangentException e = assertThrows(CotangentException.class, () -> MetricsLog.read(file));
        assertTrue(e.getMessage().endsWith("line 2 is no object of numbers: {\"loss\":[1]}"), e.getMessage());
        Files.writeString(file, "{\"loss\":\"NaN\"}\n");
        assertEquals(List.of(Map.of("loss", Double.NaN)), MetricsLog.read(file));
    }

    @Test
    void optionsAreChecked() {
        assertThrows(ValueException.class, () -> Trainer.options().epochs(0));
        assertThrows(ValueException.class, () -> Trainer.options().clipGradNorm(-1));
        assertThrows(ValueException.class, () -> new Metrics().add("loss", 1, -1));
        assertThrows(IllegalArgumentException.class, () -> new EpochResult(1, 1, Map.of()).loss());
    }

    /** Trains without an end; what is run in the process that {@link #endingTheProcessSaves} ends. */
    public static void main(String[] args) {
        Training t = new Training(1);
        Path folder = Path.of(args[0]);
        t.run(t.options().epochs(Integer.MAX_VALUE).folder(folder).keep(2).callback(new Callback() {
            @Override
            public void onStep(TrainingState state) {
                // Within an epoch, so that what is written is written by the end of the process.
                if (state.step() == 2) tell(folder);
                while (state.step() == 2 && !state.isStopping()) Thread.onSpinWait();
            }
        }));
    }

    private static void tell(Path folder) {
        try {
            Files.createFile(folder.resolve("begun"));
        } catch (IOException e) {
            throw new CotangentException("no file", e);
        }
    }

    @Test
    void endingTheProcessSaves() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TrainerTest.class.getName(),
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            while (!Files.exists(folder.resolve("begun"))) {
                assertTrue(child.isAlive(), "the process has ended");
                Thread.sleep(5);
            }
            child.destroy();
            assertTrue(child.waitFor(10, TimeUnit.MINUTES));
        } finally {
            child.destroyForcibly();
        }
        Training rest = new Training(1);
        TrainingResult result =
                rest.run(rest.options().folder(folder).resume(true).maxSteps(3));
        assertEquals(3, result.step());
        Training whole = new Training(1);
        whole.run(whole.options().maxSteps(3));
        assertArrayEquals(whole.parameters(), rest.parameters());
        assertFalse(MetricsLog.read(folder.resolve("metrics.jsonl")).isEmpty());
    }
}
