package dev.cotangent.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Calls a module with other tensors in the place of its own. */
final class FunctionalCall {
    private FunctionalCall() {}

    static <T> T run(Module module, Map<String, Tensor> tensors, Supplier<T> call) {
        Map<Tensor, Tensor> given = new IdentityHashMap<>();
        Map<Tensor, String> names = new IdentityHashMap<>();
        tensors.forEach((name, by) -> {
            Tensor own = own(module, name);
            Tensor other = given.put(own, by);
            String otherName = names.put(own, name);
            if (other != null && other != by) {
                throw new ValueException("functional_call got multiple values for keys ['" + otherName + "', '" + name
                        + "'], which are tied. Consider using tie_weights=False. In Java: give one of them.");
            }
        });
        // A tensor of the module that takes another's place keeps its memory and history in a view.
        given.replaceAll((own, by) -> own != by && given.containsKey(by) ? by.viewAs(by) : by);
        List<Runnable> undo = new ArrayList<>();
        try {
            given.forEach((own, by) -> {
                if (own != by) undo.add(Internals.substitute(own, by));
            });
            T result = call.get();
            // A parameter that is returned as it is stands for the given tensor no longer than this call.
            if (!(result instanceof Tensor t) || !given.containsKey(t)) return result;
            @SuppressWarnings("unchecked")
            T by = (T) given.get(t);
            return by;
        } finally {
            undo.forEach(Runnable::run);
        }
    }

    private static Tensor own(Module module, String name) {
        int dot = name.lastIndexOf('.');
        Module owner = module.getSubmodule(dot < 0 ? "" : name.substring(0, dot));
        Tensor own = owner.ownTensor(name.substring(dot + 1));
        if (own != null) return own;
        throw new CotangentException("'" + owner.getClass().getSimpleName() + "' object has no attribute '"
                + name.substring(dot + 1) + "'. Its parameters and buffers are "
                + owner.namedParameters().keySet()
                + " and " + owner.namedBuffers().keySet());
    }
}
