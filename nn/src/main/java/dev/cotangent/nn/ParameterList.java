package dev.cotangent.nn;

import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Holds parameters in a list; PyTorch's {@code nn.ParameterList}. */
public final class ParameterList extends Module implements Iterable<Tensor> {
    private final List<Tensor> items = new ArrayList<>();

    /** Creates a list of parameters of these values. */
    public ParameterList(Tensor... values) {
        for (Tensor t : values) append(t);
    }

    /** Adds a parameter at the end; {@code append}. */
    public ParameterList append(Tensor value) {
        items.add(registerParameter(Integer.toString(items.size()), value));
        return this;
    }

    /** Returns a parameter; negative indices count from the end. */
    public Tensor get(int index) {
        return Items.get(items, index);
    }

    /** Returns the number of parameters. */
    public int size() {
        return items.size();
    }

    @Override
    public Iterator<Tensor> iterator() {
        return List.copyOf(items).iterator();
    }

    @Override
    protected String extraRepr() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            lines.add("  (" + i + "): "
                    + line(items.get(i), "torch." + items.get(i).dtype().torchName()));
        }
        return String.join("\n", lines);
    }

    static String line(Tensor p, String type) {
        List<String> sizes = new ArrayList<>();
        for (long s : p.shape().toArray()) sizes.add(Long.toString(s));
        String device = p.device().isCpu() ? "" : " (" + p.device() + ")";
        return "Parameter containing: [" + type + " of size " + String.join("x", sizes) + device + "]";
    }
}
