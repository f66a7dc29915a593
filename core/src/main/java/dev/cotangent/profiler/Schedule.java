package dev.cotangent.profiler;

import dev.cotangent.ValueException;

/**
 * Which steps a profiler records: PyTorch's {@code torch.profiler.schedule}. After {@code skipFirst} steps a cycle of
 * {@code wait} steps without, {@code warmup} steps with dropped and {@code active} steps with kept events is repeated.
 * Immutable; each method returns a changed schedule.
 *
 * @param waiting steps of a cycle in which nothing is recorded
 * @param warmup steps of a cycle of which events are dropped
 * @param active steps of a cycle of which events are kept, at least 1
 * @param repeat number of cycles; 0 for no end
 * @param skipFirst steps before the first cycle
 */
public record Schedule(int waiting, int warmup, int active, int repeat, int skipFirst) {
    /** Creates a schedule; throws a {@link ValueException} if a number is negative or {@code active} is 0. */
    public Schedule {
        if (waiting < 0 || warmup < 0 || repeat < 0 || skipFirst < 0 || active <= 0) {
            throw new ValueException("Invalid profiler schedule arguments: wait, warmup, repeat and skipFirst are not"
                    + " negative, active is positive, but got wait=" + waiting + ", warmup=" + warmup + ", active="
                    + active
                    + ", repeat=" + repeat + ", skipFirst=" + skipFirst);
        }
    }

    /** Creates a schedule of endless cycles. */
    public static Schedule of(int waiting, int warmup, int active) {
        return new Schedule(waiting, warmup, active, 0, 0);
    }

    /** Sets the number of cycles; 0 for no end. */
    public Schedule repeat(int cycles) {
        return new Schedule(waiting, warmup, active, cycles, skipFirst);
    }

    /** Sets the number of steps before the first cycle. */
    public Schedule skipFirst(int steps) {
        return new Schedule(waiting, warmup, active, repeat, steps);
    }

    /** Returns what is done in a step, counted from 0. */
    public ProfilerAction action(long step) {
        long at = step - skipFirst;
        long cycle = (long) waiting + warmup + active;
        if (at < 0 || repeat > 0 && at / cycle >= repeat) return ProfilerAction.NONE;
        long position = at % cycle;
        if (position < waiting) return ProfilerAction.NONE;
        if (position < waiting + warmup) return ProfilerAction.WARMUP;
        return position < cycle - 1 ? ProfilerAction.RECORD : ProfilerAction.RECORD_AND_SAVE;
    }
}
