package dev.cotangent.cli;

import java.util.concurrent.Callable;

/**
 * A subcommand of {@code cotangent} provided as a service by another module. It has picocli's {@code Command} annotation
 * and returns the exit status.
 */
public interface Subcommand extends Callable<Integer> {}
