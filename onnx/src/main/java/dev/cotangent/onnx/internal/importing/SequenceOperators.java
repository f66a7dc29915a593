package dev.cotangent.onnx.internal.importing;

import static dev.cotangent.onnx.internal.importing.Operators.add;
import static dev.cotangent.onnx.internal.importing.Operators.v;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.onnx.internal.proto.GraphProto;
import java.util.ArrayList;
import java.util.List;

/** Sequences and optional values. */
final class SequenceOperators {
    private SequenceOperators() {}

    static void register() {
        add("SequenceEmpty", v(11), c -> sequence(List.of()));
        add("SequenceConstruct", v(11), c -> sequence(c.from(0)));
        add(
                "SequenceAt",
                v(11),
                c -> Value.of(c.sequence(0).get(index(c, 1, c.sequence(0).size() - 1))));
        add("SequenceErase", v(11), c -> {
            List<Tensor> all = new ArrayList<>(c.sequence(0));
            all.remove(c.has(1) ? index(c, 1, all.size() - 1) : all.size() - 1);
            return sequence(all);
        });
        add("SequenceInsert", v(11), c -> {
            List<Tensor> all = new ArrayList<>(c.sequence(0));
            all.add(c.has(2) ? index(c, 2, all.size()) : all.size(), c.x(1));
            return sequence(all);
        });
        add(
                "SequenceLength",
                v(11),
                c -> Value.of(Tensors.tensor((long) c.sequence(0).size())));
        add("SequenceMap", v(17), SequenceOperators::map);
        add("SplitToSequence", v(11, 24), SequenceOperators::split);
        add("ConcatFromSequence", v(11), c -> {
            int axis = c.integer("axis", 0);
            boolean fresh = c.flag("new_axis", false);
            return Value.of(fresh ? Tensors.stack(c.sequence(0), axis) : Tensors.cat(c.sequence(0), axis));
        });
        add("Optional", v(15), c -> List.of(c.has(0) ? c.value(0) : new Value.None()));
        add(
                "OptionalHasElement",
                v(15, 18),
                c -> Value.of(Tensors.tensor(c.has(0) && !(c.value(0) instanceof Value.None))));
        add("OptionalGetElement", v(15, 18), c -> {
            if (c.value(0) instanceof Value.None) throw c.error("reads an optional without a value");
            return List.of(c.value(0));
        });
    }

    private static List<Value> sequence(List<Tensor> tensors) {
        return List.of(new Value.Sequence(List.copyOf(tensors)));
    }

    private static int index(Call c, int input, int last) {
        long i = c.integer(input);
        long at = i < 0 ? i + c.sequence(0).size() : i;
        if (at < 0 || at > last)
            throw c.error(
                    "has the index " + i + " of a sequence of " + c.sequence(0).size());
        return (int) at;
    }

    private static List<Value> split(Call c) {
        Tensor x = c.x(0);
        int axis = c.axis(c.i("axis", 0), x.dim());
        if (!c.has(1)) {
            List<Tensor> parts = x.split(1, axis);
            if (!c.flag("keepdims", true))
                parts = parts.stream().map(t -> t.squeeze(axis)).toList();
            return sequence(parts);
        }
        return sequence(c.x(1).dim() == 0 ? x.split(c.integer(1), axis) : x.split(c.longs(1), axis));
    }

    private static List<Value> map(Call c) {
        GraphProto body = c.graph("body");
        int steps = c.sequence(0).size();
        List<List<Tensor>> results = new ArrayList<>();
        for (int k = 0; k < body.outputs().size(); k++) results.add(new ArrayList<>());
        for (int i = 0; i < steps; i++) {
            List<Value> in = new ArrayList<>();
            for (int k = 0; k < c.count(); k++) {
                in.add(
                        c.value(k) instanceof Value.Sequence s
                                ? new Value.Single(s.tensors().get(i))
                                : c.value(k));
            }
            List<Value> out = c.run(body, in);
            for (int k = 0; k < out.size(); k++) {
                if (out.get(k) instanceof Value.Single s) results.get(k).add(s.tensor());
            }
        }
        return results.stream()
                .<Value>map(r -> new Value.Sequence(List.copyOf(r)))
                .toList();
    }
}
