package dev.cotangent.io;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The globals that a pickle may name: the functions and types of Python that PyTorch's files of tensors need. None of
 * them is looked up or called as code; {@link PickleCalls} does in Java what each of them does.
 */
sealed interface PickleGlobal {
    /** A function or type that is called. */
    enum Callable implements PickleGlobal {
        ORDERED_DICT("collections.OrderedDict"),
        COUNTER("collections.Counter"),
        DEFAULT_DICT("collections.defaultdict"),
        DICT("builtins.dict"),
        LIST("builtins.list"),
        SET("builtins.set"),
        FROZENSET("builtins.frozenset"),
        INT("builtins.int"),
        FLOAT("builtins.float"),
        BYTEARRAY("builtins.bytearray"),
        ENCODE("_codecs.encode"),
        SIZE("torch.Size"),
        DEVICE("torch.device"),
        TENSOR("torch.Tensor"),
        TENSOR2("torch._tensor.Tensor"),
        PARAMETER("torch.nn.parameter.Parameter"),
        REBUILD_TENSOR("torch._utils._rebuild_tensor"),
        REBUILD_TENSOR_V2("torch._utils._rebuild_tensor_v2"),
        REBUILD_TENSOR_V3("torch._utils._rebuild_tensor_v3"),
        REBUILD_PARAMETER("torch._utils._rebuild_parameter"),
        REBUILD_PARAMETER_WITH_STATE("torch._utils._rebuild_parameter_with_state"),
        REBUILD_FROM_TYPE("torch._tensor._rebuild_from_type_v2");

        private final String name;

        Callable(String name) {
            this.name = name;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /**
     * The type of a storage.
     *
     * @param type of its elements; null if the tensors say what its bytes are
     */
    record StorageType(@Nullable ElementType type) implements PickleGlobal {}

    /** A dtype. */
    record Type(ElementType type) implements PickleGlobal {}

    /** Returns what a pickle names, or throws with the name. */
    static PickleGlobal find(String module, String name) {
        String python3 = module.equals("__builtin__") ? "builtins" : module;
        PickleGlobal found = Names.ALL.get(python3 + "." + name);
        if (found != null) return found;
        throw new Malformed("its pickle names " + module + "." + name
                + ", which is not among what files of tensors need; nothing of it was run. If the file is yours, save"
                + " its tensors, numbers, texts, lists and dictionaries alone, such as model.state_dict()");
    }

    /** The table of names. */
    final class Names {
        private static final Map<String, PickleGlobal> ALL = new HashMap<>();

        static {
            for (Callable c : Callable.values()) ALL.put(c.toString(), c);
            for (ElementType t : ElementType.values()) {
                ALL.put("torch." + t.torchName(), new Type(t));
                if (t.hasStorage()) ALL.put("torch." + t.storageName(), new StorageType(t));
            }
            ALL.put("torch.storage.UntypedStorage", new StorageType(null));
        }

        private Names() {}
    }
}
