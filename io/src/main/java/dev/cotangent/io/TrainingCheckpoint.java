package dev.cotangent.io;

import dev.cotangent.CotangentException;
import dev.cotangent.Generator;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Arguments;
import dev.cotangent.nn.Module;
import dev.cotangent.optim.LRScheduler;
import dev.cotangent.optim.Optimizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that a training needs to go on as if it had never stopped: models, optimisers, schedulers, generators of random
 * numbers and the number of steps, in one file. Immutable; each method returns a checkpoint with one more part.
 *
 * <pre>{@code
 * TrainingCheckpoint checkpoint = TrainingCheckpoint.of(model, optimizer).scheduler(scheduler);
 * checkpoint.save(path, step);
 * long step = checkpoint.load(path); // in a new process, with a model and an optimiser of the same kind
 * }</pre>
 *
 * <p>A resumed training has the bits of an uninterrupted one. The generator that everything
 * draws from unless told otherwise, {@link Generator#standard()}, is always part of it.
 *
 * <p>The file is one of {@link Torch#save}, a dictionary of the parts by name: {@code torch.load(path)["model"]} is the
 * model's state dict in PyTorch, and {@code ["optimizer"]} the optimiser's.
 */
public final class TrainingCheckpoint {
    private static final String FORMAT = "format";
    private static final String NAME = "cotangent training 1";
    private static final String STEP = "step";
    private static final String GENERATOR = "generator";

    /**
     * A part of a training.
     *
     * @param isModel whether it is one
     * @param isLive whether its state may be memory that loading writes to, so that a snapshot has to be a copy
     * @param load takes a state, and whether all of it has to fit
     */
    private record Part(String name, boolean isModel, boolean isLive, Supplier<@Nullable Object> save, Loader load) {}

    @FunctionalInterface
    private interface Loader {
        void load(@Nullable Object state, boolean strict);
    }

    private final List<Part> parts;

    private TrainingCheckpoint(List<Part> parts) {
        this.parts = List.copyOf(parts);
    }

    /** Returns a checkpoint of a model, under {@code "model"}. */
    public static TrainingCheckpoint of(Module model) {
        Generator generator = Generator.standard();
        return new TrainingCheckpoint(List.of()).generator(GENERATOR, generator).model("model", model);
    }

    /** Returns a checkpoint of a model, under {@code "model"}, and of its optimiser, under {@code "optimizer"}. */
    public static TrainingCheckpoint of(Module model, Optimizer optimizer) {
        return of(model).optimizer("optimizer", optimizer);
    }

    /** Adds another model, such as the averaged one or the second of a pair of adversaries. */
    public TrainingCheckpoint model(String name, Module model) {
        Arguments.notNull("TrainingCheckpoint", "model", model);
        return with(new Part(
                name,
                true,
                true,
                model::stateDict,
                (state, strict) -> model.loadStateDict(Torch.stateDict(state), strict)));
    }

    /** Adds an optimiser. */
    public TrainingCheckpoint optimizer(String name, Optimizer optimizer) {
        Arguments.notNull("TrainingCheckpoint", "optimizer", optimizer);
        return with(new Part(
                name, false, false, optimizer::stateDict, (state, _) -> optimizer.loadStateDict(dictionary(state))));
    }

    /** Adds a scheduler, under {@code "scheduler"}. */
    public TrainingCheckpoint scheduler(LRScheduler scheduler) {
        return scheduler("scheduler", scheduler);
    }

    /** Adds a scheduler. */
    public TrainingCheckpoint scheduler(String name, LRScheduler scheduler) {
        Arguments.notNull("TrainingCheckpoint", "scheduler", scheduler);
        return with(new Part(
                name, false, false, scheduler::stateDict, (state, _) -> scheduler.loadStateDict(dictionary(state))));
    }

    /** Adds a generator of random numbers, such as the one that shuffles the data. */
    public TrainingCheckpoint generator(String name, Generator generator) {
        Arguments.notNull("TrainingCheckpoint", "generator", generator);
        return with(new Part(
                name,
                false,
                false,
                () -> GeneratorState.stateDict(generator),
                (state, _) -> GeneratorState.loadStateDict(generator, dictionary(state))));
    }

    /**
     * Adds a value of the program itself, such as the best loss so far.
     *
     * @param save returns the value, of the kinds that {@link Torch#save} writes
     * @param load takes over a value that was saved, or throws without having changed anything
     */
    public TrainingCheckpoint value(
            String name, Supplier<? extends @Nullable Object> save, Consumer<@Nullable Object> load) {
        Arguments.notNull("TrainingCheckpoint", "save", save);
        Arguments.notNull("TrainingCheckpoint", "load", load);
        return with(new Part(name, false, true, save::get, (state, _) -> load.accept(state)));
    }

    private TrainingCheckpoint with(Part part) {
        String name = Arguments.notNull("TrainingCheckpoint", "name", part.name);
        boolean taken =
                name.equals(FORMAT) || name.equals(STEP) || parts.stream().anyMatch(p -> p.name.equals(name));
        if (taken)
            throw new ValueException("the checkpoint has a part \"" + name + "\" already: name this one otherwise");
        List<Part> all = new ArrayList<>(parts);
        all.add(part);
        return new TrainingCheckpoint(all);
    }

    /**
     * Writes a file. It is replaced only once all is written and on the disk: whenever the process or the machine stops, a
     * whole checkpoint is there.
     *
     * @param step how many steps, or epochs, are done
     */
    public void save(Path path, long step) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put(FORMAT, NAME);
        all.put(STEP, step);
        for (Part p : parts) all.put(p.name, p.save.get());
        Torch.save(all, path);
    }

    /** Reads a file that {@link #save} wrote, all parts; returns the step. */
    public long load(Path path) {
        return load(path, true);
    }

    /**
     * Reads a file that {@link #save} wrote. On an error nothing is changed.
     *
     * @param strict whether the file has to have each part, and the models' states exactly their parameters and buffers; if
     *     not, missing entries are left unchanged
     * @return the step
     * @throws FileFormatException if the file is broken
     * @throws CotangentException if a part does not fit; with its name
     */
    public long load(Path path, boolean strict) {
        Object read = Torch.load(path);
        if (!(read instanceof Map<?, ?> all)
                || !NAME.equals(all.get(FORMAT))
                || !(all.get(STEP) instanceof Long step)) {
            throw new CotangentException("cannot resume from " + path
                    + ": TrainingCheckpoint.save did not write it; Torch.load reads any checkpoint");
        }
        // Models come last, as the state of the others is cheap to keep.
        List<Part> wanted = new ArrayList<>();
        for (Part p : parts) if (!p.isModel) wanted.add(p);
        for (Part p : parts) if (p.isModel) wanted.add(p);
        for (Part p : List.copyOf(wanted)) {
            if (all.containsKey(p.name)) continue;
            if (strict) {
                throw new CotangentException("cannot resume from " + path + ": it has no \"" + p.name + "\", only "
                        + all.keySet() + "; load(path, false) leaves what is missing as it is");
            }
            wanted.remove(p);
        }
        load(wanted, all, path, strict);
        return step;
    }

    private static void load(List<Part> wanted, Map<?, ?> all, Path path, boolean strict) {
        List<Runnable> undo = new ArrayList<>();
        for (Part p : wanted) {
            boolean last = p == wanted.getLast();
            try {
                // A part that throws has changed nothing of its own, so that the last one needs no way back.
                Object before = last ? null : snapshot(p);
                if (!last) undo.add(() -> p.load.load(before, true));
                p.load.load(all.get(p.name), strict);
            } catch (RuntimeException e) {
                for (Runnable r : undo.reversed()) r.run();
                throw new CotangentException(
                        "cannot resume from " + path + ": its \"" + p.name + "\" does not fit: " + e.getMessage(), e);
            }
        }
    }

    private static @Nullable Object snapshot(Part part) {
        Object state = part.save.get();
        return part.isLive ? copy(state) : state;
    }

    private static @Nullable Object copy(@Nullable Object state) {
        return switch (state) {
            case Tensor t -> t.detach().clone();
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
                map.forEach((key, value) -> copy.put(key, copy(value)));
                yield copy;
            }
            case Tuple t -> Tuple.of(t.stream().map(TrainingCheckpoint::copy).toArray());
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>();
                for (Object value : list) copy.add(copy(value));
                yield copy;
            }
            case null, default -> state;
        };
    }

    private static Map<String, Object> dictionary(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) throw new CotangentException("it is " + PickleCalls.kind(value));
        Map<String, Object> out = new LinkedHashMap<>();
        map.forEach((key, v) -> out.put(String.valueOf(key), Objects.requireNonNull(v, () -> key + " is None")));
        return out;
    }
}
