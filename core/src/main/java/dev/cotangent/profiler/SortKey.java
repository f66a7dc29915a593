package dev.cotangent.profiler;

import dev.cotangent.ValueException;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.ToLongFunction;

/** A column by which a table is sorted, the largest first: PyTorch's {@code sort_by}. */
public enum SortKey {
    /** Time, nested events included. */
    CPU_TIME_TOTAL(FunctionEventAvg::cpuTimeTotal),
    /** Time without nested events. */
    SELF_CPU_TIME_TOTAL(FunctionEventAvg::selfCpuTimeTotal),
    /** Mean time of a call. */
    CPU_TIME(FunctionEventAvg::cpuTime),
    /** Memory of the host, nested events included. */
    CPU_MEMORY_USAGE(FunctionEventAvg::cpuMemoryUsage),
    /** Memory of the host without nested events. */
    SELF_CPU_MEMORY_USAGE(FunctionEventAvg::selfCpuMemoryUsage),
    /** Memory of other devices, nested events included. */
    DEVICE_MEMORY_USAGE(FunctionEventAvg::deviceMemoryUsage),
    /** Memory of other devices without nested events. */
    SELF_DEVICE_MEMORY_USAGE(FunctionEventAvg::selfDeviceMemoryUsage),
    /** Number of calls. */
    COUNT(FunctionEventAvg::count);

    private final ToLongFunction<FunctionEventAvg> value;

    SortKey(ToLongFunction<FunctionEventAvg> value) {
        this.value = value;
    }

    long of(FunctionEventAvg row) {
        return value.applyAsLong(row);
    }

    /** Returns the column of PyTorch's name, such as {@code "self_cpu_time_total"}; throws if there is none. */
    public static SortKey of(String text) {
        for (SortKey key : values()) if (key.name().toLowerCase(Locale.ROOT).equals(text)) return key;
        throw new ValueException("'FunctionEventAvg' object has no attribute '" + text
                + "'. The columns to sort by are " + Arrays.toString(values()).toLowerCase(Locale.ROOT));
    }
}
