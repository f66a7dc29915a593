package dev.cotangent.internal.engine;

/**
 * Where a gradient goes: an input of a node, that is an output of the operation it is the backward of.
 *
 * @param node the node
 * @param index which of the operation's outputs
 */
public record Edge(GraphNode node, int index) {}
