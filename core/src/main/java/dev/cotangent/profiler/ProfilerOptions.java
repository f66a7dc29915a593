package dev.cotangent.profiler;

import dev.cotangent.internal.Arguments;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Options of a {@link Profiler}. Immutable; each method returns changed options.
 *
 * @param recordsShapes whether the shapes of inputs are recorded
 * @param profilesMemory whether allocations are counted
 * @param recordsModules whether calls of modules are ranges
 * @param keepsEvents whether events are kept in memory; otherwise they are written to Java's Flight Recorder alone
 * @param schedule which steps are recorded; null for everything
 * @param onTraceReady called with the profiler at the end of each cycle, or null
 */
public record ProfilerOptions(
        boolean recordsShapes,
        boolean profilesMemory,
        boolean recordsModules,
        boolean keepsEvents,
        @Nullable Schedule schedule,
        @Nullable Consumer<Profiler> onTraceReady) {
    static final ProfilerOptions DEFAULT = new ProfilerOptions(false, false, false, true, null, null);

    /** Records the shapes of inputs; PyTorch's {@code record_shapes}. */
    public ProfilerOptions recordShapes() {
        return new ProfilerOptions(true, profilesMemory, recordsModules, keepsEvents, schedule, onTraceReady);
    }

    /** Counts allocations; PyTorch's {@code profile_memory}. */
    public ProfilerOptions profileMemory() {
        return new ProfilerOptions(recordsShapes, true, recordsModules, keepsEvents, schedule, onTraceReady);
    }

    /** Records calls of modules; PyTorch's {@code with_modules}. */
    public ProfilerOptions withModules() {
        return new ProfilerOptions(recordsShapes, profilesMemory, true, keepsEvents, schedule, onTraceReady);
    }

    /**
     * Keeps no events in memory, for long runs: a recording of Java's Flight Recorder with the event {@code
     * dev.cotangent.Operation} has them.
     */
    public ProfilerOptions flightRecorderOnly() {
        return new ProfilerOptions(recordsShapes, profilesMemory, recordsModules, false, schedule, onTraceReady);
    }

    /** Records the steps of a schedule, which {@link Profiler#step} counts; PyTorch's {@code schedule}. */
    public ProfilerOptions schedule(Schedule value) {
        Arguments.notNull("schedule", "value", value);
        return new ProfilerOptions(recordsShapes, profilesMemory, recordsModules, keepsEvents, value, onTraceReady);
    }

    /** Calls a handler at the end of each cycle of the schedule, or when the profiler is closed. */
    public ProfilerOptions onTraceReady(Consumer<Profiler> handler) {
        Arguments.notNull("onTraceReady", "handler", handler);
        return new ProfilerOptions(recordsShapes, profilesMemory, recordsModules, keepsEvents, schedule, handler);
    }
}
