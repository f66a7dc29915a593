package dev.cotangent.cli;

import dev.cotangent.CotangentException;

/** Checks for modules of Java that the bundle's runtime lacks. */
public final class Needs {
    private Needs() {}

    /** Returns whether this Java has a module. */
    public static boolean has(String module) {
        return ModuleLayer.boot().findModule(module).isPresent();
    }

    /** Throws an exception that names the remedy if this Java lacks a module. */
    public static void module(String module, String command) {
        if (has(module)) return;
        throw new CotangentException("'cotangent " + command + "' needs a whole JDK: this Java has no " + module
                + "; take the launcher of a checkout, or Java 25 from https://adoptium.net");
    }
}
