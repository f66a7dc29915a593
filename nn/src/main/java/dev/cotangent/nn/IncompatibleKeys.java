package dev.cotangent.nn;

import java.util.List;

/**
 * The names that did not fit when a state was loaded; what PyTorch's {@code load_state_dict} returns.
 *
 * @param missingKeys names of the module that the state does not have
 * @param unexpectedKeys names of the state that the module does not have
 */
public record IncompatibleKeys(List<String> missingKeys, List<String> unexpectedKeys) {
    /** Returns PyTorch's text. */
    @Override
    public String toString() {
        if (missingKeys.isEmpty() && unexpectedKeys.isEmpty()) return "<All keys matched successfully>";
        return "_IncompatibleKeys(missing_keys=" + quoted(missingKeys) + ", unexpected_keys=" + quoted(unexpectedKeys)
                + ")";
    }

    private static String quoted(List<String> names) {
        return "[" + String.join(", ", names.stream().map(n -> "'" + n + "'").toList()) + "]";
    }
}
