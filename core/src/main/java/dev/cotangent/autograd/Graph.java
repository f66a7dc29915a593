package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.AccumulateGrad;
import dev.cotangent.internal.engine.Edge;
import dev.cotangent.internal.engine.GraphNode;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.Map;

/** Text forms of a tensor's autograd graph. */
public final class Graph {
    private Graph() {}

    /**
     * Returns the graph in Graphviz format: a box per node from the tensor to the leaves, with the shapes of leaves.
     * Render it with {@code dot -Tsvg}.
     */
    public static String toDot(Tensor tensor) {
        StringBuilder out = new StringBuilder("digraph autograd {\n  node [shape=box, fontname=\"monospace\"];\n");
        GraphNode root = Internals.gradFn(tensor);
        if (root == null) {
            out.append("  n0 [label=\"").append(leaf(tensor)).append("\", style=filled, fillcolor=lightblue];\n");
            return out.append("}\n").toString();
        }
        Map<GraphNode, Integer> ids = new IdentityHashMap<>();
        ArrayDeque<GraphNode> open = new ArrayDeque<>();
        ids.put(root, 0);
        open.add(root);
        while (!open.isEmpty()) {
            GraphNode node = open.poll();
            int id = ids.get(node);
            boolean isLeaf = node instanceof AccumulateGrad;
            out.append("  n").append(id).append(" [label=\"");
            if (node instanceof AccumulateGrad a) out.append(leaf(a.variable()));
            else out.append(node.shortName());
            out.append(isLeaf ? "\", style=filled, fillcolor=lightblue];\n" : "\"];\n");
            for (Edge edge : node.shownEdges()) {
                if (edge == null) continue;
                GraphNode next = edge.node();
                if (ids.putIfAbsent(next, ids.size()) == null) open.add(next);
                out.append("  n")
                        .append(id)
                        .append(" -> n")
                        .append(ids.get(next))
                        .append(";\n");
            }
        }
        return out.append("}\n").toString();
    }

    /**
     * Returns the graph as text: a line per node with its number and name, for leaves dtype and shape, and the numbers
     * of the nodes that receive its gradients ({@code -} for an input without gradient).
     *
     * {@snippet :
     * 0 SumBackward0 -> 1
     * 1 MulBackward0 -> 2 -
     * 2 AccumulateGrad torch.FloatTensor [2, 3]
     * }
     */
    public static String toText(Tensor tensor) {
        GraphNode root = Internals.gradFn(tensor);
        if (root == null) return "0 " + leaf(tensor).replace("\\n", " ") + "\n";
        StringBuilder out = new StringBuilder();
        Map<GraphNode, Integer> ids = new IdentityHashMap<>();
        ArrayDeque<GraphNode> open = new ArrayDeque<>();
        ids.put(root, 0);
        open.add(root);
        while (!open.isEmpty()) {
            GraphNode node = open.poll();
            out.append(ids.get(node)).append(' ').append(node.shortName());
            if (node instanceof AccumulateGrad a) {
                out.append(' ').append(leaf(a.variable()).replace("\\n", " "));
            } else {
                out.append(" ->");
                for (Edge edge : node.shownEdges()) {
                    if (edge == null) {
                        out.append(" -");
                        continue;
                    }
                    GraphNode next = edge.node();
                    if (ids.putIfAbsent(next, ids.size()) == null) open.add(next);
                    out.append(' ').append(ids.get(next));
                }
            }
            out.append('\n');
        }
        return out.toString();
    }

    private static String leaf(Tensor t) {
        return t.type() + "\\n" + java.util.Arrays.toString(t.shape().toArray());
    }
}
