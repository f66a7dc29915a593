package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.add;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.onnx.internal.proto.GraphProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Branches and loops. */
final class ControlOperators {
    private ControlOperators() {}

    static void register() {
        add(
                "If",
                v(1, 11, 13, 16, 19, 21, 23, 24, 25),
                c -> c.run(c.graph(c.x(0).reshape(-1).itemBoolean() ? "then_branch" : "else_branch"), List.of()));
        add("Loop", v(1, 11, 13, 16, 19, 21, 23, 24, 25), ControlOperators::loop);
        add("Scan", v(9, 11, 16, 19, 21, 23, 24, 25), ControlOperators::scan);
    }

    private static List<Value> loop(Call c) {
        GraphProto body = c.graph("body");
        long trips = c.has(0) ? c.integer(0) : Long.MAX_VALUE;
        boolean on = !c.has(1) || c.x(1).reshape(-1).itemBoolean();
        List<Value> carried = new ArrayList<>();
        for (int i = 2; i < c.count(); i++) carried.add(c.value(i));
        int scans = body.outputs().size() - 1 - carried.size();
        if (scans < 0) throw c.error("has a body with too few outputs");
        List<List<Tensor>> collected = new ArrayList<>();
        for (int k = 0; k < scans; k++) collected.add(new ArrayList<>());
        for (long i = 0; i < trips && on; i++) {
            List<Value> in = new ArrayList<>();
            in.add(new Value.Single(Tensors.tensor(i)));
            in.add(new Value.Single(Tensors.tensor(true)));
            in.addAll(carried);
            List<Value> out =
                    c.run(body, in.subList(0, Math.min(in.size(), body.inputs().size())));
            on = tensor(c, out.get(0)).reshape(-1).itemBoolean();
            for (int k = 0; k < carried.size(); k++) carried.set(k, out.get(1 + k));
            for (int k = 0; k < scans; k++) collected.get(k).add(tensor(c, out.get(1 + carried.size() + k)));
        }
        List<Value> results = new ArrayList<>(carried);
        for (int k = 0; k < scans; k++) {
            List<Tensor> parts = collected.get(k);
            if (parts.isEmpty()) throw c.error("made no step, so that the shape of an output is not known");
            results.add(new Value.Single(Tensors.stack(parts)));
        }
        return results;
    }

    private static Tensor tensor(Call c, Value v) {
        if (v instanceof Value.Single s) return s.tensor();
        throw c.error("has a body with an output that should be a tensor");
    }

    private static List<Value> scan(Call c) {
        GraphProto body = c.graph("body");
        int inputs = c.integer("num_scan_inputs", 0);
        int states = c.count() - inputs;
        if (inputs < 1 || states < 0) throw c.error("scans " + inputs + " of " + c.count() + " inputs");
        int outputs = body.outputs().size() - states;
        long[] inAxes = or(c.ints("scan_input_axes"), inputs);
        long[] inBack = or(c.ints("scan_input_directions"), inputs);
        long[] outAxes = or(c.ints("scan_output_axes"), outputs);
        long[] outBack = or(c.ints("scan_output_directions"), outputs);
        List<Value> carried = new ArrayList<>();
        for (int i = 0; i < states; i++) carried.add(c.value(i));
        List<List<Tensor>> collected = new ArrayList<>();
        for (int k = 0; k < outputs; k++) collected.add(new ArrayList<>());
        long steps = c.x(states).size(c.axis(inAxes[0], c.x(states).dim()));
        for (long i = 0; i < steps; i++) {
            List<Value> in = new ArrayList<>(carried);
            for (int k = 0; k < inputs; k++) {
                Tensor x = c.x(states + k);
                in.add(new Value.Single(x.select(c.axis(inAxes[k], x.dim()), inBack[k] == 1 ? steps - 1 - i : i)));
            }
            List<Value> out = c.run(body, in);
            for (int k = 0; k < states; k++) carried.set(k, out.get(k));
            for (int k = 0; k < outputs; k++) collected.get(k).add(tensor(c, out.get(states + k)));
        }
        List<Value> results = new ArrayList<>(carried);
        for (int k = 0; k < outputs; k++) {
            List<Tensor> parts = collected.get(k);
            if (parts.isEmpty()) throw c.error("made no step, so that the shape of an output is not known");
            if (outBack[k] == 1) Collections.reverse(parts);
            results.add(new Value.Single(
                    Tensors.stack(parts, c.axis(outAxes[k], parts.getFirst().dim() + 1))));
        }
        return results;
    }

    private static long[] or(long @org.jspecify.annotations.Nullable [] given, int count) {
        return given == null ? new long[count] : given;
    }
}
