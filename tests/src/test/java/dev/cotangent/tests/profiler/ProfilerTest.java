package dev.cotangent.tests.profiler;

import static dev.cotangent.Tensors.ones;
import static dev.cotangent.Tensors.tensor;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Fusion;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.autograd.Context;
import dev.cotangent.autograd.Function;
import dev.cotangent.internal.fusion.FusionPolicy;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.ReLU;
import dev.cotangent.nn.Sequential;
import dev.cotangent.optim.SGD;
import dev.cotangent.profiler.KeyAverages;
import dev.cotangent.profiler.Profiler;
import dev.cotangent.profiler.ProfilerAction;
import dev.cotangent.profiler.ProfilerEvent;
import dev.cotangent.profiler.Schedule;
import dev.cotangent.profiler.SortKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The profiler records all threads, so nothing else runs in this JVM meanwhile. */
@Isolated
class ProfilerTest {
    private static final String EVALUATE = "autograd::engine::evaluate_function: ";

    private static final class Doubled extends Function {
        @Override
        protected Tensor[] forward(Context ctx, Tensor... in) {
            return new Tensor[] {in[0].mul(2)};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
            throw new IllegalStateException("no backward");
        }
    }

    private static ProfilerEvent only(List<ProfilerEvent> events, String name) {
        List<ProfilerEvent> found =
                events.stream().filter(e -> e.name().equals(name)).toList();
        assertEquals(
                1,
                found.size(),
                () -> name + " in " + events.stream().map(ProfilerEvent::name).toList());
        return found.getFirst();
    }

    private static boolean contains(ProfilerEvent outer, ProfilerEvent inner) {
        return outer.threadId() == inner.threadId()
                && outer.start() <= inner.start()
                && inner.start() + inner.duration() <= outer.start() + outer.duration();
    }

