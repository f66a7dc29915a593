package dev.cotangent.profiler;

import java.util.List;

/**
 * A range of time of one thread: PyTorch's {@code FunctionEvent}. Times are in nanoseconds, memory is in bytes.
 *
 * @param name such as {@code aten::mul}
 * @param kind what ran
 * @param threadId Java's number of the thread
 * @param threadName the thread's name
 * @param start nanoseconds since the start of the profile
 * @param duration nanoseconds from start to end
 * @param selfDuration nanoseconds outside of nested events
 * @param sequence the number of the backward node that an operation recorded or that is run; -1 for none
 * @param isTopLevel whether the event is within no other
 * @param isRecursive whether the event is within another of its name, whose total time includes it
 * @param inputShapes the shapes of the inputs; empty unless recorded
 * @param hostMemory memory of the host allocated, less what was freed, nested events included
 * @param selfHostMemory memory of the host outside of nested events
 * @param deviceMemory memory of other devices, nested events included
 * @param selfDeviceMemory memory of other devices outside of nested events
 */
public record ProfilerEvent(
        String name,
        Kind kind,
        long threadId,
        String threadName,
        long start,
        long duration,
        long selfDuration,
        long sequence,
        boolean isTopLevel,
        boolean isRecursive,
        List<List<Long>> inputShapes,
        long hostMemory,
        long selfHostMemory,
        long deviceMemory,
        long selfDeviceMemory) {
    /** What ran. */
    public enum Kind {
        /** An operation on tensors. */
        OPERATION,
        /** A backward node. */
        NODE,
        /** A range that a user named, a custom function, a module, a step of an optimiser. */
        USER,
        /** Deferred element-wise operations, computed together. */
        FUSED
    }

    /** Copies the lists. */
    public ProfilerEvent {
        inputShapes = List.copyOf(inputShapes);
    }
}
