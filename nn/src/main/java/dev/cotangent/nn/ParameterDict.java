package dev.cotangent.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Holds parameters by name, in order; PyTorch's {@code nn.ParameterDict}. */
public final class ParameterDict extends Module {
    private final Map<String, Tensor> items = new LinkedHashMap<>();

    /** Creates an empty one. */
    public ParameterDict() {}

    /** Creates one of parameters of these values, in the map's order. */
    public ParameterDict(Map<String, Tensor> values) {
        values.forEach(this::put);
    }

    /** Adds a parameter, or puts it in the place of the one of that name. */
    public ParameterDict put(String name, Tensor value) {
        items.put(name, replaceParameter(name, value));
        return this;
    }

    /** Returns the parameter of a name. */
    public Tensor get(String name) {
        Tensor found = items.get(name);
        if (found == null) {
            throw new CotangentException("'" + name + "': no parameter of this name, only " + items.keySet());
        }
        return found;
    }

    /** Returns the number of parameters. */
    public int size() {
        return items.size();
    }

    @Override
    protected String extraRepr() {
        List<String> lines = new ArrayList<>();
        items.forEach((name, p) -> lines.add("  (" + name + "): " + ParameterList.line(p, p.type())));
        return String.join("\n", lines);
    }
}
