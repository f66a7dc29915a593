package dev.cotangent.internal.engine;

/**
 * The target of a gradient: an output of the operation that a node is the backward of.
 *
 * @param node the node
 * @param index index of the operation's output
 */
public record Edge(GraphNode node, int index) {}
