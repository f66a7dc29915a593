package dev.cotangent.cli;

import dev.cotangent.CotangentException;

/** What a command needs of Java beyond what the bundle's small runtime has. */
public final class Needs {
    private Needs() {}

    /** Whether this Java has a module. */
    public static boolean has(String module) {
        return ModuleLayer.boot().findModule(module).isPresent();
    }

    /** An error that names the remedy where this Java lacks a module. */
    public static void module(String module, String command) {
        if (has(module)) return;
        throw new CotangentException("'cotangent " + command + "' needs a whole JDK: this Java has no " + module
                + "; take the launcher of a checkout, or Java 25 from https://adoptium.net");
    }
}
