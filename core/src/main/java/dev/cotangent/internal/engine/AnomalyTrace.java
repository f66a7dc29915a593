package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Anomaly;
import dev.cotangent.internal.Logs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Records and reports the forward traces of anomaly mode. */
final class AnomalyTrace {
    private static final Logger LOG = Logs.of(Anomaly.class);

    private AnomalyTrace() {}

    /** Returns a node's forward trace; its cause is the trace of the node whose backward recorded it. */
    static Throwable of(String name) {
        Engine run = Engine.current();
        GraphNode parent = run == null ? null : run.running();
        if (parent == null) return new Throwable("forward call of " + name);
        return new Throwable("forward call of " + name + ", made by the backward of " + parent.name(), parent.trace());
    }

    /** Appends the node's forward trace, if recorded, to an error of a backward pass, and warns. */
    static void report(GraphNode node, RuntimeException e) {
        Throwable trace = node.trace();
        if (trace == null) return;
        String induced =
                trace.getCause() == null ? "" : " Its cause is the forward call that induced the previous calculation.";
        LOG.warn(
                "Error detected in {}. Traceback of forward call that caused the error:{}",
                node.name(),
                induced,
                trace);
        e.addSuppressed(trace);
    }

    /** Throws PyTorch's error if a gradient that a node returned contains a NaN. */
    static void checkNan(GraphNode node, @Nullable Tensor[] results) {
        for (int i = 0; i < results.length; i++) {
            Tensor r = results[i];
            if (r == null || !r.ne(r).any().itemBoolean()) continue;
            CotangentException e = new CotangentException(
                    "Function '" + node.name() + "' returned nan values in its " + i + "th output.");
            report(node, e);
            throw e;
        }
    }
}
