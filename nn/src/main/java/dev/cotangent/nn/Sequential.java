package dev.cotangent.nn;

import dev.cotangent.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Calls modules in sequence; PyTorch's {@code nn.Sequential}. */
public final class Sequential extends Module {
    /** Creates a chain of modules, named by their index: "0", "1" and so on. */
    public Sequential(Module... modules) {
        for (Module m : modules) append(m);
    }

    /** Creates a chain of modules with names of their own, in the map's order; see {@link LinkedHashMap}. */
    public Sequential(Map<String, ? extends Module> modules) {
        modules.forEach(this::registerModule);
    }

    /** Adds a module at the end; {@code append}. */
    public Sequential append(Module module) {
        registerModule(Integer.toString(namedChildren().size()), module);
        return this;
    }

    /** Returns the module of an index; negative counts from the end. */
    public Module get(int index) {
        return Items.get(List.copyOf(children()), index);
    }

    /** Returns the number of modules. */
    public int size() {
        return namedChildren().size();
    }

    @Override
    public Tensor forward(Tensor input) {
        Tensor x = input;
        for (Module m : children()) x = m.call(x);
        return x;
    }
}
