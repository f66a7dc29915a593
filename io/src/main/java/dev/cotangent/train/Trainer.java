package dev.cotangent.train;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.Warnings;
import dev.cotangent.autograd.Autocast;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.internal.Arguments;
import dev.cotangent.io.CheckpointManager;
import dev.cotangent.io.Torch;
import dev.cotangent.io.TrainingCheckpoint;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.Utils;
import dev.cotangent.optim.GradScaler;
import dev.cotangent.optim.LRScheduler;
import dev.cotangent.optim.Optimizer;
import dev.cotangent.optim.ReduceLROnPlateau;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs a training: epochs, evaluation, checkpoints, metrics. It is optional; all that it does can be written with the
 * classes that it calls.
 *
 * <pre>{@code
 * Trainer<Example<Tensor>> trainer = new Trainer<>(
 *         model,
 *         optimizer,
 *         batch -> model.call(batch.input()).crossEntropy(batch.target()),
 *         Trainer.options().epochs(10).folder(Path.of("runs/first")).resume(true).callback(new ProgressBar()));
 * TrainingResult result = trainer.fit(loader, validation, evaluation);
 * }</pre>
 *
 * <p>A step computes the loss of a batch in training mode, its gradients, and calls the optimiser and the scheduler. With
 * {@link TrainerOptions#folder} the state is saved after each epoch and when the training is stopped, also within an epoch. A
 * training that is resumed gives what one that was not interrupted gives, to the bit, if the batches follow from the
 * generators: an epoch that is resumed takes its batches from the start with the generators as they were there, and skips
 * those that are done.
 *
 * @param <B> the type of batches
 */
public final class Trainer<B> {
    private final Module model;
    private final Optimizer optimizer;
    private final Function<? super B, Tensor> loss;
    private final TrainerOptions options;
    private final List<Callback> callbacks = new ArrayList<>();

    private volatile @Nullable TrainingState running;
    private volatile boolean stopping;

    /** Creates a trainer with the default options: one epoch, no files. */
    public Trainer(Module model, Optimizer optimizer, Function<? super B, Tensor> loss) {
        this(model, optimizer, loss, options());
    }

    /**
     * Creates a trainer.
     *
     * @param loss computes the loss of a batch, a tensor with one element
     */
    public Trainer(Module model, Optimizer optimizer, Function<? super B, Tensor> loss, TrainerOptions options) {
        this.model = Arguments.notNull("Trainer", "model", model);
        this.optimizer = Arguments.notNull("Trainer", "optimizer", optimizer);
        this.loss = Arguments.notNull("Trainer", "loss", loss);
        this.options = Arguments.notNull("Trainer", "options", options);
        Path folder = options.folder;
        if (folder != null) {
            callbacks.add(new MetricsLog(folder.resolve("metrics.jsonl"), options.logEvery));
            if (options.tensorBoard) callbacks.add(new TensorBoardLog(folder.resolve("tensorboard"), options.logEvery));
        }
        callbacks.addAll(options.callbacks);
    }

    /** Returns the default options. */
    public static TrainerOptions options() {
        return new TrainerOptions();
    }

    /** Stops the training that runs after the current step, or the next one at its start. Another thread may call it. */
    public void stop() {
        stopping = true;
        TrainingState state = running;
        if (state != null) state.stop();
    }

    private @Nullable Autocast autocast() {
        Device device = options.autocast;
        Dtype dtype = options.autocastDtype;
        return device == null || dtype == null ? null : Autocast.open(device, dtype);
    }

    /** Computes the means of metrics over batches, without gradients and in evaluation mode. */
    public Map<String, Double> evaluate(Iterable<? extends B> batches, Evaluation<? super B> evaluation) {
        Arguments.notNull("evaluate", "batches", batches);
        Arguments.notNull("evaluate", "evaluation", evaluation);
        boolean training = model.isTraining();
        model.eval();
        Metrics metrics = new Metrics();
        try (var _ = Autograd.noGrad();
                var _ = autocast()) {
            for (B batch : batches) evaluation.evaluate(batch, metrics);
        } finally {
            model.train(training);
        }
        return metrics.means();
    }

    /** Trains without an evaluation. */
    public TrainingResult fit(Iterable<? extends B> batches) {
        return fit(batches, List.of(), (_, _) -> {});
    }

    /**
     * Trains, and evaluates after each epoch.
     *
     * @param batches the batches of an epoch, iterated over once for each
     * @param validation the batches of the evaluation
     * @throws CotangentException if the folder has checkpoints that are neither resumed nor overwritten, or if the loss is not
     *     finite
     */
    public TrainingResult fit(
            Iterable<? extends B> batches, Iterable<? extends B> validation, Evaluation<? super B> evaluation) {
        Arguments.notNull("fit", "batches", batches);
        Arguments.notNull("fit", "validation", validation);
        Arguments.notNull("fit", "evaluation", evaluation);
        OptionalLong size = batches instanceof Collection<?> c
                ? OptionalLong.of(c.size())
                : options.batchesPerEpoch < 0 ? OptionalLong.empty() : OptionalLong.of(options.batchesPerEpoch);
        TrainingState state = new TrainingState(options.epochs, size, options.stopOnNonFiniteLoss);
        running = state;
        if (stopping) state.stop();
        try (var _ = options.saveOnInterrupt ? new Interruption(state::stop) : null) {
            Run run = new Run(state);
            try {
                return run.fit(batches, validation, evaluation);
            } finally {
                for (Callback c : callbacks) c.onEnd(state);
            }
        } finally {
            running = null;
            stopping = false;
        }
    }

    /**
     * Loads the model's parameters of the best epoch, from {@code best.pt} in the folder. Throws if there is no such file.
     */
    public void loadBest() {
        if (options.folder == null) throw new CotangentException("there is no best checkpoint without a folder");
        Object read = Torch.load(best(options.folder));
        if (!(read instanceof Map<?, ?> all)) throw new CotangentException(best(options.folder) + " is no checkpoint");
        model.loadStateDict(Torch.stateDict(all.get("model")));
    }

    private static Path best(Path folder) {
        return folder.resolve("best.pt");
    }

    /** One call of {@link #fit}. */
    private final class Run {
        private final TrainingState state;
        private final EpochGenerators generators = new EpochGenerators(options.generators);
        private final TrainingCheckpoint checkpoint;
        private final @Nullable CheckpointManager manager;
        private long saved = -1;
        private int worse;

        Run(TrainingState state) {
            this.state = state;
            TrainingCheckpoint all = TrainingCheckpoint.of(model, optimizer);
            if (options.scheduler != null) all = all.scheduler(options.scheduler);
            GradScaler scaler = options.scaler;
            if (scaler != null) {
                all = all.value("scaler", scaler::stateDict, saved -> scaler.loadStateDict(new Saved(saved).map()));
            }
            int i = 0;
            for (Generator g : options.generators) all = all.generator("generator" + ++i, g);
            checkpoint = options.parts.apply(all).value("trainer", this::save, this::load);
            Path folder = options.folder;
            manager = folder == null
                    ? null
                    : new CheckpointManager(folder.resolve("checkpoints"), checkpoint, options.kept);
        }

        TrainingResult fit(
                Iterable<? extends B> batches, Iterable<? extends B> validation, Evaluation<? super B> evaluation) {
            if (manager != null) open(manager);
            state.lr = optimizer.lr();
            for (Callback c : callbacks) c.onStart(state);
            model.train();
            boolean early = worse >= options.patience;
            while (state.epoch < options.epochs && isGoingOn() && !early) {
                long start = System.nanoTime();
                if (!epoch(batches)) break;
                EpochResult result = result(start, validation, evaluation);
                early = isWorse(result);
            }
            if (manager != null && saved != state.step) saved(manager);
            TrainingResult.End end = state.isStopping()
                    ? TrainingResult.End.STOPPED
                    : early ? TrainingResult.End.EARLY : TrainingResult.End.FINISHED;
            return new TrainingResult(end, state.epoch, state.step, state.best, state.bestEpoch, state.history);
        }

        private boolean isGoingOn() {
            return !state.isStopping() && state.step < options.maxSteps;
        }

        private void open(CheckpointManager m) {
            if (options.resume) {
                if (m.loadLatest().isPresent()) saved = state.step;
                return;
            }
            List<Path> earlier = m.checkpoints();
            if (!earlier.isEmpty() && !options.overwrite) {
                throw new CotangentException(
                        earlier.getLast() + " is of an earlier training: resume(true) goes on from it,"
                                + " overwrite(true) deletes it, and another folder leaves it");
            }
            try {
                for (Path file : earlier) Files.delete(file);
                if (options.folder != null) Files.deleteIfExists(best(options.folder));
            } catch (IOException e) {
                throw new CotangentException("cannot delete an earlier checkpoint: " + e, e);
            }
        }

        private void saved(CheckpointManager m) {
            // A loss that is not finite raises before it gets into a checkpoint.
            state.drain();
            m.save(state.step);
            saved = state.step;
        }

        /** Runs an epoch, or what is left of it. Returns false if it was stopped. */
        private boolean epoch(Iterable<? extends B> batches) {
            Iterator<? extends B> it;
            if (state.batch > 0) {
                it = generators.replay(batches, state.batch);
            } else {
                generators.mark();
                it = batches.iterator();
            }
            try {
                return steps(it);
            } finally {
                // The workers of a loader whose epoch ends early.
                if (it instanceof AutoCloseable c) close(c);
            }
        }

        private static void close(AutoCloseable iterator) {
            try {
                iterator.close();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new CotangentException("cannot close the iterator of batches: " + e, e);
            }
        }

        private boolean steps(Iterator<? extends B> it) {
            int accumulated = 0;
            optimizer.zeroGrad();
            while (it.hasNext()) {
                if (accumulated == 0 && !isGoingOn()) return false;
                B batch = it.next();
                Tensor value;
                try (var _ = autocast()) {
                    value = loss.apply(batch);
                }
                Tensor part = options.accumulate == 1 ? value : value.div(options.accumulate);
                (options.scaler == null ? part : options.scaler.scale(part)).backward();
                state.add(value);
                state.batch++;
                if (++accumulated < options.accumulate && it.hasNext()) continue;
                accumulated = 0;
                step();
            }
            // An epoch that was resumed after its last batch has none left to count.
            state.drain();
            return true;
        }

        private void step() {
            GradScaler scaler = options.scaler;
            if (options.clipGradNorm < Double.POSITIVE_INFINITY) {
                if (scaler != null) scaler.unscale_(optimizer);
                Utils.clipGradNorm_(optimizer.parameters(), options.clipGradNorm);
            }
            state.lr = optimizer.lr();
            if (scaler == null) {
                optimizer.step();
            } else {
                scaler.step(optimizer);
                scaler.update();
            }
            optimizer.zeroGrad();
            if (options.scheduler != null && options.schedulerPerStep) options.scheduler.step();
            state.step++;
            if (state.step % options.logEvery == 0) state.drain();
            for (Callback c : callbacks) c.onStep(state);
            if (manager != null && state.step % options.checkpointEvery == 0) saved(manager);
        }

        private EpochResult result(long start, Iterable<? extends B> validation, Evaluation<? super B> evaluation) {
            Map<String, Double> metrics = new LinkedHashMap<>();
            metrics.put("loss", state.meanLoss());
            evaluate(validation, evaluation).forEach((name, value) -> metrics.put("val_" + name, value));
            metrics.put("lr", state.lr);
            metrics.put("seconds", (System.nanoTime() - start) * 1e-9);
            state.epoch++;
            state.beginEpoch();
            EpochResult result = new EpochResult(state.epoch, state.step, metrics);
            state.history.add(result);
            return result;
        }

        /** Follows the monitored metric, advances the scheduler and saves. Returns whether training should end early. */
        private boolean isWorse(EpochResult result) {
            String name = options.monitor != null
                    ? options.monitor
                    : result.metrics().containsKey("val_loss") ? "val_loss" : "loss";
            Double value = result.metrics().get(name);
            if (value == null) {
                Warnings.warn("there is no metric \"" + name + "\" to monitor, only "
                        + result.metrics().keySet());
            }
            boolean better = value != null && isBetter(value);
            if (better) {
                state.best = OptionalDouble.of(value);
                state.bestEpoch = result.epoch();
                worse = 0;
            } else if (value != null) {
                worse++;
            }
            LRScheduler scheduler = options.scheduler;
            if (scheduler instanceof ReduceLROnPlateau plateau && !options.schedulerPerStep) {
                if (value != null) plateau.step(value);
            } else if (scheduler != null && !options.schedulerPerStep) {
                scheduler.step();
            }
            for (Callback c : callbacks) c.onEpoch(state, result);
            if (manager != null) saved(manager);
            if (better && options.folder != null) checkpoint.save(best(options.folder), state.step);
            return worse >= options.patience;
        }

        private boolean isBetter(double value) {
            if (state.best.isEmpty()) return !Double.isNaN(value);
            double best = state.best.getAsDouble();
            return options.maximize ? value > best + options.minDelta : value < best - options.minDelta;
        }

        private Map<String, Object> save() {
            state.drain();
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("epoch", (long) state.epoch);
            all.put("batch", state.batch);
            all.put("step", state.step);
            all.put("loss_sum", state.sum);
            all.put("losses", state.counted);
            all.put("lr", state.lr);
            all.put("worse", (long) worse);
            all.put("best", state.best.orElse(Double.NaN));
            all.put("best_epoch", (long) state.bestEpoch);
            all.put("generators", generators.stateDict());
            all.put("history", state.history.stream().map(Run::row).toList());
            return all;
        }

        private static Map<String, Object> row(EpochResult r) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("epoch", (long) r.epoch());
            row.put("step", r.step());
            row.put("metrics", r.metrics());
            return row;
        }

        private void load(@Nullable Object saved) {
            Saved all = new Saved(saved);
            List<EpochResult> history = new ArrayList<>();
            for (Saved row : all.list("history")) {
                history.add(new EpochResult((int) row.integer("epoch"), row.integer("step"), row.numbers("metrics")));
            }
            int epoch = (int) all.integer("epoch");
            long batch = all.integer("batch");
            long step = all.integer("step");
            double sum = all.number("loss_sum");
            long counted = all.integer("losses");
            double lr = all.number("lr");
            double best = all.number("best");
            int bestEpoch = (int) all.integer("best_epoch");
            int bad = (int) all.integer("worse");
            generators.loadStateDict(all.list("generators"));
            state.epoch = epoch;
            state.batch = batch;
            state.step = step;
            state.sum = sum;
            state.counted = counted;
            state.lr = lr;
            state.best = Double.isNaN(best) ? OptionalDouble.empty() : OptionalDouble.of(best);
            state.bestEpoch = bestEpoch;
            state.history = history;
            worse = bad;
        }
    }
}
