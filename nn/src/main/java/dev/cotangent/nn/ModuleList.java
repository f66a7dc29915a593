package dev.cotangent.nn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/** Holds modules in a list, for a module that calls them itself; PyTorch's {@code nn.ModuleList}. */
public final class ModuleList extends Module implements Iterable<Module> {
    /** Creates a list of modules. */
    public ModuleList(Module... modules) {
        this(List.of(modules));
    }

    /** Creates a list of modules. */
    public ModuleList(List<? extends Module> modules) {
        extend(modules);
    }

    /** Adds a module at the end; {@code append}. */
    public ModuleList append(Module module) {
        registerModule(Integer.toString(size()), module);
        return this;
    }

    /** Adds modules at the end; {@code extend}. */
    public ModuleList extend(List<? extends Module> modules) {
        modules.forEach(this::append);
        return this;
    }

    /** Returns a module; negative indices count from the end. */
    public Module get(int index) {
        return Items.get(List.copyOf(children()), index);
    }

    /** Puts another module in the place of one. */
    public void set(int index, Module module) {
        get(index);
        replaceModule(Integer.toString(index < 0 ? index + size() : index), module);
    }

    /** Returns the number of modules. */
    public int size() {
        return namedChildren().size();
    }

    @Override
    public Iterator<Module> iterator() {
        return children().iterator();
    }

    /** Writes equal modules in a row once, with their number, as PyTorch does. */
    @Override
    List<String> childLines() {
        List<String> texts = children().stream().map(Module::toString).toList();
        List<String> lines = new ArrayList<>();
        int from = 0;
        while (from < texts.size()) {
            int to = from;
            while (to + 1 < texts.size() && texts.get(to + 1).equals(texts.get(from))) to++;
            String name = from == to ? "(" + from + "): " : "(" + from + "-" + to + "): " + (to - from + 1) + " x ";
            lines.add(name + indented(texts.get(from)));
            from = to + 1;
        }
        return Collections.unmodifiableList(lines);
    }
}
