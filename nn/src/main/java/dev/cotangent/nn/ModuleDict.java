package dev.cotangent.nn;

import dev.cotangent.CotangentException;
import java.util.Map;

/** Holds modules by name, in order, for a module that calls them itself; PyTorch's {@code nn.ModuleDict}. */
public final class ModuleDict extends Module {
    /** Creates an empty one. */
    public ModuleDict() {}

    /** Creates one of these modules, in the map's order. */
    public ModuleDict(Map<String, ? extends Module> modules) {
        modules.forEach(this::put);
    }

    /** Adds a module, or puts it in the place of the one of that name. */
    public ModuleDict put(String name, Module module) {
        replaceModule(name, module);
        return this;
    }

    /** Returns the module of a name. */
    public Module get(String name) {
        Module found = namedChildren().get(name);
        if (found == null) {
            throw new CotangentException("'" + name + "': no module of this name, only "
                    + namedChildren().keySet());
        }
        return found;
    }

    /** Takes a module out and returns it; {@code pop}. */
    public Module pop(String name) {
        Module found = get(name);
        removeModule(name);
        return found;
    }

    /** Returns the number of modules. */
    public int size() {
        return namedChildren().size();
    }
}
