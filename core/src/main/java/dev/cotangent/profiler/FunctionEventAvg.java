package dev.cotangent.profiler;

import java.util.List;

/**
 * All events of one name, or of one name and the same shapes of inputs: a row of PyTorch's {@code key_averages}. Times are in
 * nanoseconds, memory is in bytes.
 *
 * @param key the events' name
 * @param inputShapes the shapes of the inputs, if the rows are grouped by them; otherwise empty
 * @param count number of events
 * @param cpuTimeTotal time of the events; one within another of its name is counted once
 * @param selfCpuTimeTotal time of the events without nested ones
 * @param cpuMemoryUsage memory of the host that was allocated, less what was freed
 * @param selfCpuMemoryUsage memory of the host without nested events
 * @param deviceMemoryUsage memory of other devices
 * @param selfDeviceMemoryUsage memory of other devices without nested events
 */
public record FunctionEventAvg(
        String key,
        List<List<Long>> inputShapes,
        long count,
        long cpuTimeTotal,
        long selfCpuTimeTotal,
        long cpuMemoryUsage,
        long selfCpuMemoryUsage,
        long deviceMemoryUsage,
        long selfDeviceMemoryUsage) {
    /** Copies the lists. */
    public FunctionEventAvg {
        inputShapes = List.copyOf(inputShapes);
    }

    /** Returns the mean time of an event, nested ones included. */
    public long cpuTime() {
        return count == 0 ? 0 : cpuTimeTotal / count;
    }

    FunctionEventAvg plus(ProfilerEvent e) {
        boolean again = e.isRecursive();
        return new FunctionEventAvg(
                key,
                inputShapes,
                count + 1,
                cpuTimeTotal + (again ? 0 : e.duration()),
                selfCpuTimeTotal + e.selfDuration(),
                cpuMemoryUsage + (again ? 0 : e.hostMemory()),
                selfCpuMemoryUsage + e.selfHostMemory(),
                deviceMemoryUsage + (again ? 0 : e.deviceMemory()),
                selfDeviceMemoryUsage + e.selfDeviceMemory());
    }
}
