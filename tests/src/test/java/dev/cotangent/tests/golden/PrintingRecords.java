package dev.cotangent.tests.golden;

import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.PrintOptions;
import dev.cotangent.Tensor;
import dev.cotangent.internal.engine.GradientRule;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Printed text of tensors. */
final class PrintingRecords {
    private PrintingRecords() {}

    /** Runs a record, on the CPU: other devices print their names. */
    static @Nullable String run(JsonNode r) {
        Dtype dtype = Dtype.named(r.get("dtype").asString());
        if (dtype == null) throw new IllegalArgumentException("unknown dtype in " + r);
        Tensor t = HostTensor.of(dtype, Json.longs(r.get("shape")), Json.doubles(r.get("data")))
                .toTensor(Device.cpu());
        String node = Json.text(r, "grad_fn");
        if (!node.isEmpty()) {
            Tensor leaf = t.detach().requiresGrad_(true);
            t = GradientRule.of(node, t).input(leaf, g -> g).done();
        } else if (r.get("requires_grad").asBoolean()) {
            t.requiresGrad_(true);
        }
        PrintOptions before = PrintOptions.current();
        PrintOptions.set(options(r.path("options")));
        try {
            String text = t.toString();
            String expected = r.get("repr").asString();
            return text.equals(expected) ? null : "expected " + expected + ", got " + text;
        } finally {
            PrintOptions.set(before);
        }
    }

    private static PrintOptions options(JsonNode o) {
        PrintOptions all = switch (Json.text(o, "profile")) {
            case "short" -> PrintOptions.SHORT;
            case "full" -> PrintOptions.FULL;
            default -> PrintOptions.DEFAULT;
        };
        if (o.has("precision")) all = all.withPrecision(o.get("precision").asInt());
        if (o.has("threshold")) all = all.withThreshold(o.get("threshold").asLong());
        if (o.has("edgeitems")) all = all.withEdgeItems(o.get("edgeitems").asInt());
        if (o.has("linewidth")) all = all.withLineWidth(o.get("linewidth").asInt());
        return o.path("sci_mode").isBoolean()
                ? all.withSciMode(o.get("sci_mode").asBoolean())
                : all;
    }
}
