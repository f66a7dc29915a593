package dev.cotangent.profiler;

/** What a profiler does in a step: PyTorch's {@code ProfilerAction}. */
public enum ProfilerAction {
    /** Records nothing. */
    NONE,
    /** Records, and drops the events. */
    WARMUP,
    /** Records. */
    RECORD,
    /** Records, and calls the handler at the end of the step. */
    RECORD_AND_SAVE
}
