package dev.cotangent.examples;

import java.util.concurrent.Callable;

/**
 * A command below {@code cotangent} that another module brings, named in {@code META-INF/services}; it has picocli's
 * annotation and returns the exit status.
 */
public interface Subcommand extends Callable<Integer> {}
