package dev.cotangent.profiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes events in the trace event format of Chrome, which Perfetto opens, with the names of PyTorch's traces. */
final class ChromeTrace {
    private static final long PID = ProcessHandle.current().pid();

    private final Writer out;
    private boolean first = true;

    private ChromeTrace(Writer out) {
        this.out = out;
    }

    static void write(Path file, List<ProfilerEvent> events, List<Recorder.Allocation> allocations) {
        try (Writer out = Files.newBufferedWriter(file)) {
            new ChromeTrace(out).write(events, allocations);
        } catch (IOException e) {
            throw new UncheckedIOException("the trace cannot be written to " + file, e);
        }
    }

    private void write(List<ProfilerEvent> events, List<Recorder.Allocation> allocations) throws IOException {
        out.write("{\"schemaVersion\": 1, \"displayTimeUnit\": \"ms\", \"traceEvents\": [");
        event("\"ph\": \"M\", \"name\": \"process_name\", \"tid\": 0, \"args\": {\"name\": \"java\"}");
        Map<Long, String> threads = new LinkedHashMap<>();
        for (ProfilerEvent e : events) threads.put(e.threadId(), e.threadName());
        for (Map.Entry<Long, String> t : threads.entrySet()) {
            event("\"ph\": \"M\", \"name\": \"thread_name\", \"tid\": " + t.getKey() + ", \"args\": {\"name\": "
                    + quoted(t.getValue()) + "}");
        }
        // The innermost operation that recorded a node is the one whose range has its number.
        Map<Long, ProfilerEvent> forward = new HashMap<>();
        for (ProfilerEvent e : events) {
            if (e.sequence() >= 0 && e.kind() != ProfilerEvent.Kind.NODE) forward.put(e.sequence(), e);
        }
        Map<Long, Boolean> linked = new HashMap<>();
        for (int i = 0; i < events.size(); i++) {
            ProfilerEvent e = events.get(i);
            ProfilerEvent source = e.kind() == ProfilerEvent.Kind.NODE ? forward.get(e.sequence()) : null;
            event(complete(e, i, source));
            if (source == null || linked.put(e.sequence(), true) != null) continue;
            event(flow("s", e.sequence(), source));
            event(flow("f", e.sequence(), e) + ", \"bp\": \"e\"");
        }
        for (Recorder.Allocation a : allocations) {
            event("\"ph\": \"i\", \"cat\": \"cpu_instant_event\", \"s\": \"t\", \"name\": \"[memory]\", \"tid\": "
                    + a.threadId() + ", \"ts\": " + micros(a.time()) + ", \"args\": {\"Total Allocated\": " + a.total()
                    + ", \"Bytes\": " + a.bytes() + ", \"Device Type\": " + (a.onHost() ? 0 : 1) + "}");
        }
        out.write("\n]}\n");
    }

    private static String complete(ProfilerEvent e, int id, @Nullable ProfilerEvent source) {
        StringBuilder text = new StringBuilder("\"ph\": \"X\", \"cat\": \"")
                .append(e.kind() == ProfilerEvent.Kind.USER ? "user_annotation" : "cpu_op")
                .append("\", \"name\": ")
                .append(quoted(e.name()))
                .append(", \"tid\": ")
                .append(e.threadId())
                .append(", \"ts\": ")
                .append(micros(e.start()))
                .append(", \"dur\": ")
                .append(micros(e.duration()))
                .append(", \"args\": {\"External id\": ")
                .append(id + 1);
        if (e.sequence() >= 0) text.append(", \"Sequence number\": ").append(e.sequence());
        if (source != null) text.append(", \"Fwd thread id\": ").append(source.threadId());
        if (!e.inputShapes().isEmpty()) text.append(", \"Input Dims\": ").append(e.inputShapes());
        if (e.hostMemory() != 0) text.append(", \"Bytes\": ").append(e.hostMemory());
        return text.append('}').toString();
    }

    private static String flow(String phase, long id, ProfilerEvent at) {
        return "\"ph\": \"" + phase + "\", \"id\": " + id + ", \"tid\": " + at.threadId() + ", \"ts\": "
                + micros(at.start()) + ", \"cat\": \"fwdbwd\", \"name\": \"fwdbwd\"";
    }

    private void event(String fields) throws IOException {
        out.write(first ? "\n{\"pid\": " : ",\n{\"pid\": ");
        first = false;
        out.write(PID + ", " + fields + "}");
    }

    private static String micros(long nanoseconds) {
        return String.format(Locale.ROOT, "%d.%03d", nanoseconds / 1000, nanoseconds % 1000);
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c < ' ') out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            else out.append(c);
        }
        return out.append('"').toString();
    }
}
