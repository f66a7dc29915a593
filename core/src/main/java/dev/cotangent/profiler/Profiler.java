package dev.cotangent.profiler;

import dev.cotangent.CotangentException;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.RecordFunction;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records operations, backward nodes and named ranges, with their times and the memory that they allocate; {@code
 * torch.profiler.profile}. One profiler at a time records what all threads do.
 *
 * {@snippet :
 * try (Profiler profiler = Profiler.start(Profiler.options().recordShapes())) {
 *     model.call(x).sum().backward();
 *     print(profiler.keyAverages().table(KeyAverages.options().sortBy(SortKey.SELF_CPU_TIME_TOTAL).rowLimit(10)));
 * }
 * }
 *
 * <p>Times are those of the clock in the thread that called an operation, which waits for the backend's threads. Work on another
 * device is recorded when it is launched. Element-wise operations that are deferred take their time where their
 * results are needed: in ranges named {@code fused::}.
 */
public final class Profiler implements AutoCloseable {
    private static final AtomicReference<@Nullable Profiler> RUNNING = new AtomicReference<>();

    /** Ends a range that {@link #recordFunction} started. */
    @FunctionalInterface
    public interface Range extends AutoCloseable {
        /** Ends the range. */
        @Override
        void close();
    }

    private final ProfilerOptions options;
    private Recorder recorder;
    private ProfilerAction action = ProfilerAction.NONE;
    private long step;
    private int stepRange;
    private boolean open = true;

    private Profiler(ProfilerOptions options) {
        this.options = options;
        this.recorder = new Recorder(options);
    }

    /** Returns options: everything is recorded, without shapes and memory. */
    public static ProfilerOptions options() {
        return ProfilerOptions.DEFAULT;
    }

    /** Starts a profiler that records everything. */
    public static Profiler start() {
        return start(ProfilerOptions.DEFAULT);
    }

    /** Starts a profiler; throws if another one is running. */
    public static Profiler start(ProfilerOptions options) {
        Profiler p = new Profiler(Arguments.notNull("Profiler.start", "options", options));
        if (!RUNNING.compareAndSet(null, p)) {
            throw new CotangentException("Can't start a profiler while another one is running. In Java: close the other"
                    + " one first, Profiler.close().");
        }
        p.enter(p.action(0));
        return p;
    }

    /**
     * Starts a range of the calling thread under a name, to be closed in the same thread; {@code
     * torch.profiler.record_function}. Does nothing while no profiler records.
     */
    public static Range recordFunction(String name) {
        Arguments.notNull("recordFunction", "name", name);
        int range = RecordFunction.startRange(RecordFunction.Kind.USER, name, -1);
        return () -> RecordFunction.end(range);
    }

    private ProfilerAction action(long number) {
        Schedule schedule = options.schedule();
        return schedule == null ? ProfilerAction.RECORD_AND_SAVE : schedule.action(number);
    }

    private static boolean records(ProfilerAction action) {
        return action == ProfilerAction.RECORD || action == ProfilerAction.RECORD_AND_SAVE;
    }

    private void enter(ProfilerAction next) {
        boolean keeps = records(next);
        if (next == ProfilerAction.WARMUP && action != ProfilerAction.WARMUP || keeps && !records(action)) {
            recorder = new Recorder(options);
            RecordFunction.observe(recorder);
        }
        action = next;
        stepRange = keeps && options.schedule() != null
                ? RecordFunction.startRange(RecordFunction.Kind.USER, "ProfilerStep#" + step, -1)
                : 0;
    }

    private void leave(ProfilerAction next) {
        boolean ends = action == ProfilerAction.RECORD_AND_SAVE || next == ProfilerAction.NONE;
        if (!ends || action == ProfilerAction.NONE) return;
        RecordFunction.observe(null);
        recorder.closeOwn();
        Consumer<Profiler> handler = options.onTraceReady();
        boolean kept = records(action);
        action = ProfilerAction.NONE;
        if (kept && handler != null) handler.accept(this);
    }

    /** Ends a step of the schedule and starts the next; {@code step()}. Without a schedule does nothing. */
    public void step() {
        if (!open) throw new CotangentException("step() of a profiler that is closed");
        if (options.schedule() == null) return;
        ProfilerAction next = action(step + 1);
        RecordFunction.end(stepRange);
        step++;
        leave(next);
        enter(next);
    }

    /** Returns the number of the step, counted from 0; {@code step_num}. */
    public long stepNumber() {
        return step;
    }

    /** Returns what is done in this step. */
    public ProfilerAction currentAction() {
        return action;
    }

    /** Ends the profile; what was recorded stays available. */
    @Override
    public void close() {
        if (!open) return;
        open = false;
        try {
            leave(ProfilerAction.NONE);
        } finally {
            RecordFunction.observe(null);
            RUNNING.compareAndSet(this, null);
        }
    }

    /** Returns the events that ended, by start, the outer ones first: those since the last cycle of a schedule began. */
    public List<ProfilerEvent> events() {
        return recorder.events();
    }

    /** Returns the events summed by name; {@code key_averages()}. */
    public KeyAverages keyAverages() {
        return keyAverages(false);
    }

    /** Returns the events summed by name or, if recorded, by name and shapes of inputs; {@code key_averages}. */
    public KeyAverages keyAverages(boolean groupByInputShape) {
        return KeyAverages.of(
                recorder.events(),
                groupByInputShape,
                options.profilesMemory(),
                recorder.memoryOutside(true),
                recorder.memoryOutside(false));
    }

    /**
     * Writes the events as JSON that Perfetto ({@code ui.perfetto.dev}) and {@code chrome://tracing} open, with arrows from
     * operations to their backward nodes; {@code export_chrome_trace}.
     */
    public void exportChromeTrace(Path file) {
        Arguments.notNull("exportChromeTrace", "file", file);
        ChromeTrace.write(file, recorder.events(), recorder.allocations());
    }
}