    @Test
    void operationsNestAndBackwardIsLinkedToForward() {
        Tensor x = ones(3, 4).requiresGrad_();
        Tensor w = ones(4, 2);
        Profiler p = Profiler.start(Profiler.options().recordShapes());
        try (p) {
            try (var _ = Profiler.recordFunction("model")) {
                x.mm(w).relu().sum().backward();
            }
        }
        x.mul(2);
        List<ProfilerEvent> events = p.events();
        assertTrue(events.stream().noneMatch(e -> e.name().equals("aten::mul")), "after the end");
        ProfilerEvent model = only(events, "model");
        assertEquals(ProfilerEvent.Kind.USER, model.kind());
        assertTrue(model.isTopLevel());
        assertEquals(model, events.getFirst());
        assertTrue(events.stream().skip(1).allMatch(e -> contains(model, e) && !e.isTopLevel()));
        assertEquals(
                model.duration(),
                events.stream().mapToLong(ProfilerEvent::selfDuration).sum());

        ProfilerEvent relu = only(events, "aten::relu");
        assertEquals(List.of(List.of(3L, 2L)), relu.inputShapes());
        ProfilerEvent node = only(events, "ReluBackward0");
        assertEquals(relu.sequence(), node.sequence());
        assertTrue(contains(only(events, EVALUATE + "ReluBackward0"), node));
        ProfilerEvent mm = events.stream()
                .filter(e -> e.name().equals("aten::mm"))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of(List.of(3L, 4L), List.of(4L, 2L)), mm.inputShapes());
        assertEquals(only(events, "MmBackward0").sequence(), mm.sequence());
        only(events, "torch::autograd::AccumulateGrad");
        // Forward, and the gradient of x.
        assertEquals(2, p.keyAverages().get("aten::mm").count());
        assertEquals(
                List.of(1L, 1L),
                p.keyAverages(true).rows().stream()
                        .filter(r -> r.key().equals("aten::mm"))
                        .map(r -> r.count())
                        .toList());
    }

    @Test
    void tableIsLaidOutAsPyTorchs() {
        Profiler p = Profiler.start(Profiler.options().profileMemory());
        try (p) {
            Tensor x = ones(256, 2);
            x.add(1).add(2).sum();
        }
        KeyAverages rows = p.keyAverages();
        // float32: 512 elements are 2 KB.
        assertEquals(2048, rows.get("aten::ones").cpuMemoryUsage());
        assertEquals(4096, rows.get("aten::add").selfCpuMemoryUsage());
        String table = rows.table(
                KeyAverages.options().sortBy(SortKey.COUNT).rowLimit(1).header("adds"));
        String[] lines = table.split("\n");
        int width = "aten::ones".length() + 4;
        String rule = "-".repeat(width) + "  " + ("-".repeat(12) + "  ").repeat(8);
        assertEquals("=".repeat(rule.length() - 2), lines[0]);
        assertEquals("adds", lines[1]);
        assertEquals(rule, lines[2]);
        assertEquals(
                " ".repeat(width - 4) + "Name    Self CPU %      Self CPU   CPU total %     CPU total  CPU time avg"
                        + "       CPU Mem  Self CPU Mem    # of Calls  ",
                lines[3]);
        assertTrue(lines[5].startsWith(" ".repeat(width - 9) + "aten::add  "), lines[5]);
        assertTrue(lines[5].endsWith("       4.00 KB       4.00 KB             2  "), lines[5]);
        assertTrue(lines[7].startsWith("Self CPU time total: "), table);
        assertEquals(8, lines.length, table);
        assertEquals(SortKey.SELF_CPU_TIME_TOTAL, SortKey.of("self_cpu_time_total"));
        assertThrows(ValueException.class, () -> SortKey.of("time"));
    }

    @Test
    void scheduleRecordsItsSteps() {
        List<String> ready = new ArrayList<>();
        var options = Profiler.options()
                .schedule(Schedule.of(1, 1, 2).repeat(2).skipFirst(1))
                .onTraceReady(p -> ready.add(
                        p.stepNumber() + ":" + p.keyAverages().get("aten::neg").count()));
        List<ProfilerAction> actions = new ArrayList<>();
        Profiler p = Profiler.start(options);
        try (p) {
            for (int i = 0; i < 11; i++) {
                actions.add(p.currentAction());
                tensor(1.0).neg();
                p.step();
            }
        }
        ProfilerAction none = ProfilerAction.NONE;
        ProfilerAction warmup = ProfilerAction.WARMUP;
        ProfilerAction record = ProfilerAction.RECORD;
        ProfilerAction save = ProfilerAction.RECORD_AND_SAVE;
        assertEquals(List.of(none, none, warmup, record, save, none, warmup, record, save, none, none), actions);
        assertEquals(List.of("5:2", "9:2"), ready);
        only(p.events(), "ProfilerStep#7");
        assertThrows(ValueException.class, () -> Schedule.of(1, 1, 0));
        assertThrows(CotangentException.class, p::step);
    }

    @Test
    void trainingShowsModulesFunctionsAndOptimisers() {
        var model = new Sequential(new Linear(4, 3), new ReLU());
        var optimizer = new SGD(model.parameters(), 0.1);
        Profiler p = Profiler.start(Profiler.options().withModules());
        try (p) {
            optimizer.zeroGrad();
            model.call(ones(2, 4)).sum().backward();
            optimizer.step();
            new Doubled().apply(ones(2));
        }
        List<ProfilerEvent> events = p.events();
        assertTrue(contains(only(events, "nn.Module: Sequential"), only(events, "nn.Module: Linear")));
        only(events, "Optimizer.step#SGD.step");
        only(events, "Optimizer.zero_grad#SGD.zero_grad");
        assertTrue(contains(only(events, "Doubled"), only(events, "aten::mul")));
        Profiler without = Profiler.start();
        try (without) {
            model.call(ones(2, 4));
        }
        assertEquals(0, without.keyAverages().get("nn.Module: Linear").count());
    }

    @Test
    void errorsCloseTheRangesTheyLeave() {
        Profiler p = Profiler.start();
        try (p) {
            assertThrows(CotangentException.class, () -> ones(2, 3).mm(ones(2, 3)));
            Tensor y = new Doubled().apply(ones(2).requiresGrad_());
            assertThrows(IllegalStateException.class, () -> y.sum().backward());
            ones(2).neg();
            assertThrows(CotangentException.class, Profiler::start);
        }
        assertTrue(only(p.events(), "aten::neg").isTopLevel());
        // A new profiler can start.
        Profiler.start().close();
    }

    @Test
    void threadsAreToldApart() throws InterruptedException {
        Profiler p = Profiler.start();
        try (p) {
            ones(2).neg();
            Thread other = new Thread(() -> ones(2).neg(), "other \"thread\"");
            other.start();
            other.join();
        }
        List<String> names = p.events().stream()
                .filter(e -> e.name().equals("aten::neg"))
                .map(ProfilerEvent::threadName)
                .toList();
        assertEquals(List.of(Thread.currentThread().getName(), "other \"thread\""), names);
    }

    @Test
    void deferredOperationsAreTimedWhereTheyAreComputed() {
        Tensor x = ones(100_000);
        long before = FusionPolicy.minElements();
        Fusion.on();
        Profiler p = Profiler.start();
        try (p) {
            x.mul(2).add(1).exp().sum().item();
        } finally {
            FusionPolicy.setMinElements(before);
        }
        List<String> fused = p.events().stream()
                .filter(e -> e.kind() == ProfilerEvent.Kind.FUSED)
                .map(ProfilerEvent::name)
                .toList();
        assertEquals(1, fused.size(), fused.toString());
        assertTrue(fused.getFirst().startsWith("fused::mul_add_exp"), fused.toString());
        assertEquals(1, p.keyAverages().get("aten::exp").count());
    }

    @Test
    void chromeTraceHasEventsAndArrows(@TempDir Path folder) throws IOException {
        Tensor x = ones(3).requiresGrad_();
        Path file = folder.resolve("trace.json");
        Profiler p = Profiler.start(Profiler.options().recordShapes().profileMemory());
        try (p) {
            x.exp().sum().backward();
        }
        p.exportChromeTrace(file);
        JsonNode all = JsonMapper.shared().readTree(Files.readString(file)).get("traceEvents");
        JsonNode exp = named(all, "X", "aten::exp").getFirst();
        JsonNode args = exp.get("args");
        assertEquals("cpu_op", exp.get("cat").asString());
        assertEquals("[[3]]", args.get("Input Dims").toString());
        long id = args.get("Sequence number").asLong();
        JsonNode node = named(all, "X", "ExpBackward0").getFirst();
        assertEquals(id, node.get("args").get("Sequence number").asLong());
        for (String phase : List.of("s", "f")) {
            assertEquals(
                    1,
                    named(all, phase, "fwdbwd").stream()
                            .filter(e -> e.get("id").asLong() == id)
                            .count());
        }
        assertFalse(named(all, "i", "[memory]").isEmpty());
        assertFalse(named(all, "M", "thread_name").isEmpty());
    }

    private static List<JsonNode> named(JsonNode events, String phase, String name) {
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode e : events) {
            if (e.get("ph").asString().equals(phase) && e.get("name").asString().equals(name)) found.add(e);
        }
        return found;
    }

    @Test
    void flightRecorderHasTheEvents(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("events.jfr");
        Profiler p;
        try (Recording recording = new Recording()) {
            recording.enable("dev.cotangent.Operation").withoutThreshold();
            recording.start();
            p = Profiler.start(Profiler.options().recordShapes().flightRecorderOnly());
            try (p) {
                ones(2, 3).neg();
            }
            recording.stop();
            recording.dump(file);
        }
        assertEquals(List.of(), p.events());
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        RecordedEvent neg = events.stream()
                .filter(e -> e.getEventType().getName().equals("dev.cotangent.Operation"))
                .filter(e -> e.getString("operation").equals("aten::neg"))
                .findFirst()
                .orElseThrow();
        assertEquals("[[2, 3]]", neg.getString("inputShapes"));
        assertEquals("OPERATION", neg.getString("kind"));
        assertFalse(neg.getDuration().isNegative());
    }
}
