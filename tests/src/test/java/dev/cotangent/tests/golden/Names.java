package dev.cotangent.tests.golden;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** From PyTorch's names to those of Java methods and their parameters. */
final class Names {
    /** Parameters that go by several names. */
    private static final Map<String, String> SAME = Map.of(
            "dims", "dim", "axis", "dim", "sizes", "size", "shape", "size", "strides", "stride", "lambda", "lambd");

    /** Functions of torch.linalg whose names mean something else in torch. */
    private static final Set<String> LINALG_ALONE =
            Set.of("cond", "cross", "lstsq", "lu", "lu_solve", "matrix_norm", "norm", "qr", "solve", "svd", "vecdot");

    private Names() {}

    /** Returns the names a function of PyTorch may have in Java, the likeliest first. */
    static List<String> methods(String op) {
        List<String> out = new ArrayList<>();
        int dot = op.lastIndexOf('.');
        String bare = op.substring(dot + 1);
        switch (dot < 0 ? "" : op.substring(0, dot)) {
            case "", "nn.functional", "torch" -> out.add(camel(bare));
            case "linalg" -> {
                out.add(camel("linalg_" + bare));
                if (!LINALG_ALONE.contains(bare)) out.add(camel(bare));
            }
            case "special" -> {
                out.add(camel("special_" + bare));
                out.add(camel(bare));
            }
            default -> out.add(camel(op.replace('.', '_')));
        }
        return out;
    }

    /** Converts a name to camel case: {@code masked_fill_} to {@code maskedFill_}. */
    static String camel(String name) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean inner = i > 0 && i < name.length() - 1;
            if (c == '_' && inner) continue;
            out.append(inner && name.charAt(i - 1) == '_' && i > 1 ? Character.toUpperCase(c) : c);
        }
        if (name.length() > 2 && name.charAt(name.length() - 2) == '_' && !name.endsWith("_")) {
            out.setCharAt(out.length() - 1, Character.toUpperCase(name.charAt(name.length() - 1)));
        }
        return out.toString();
    }

    /** Normalizes a parameter's name for comparison. */
    static String parameter(String name) {
        String plain = plain(name);
        return SAME.getOrDefault(plain, plain);
    }

    /** Converts to lower case without underscores, except for one at the end. */
    static String plain(String name) {
        String bare = name.toLowerCase(Locale.ROOT).replace("_", "");
        return name.endsWith("_") ? bare + "_" : bare;
    }
}
