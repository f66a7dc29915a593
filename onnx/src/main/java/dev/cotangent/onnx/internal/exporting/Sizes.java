package dev.cotangent.onnx.internal.exporting;

import dev.cotangent.onnx.OnnxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds how integers of a model depend on sizes that vary, from traces with different sizes: the first with the sizes
 * given, one for each name with that size changed, and a last one with all changed further.
 */
final class Sizes {
    /**
     * An integer as a formula: {@code factor * product of the sizes + summand}.
     *
     * @param names of the sizes; empty for a constant
     */
    record Formula(long factor, List<String> names, long summand) {
        boolean isConstant() {
            return names.isEmpty();
        }

        private long at(Map<String, Long> sizes) {
            long product = factor;
            for (String n : names) product *= sizes.get(n);
            return product + summand;
        }
    }

    private final List<String> names;
    private final List<Map<String, Long>> traces;

    /**
     * Creates it.
     *
     * @param traces the sizes of each trace
     */
    Sizes(List<String> names, List<Map<String, Long>> traces) {
        this.names = names;
        this.traces = traces;
    }

    /** Returns the formula that gives these values in the traces, or null if none is found. */
    @Nullable
    Formula formula(long... values) {
        List<String> changed = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) if (values[1 + i] != values[0]) changed.add(names.get(i));
        Formula found = null;
        if (changed.isEmpty()) {
            found = new Formula(0, List.of(), values[0]);
        } else if (changed.size() == 1) {
            String name = changed.getFirst();
            int trace = 1 + names.indexOf(name);
            long step = traces.get(trace).get(name) - traces.getFirst().get(name);
            if ((values[trace] - values[0]) % step == 0) {
                long factor = (values[trace] - values[0]) / step;
                found = new Formula(
                        factor, changed, values[0] - factor * traces.getFirst().get(name));
            }
        } else {
            long product = 1;
            for (String n : changed) product *= traces.getFirst().get(n);
            if (values[0] % product == 0) found = new Formula(values[0] / product, changed, 0);
        }
        if (found == null) return null;
        for (int t = 0; t < traces.size(); t++) if (found.at(traces.get(t)) != values[t]) return null;
        return found;
    }

    /** Returns the formula of an integer that must have one. */
    Formula formula(String what, long... values) {
        Formula f = formula(values);
        if (f == null) {
            throw new OnnxException(what + " depends on the sizes " + names
                    + " in a way that is neither a multiple, nor a sum with a constant, nor a product: leave one of"
                    + " them out of the dynamic axes");
        }
        return f;
    }
}
