package dev.cotangent.profiler;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/** The profiler's event in recordings of Java's Flight Recorder; loaded only where there is the module {@code jdk.jfr}. */
@Name("dev.cotangent.Operation")
@Label("Tensor operation")
@Description("An operation, backward node or named range, recorded while a Profiler runs")
@Category("Cotangent")
@StackTrace(false)
final class OperationEvent extends Event {
    @Label("Operation")
    String operation = "";

    @Label("Kind")
    String kind = "";

    @Label("Input shapes")
    String inputShapes = "";

    @Label("Sequence number")
    @Description("The backward node that was recorded or run, -1 for none")
    long sequence = -1;

    @Label("Memory")
    @Description("Bytes allocated on the host, less those freed")
    long memory;

    /** Starts an event; null if no recording wants it. */
    static @Nullable Object started() {
        OperationEvent event = new OperationEvent();
        if (!event.isEnabled()) return null;
        event.begin();
        return event;
    }
}
