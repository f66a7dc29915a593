package dev.cotangent.cli;

import java.util.concurrent.Callable;

/**
 * A command below {@code cotangent} that another module brings, named in {@code META-INF/services}. It has picocli's
 * {@code Command} annotation and returns the exit status.
 */
public interface Subcommand extends Callable<Integer> {}
