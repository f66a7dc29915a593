package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Anomaly;
import dev.cotangent.internal.Logs;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** Traces and reports of anomaly mode. */
final class AnomalyTrace {
    private static final Logger LOG = Logs.of(Anomaly.class);

    private AnomalyTrace() {}

    /** Returns where a node comes from; its cause is the same of the node whose backward made it. */
    static Throwable of(String name) {
        Engine run = Engine.current();
        GraphNode parent = run == null ? null : run.running();
        if (parent == null) return new Throwable("forward call of " + name);
        return new Throwable("forward call of " + name + ", made by the backward of " + parent.name(), parent.trace());
    }

    /** Adds to an error of a backward pass the forward call of the node, if it is known, and warns. */
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

    /** Throws PyTorch's error if a gradient that a node returned has a NaN. */
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
