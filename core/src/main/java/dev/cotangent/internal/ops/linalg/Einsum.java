package dev.cotangent.internal.ops.linalg;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Implements {@code torch.einsum}. Operands are permuted to a common order of dimensions, the output's first, and
 * contracted from left to right, each pair by one batched matrix product.
 */
public final class Einsum {
    /** Number of letters A to Z, a to z; labels from here on are the dimensions of the ellipsis. */
    private static final int LETTERS = 52;

    private final String equation;
    private final List<int[]> labels = new ArrayList<>();
    private final long[] size;
    private int[] output = {};
    private int ellipsis;

    private Einsum(String equation, List<Tensor> operands) {
        this.equation = equation;
        String text = equation.replace(" ", "");
        int arrow = text.indexOf("->");
        String[] parts = (arrow < 0 ? text : text.substring(0, arrow)).split(",", -1);
        if (parts.length > operands.size()) {
            throw new CotangentException("einsum(): fewer operands were provided than specified in the equation");
        }
        if (parts.length < operands.size()) {
            throw new CotangentException("einsum(): more operands were provided than specified in the equation");
        }
        for (int i = 0; i < parts.length; i++) {
            int free = operands.get(i).dim() - parts[i].replace("...", "").length();
            if (parts[i].contains("...")) ellipsis = Math.max(ellipsis, free);
        }
        size = new long[LETTERS + ellipsis];
        Arrays.fill(size, 1);
        int[] count = new int[size.length];
        for (int i = 0; i < parts.length; i++) {
            int[] l = read(parts[i], operands.get(i).dim(), "operand " + i);
            labels.add(l);
            for (int d = 0; d < l.length; d++) {
                count[l[d]]++;
                long n = operands.get(i).size(d);
                if (size[l[d]] != n && size[l[d]] != 1 && n != 1) {
                    throw new CotangentException(
                            "einsum(): subscript " + name(l[d]) + " has size " + n + " for operand " + i
                                    + " which does not broadcast with previously seen size " + size[l[d]]);
                }
                if (size[l[d]] == 1) size[l[d]] = n;
            }
        }
        if (arrow >= 0) {
            String right = text.substring(arrow + 2);
            output = read(
                    right, right.replace("...", "").length() + (right.contains("...") ? ellipsis : 0), "the output");
            checkOutput(count);
        } else {
            List<Integer> once = new ArrayList<>();
            for (int e = LETTERS; e < size.length; e++) once.add(e);
            for (int l = 0; l < LETTERS; l++) if (count[l] == 1) once.add(l);
            output = once.stream().mapToInt(Integer::intValue).toArray();
        }
    }

    private void checkOutput(int[] count) {
        boolean[] seen = new boolean[size.length];
        for (int l : output) {
            if (seen[l]) {
                throw new CotangentException(
                        "einsum(): output subscript " + name(l) + " appears more than once in the output");
            }
            seen[l] = true;
            if (l < LETTERS && count[l] == 0) {
                throw new CotangentException("einsum(): output subscript " + name(l)
                        + " does not appear in the equation for any input operand");
            }
        }
    }

    private static String name(int label) {
        return label >= LETTERS ? "..." : String.valueOf((char) (label < 26 ? 'A' + label : 'a' + label - 26));
    }

    private int[] read(String part, int rank, String where) {
        int[] out = new int[Math.max(rank, 0)];
        int n = 0;
        int free = rank - part.replace("...", "").length();
        boolean dots = false;
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '.') {
                if (dots || !part.startsWith("...", i)) {
                    throw new CotangentException(
                            "einsum(): found '.' for " + where + " that is not part of any ellipsis");
                }
                dots = true;
                i += 2;
                for (int e = 0; e < free; e++) out[n++] = LETTERS + ellipsis - free + e;
                continue;
            }
            if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z')) {
                throw new CotangentException("einsum(): invalid subscript given at index " + equation.indexOf(c)
                        + " in the equation string, subscripts must be in [a-zA-Z]");
            }
            if (n >= out.length) free = -1;
            else out[n++] = c <= 'Z' ? c - 'A' : c - 'a' + 26;
        }
        if (free < 0 || (free > 0 && !dots)) {
            throw new CotangentException("einsum(): the number of subscripts in the equation ("
                    + part.replace("...", "").length() + (dots ? ") is more than" : ") does not match")
                    + " the number of dimensions (" + rank + ") for " + where
                    + (dots ? "" : " and no ellipsis was given"));
        }
        return out;
    }

    /** Evaluates an equation such as {@code ij,jk->ik}. */
    public static Tensor of(String equation, Tensor... operands) {
        if (operands.length == 0) throw new CotangentException("einsum(): must provide at least one operand");
        return new Einsum(equation, List.of(operands)).compute(List.of(operands));
    }

    private Tensor compute(List<Tensor> operands) {
        // Position of each label in the common order: output labels first, then summed ones.
        int[] position = new int[size.length];
        Arrays.fill(position, -1);
        int rank = 0;
        for (int l : output) position[l] = rank++;
        for (int[] l : labels) for (int x : l) if (position[x] < 0) position[x] = rank++;
        int[] last = new int[rank];
        List<Tensor> aligned = new ArrayList<>();
        for (int i = 0; i < operands.size(); i++) {
            aligned.add(align(operands.get(i), labels.get(i), position, rank));
            for (int x : labels.get(i)) last[position[x]] = i;
        }
        Tensor result = aligned.getFirst();
        for (int i = 0; i < aligned.size(); i++) {
            List<Integer> done = new ArrayList<>();
            for (int d = output.length; d < rank; d++) if (last[d] == i) done.add(d);
            int[] dims = done.stream().mapToInt(Integer::intValue).toArray();
            if (i == 0) result = dims.length == 0 ? result : result.sum(dims, aligned.size() > 1);
            else result = contract(result, aligned.get(i), dims);
        }
        long[] shape = new long[output.length];
        for (int d = 0; d < shape.length; d++) shape[d] = size[output[d]];
        if (result.dim() > output.length)
            result = result.view(Arrays.copyOf(Internals.layout(result).sizes(), output.length));
        return Arrays.equals(shape, Internals.layout(result).sizes()) ? result : result.expand(shape);
    }

    /** Permutes an operand to the common order, size 1 where it lacks a label; repeated labels select the diagonal. */
    private static Tensor align(Tensor x, int[] labels, int[] position, int rank) {
        int[] at = new int[rank];
        Arrays.fill(at, -1);
        int[] left = labels.clone();
        int n = left.length;
        for (int d = 0; d < n; d++) {
            int first = d;
            for (int k = 0; k < d; k++) if (left[k] == left[d]) first = k;
            if (first == d) continue;
            if (x.size(first) != x.size(d)) {
                throw new CotangentException(
                        "einsum(): subscript " + name(left[d]) + " is repeated for an operand but the sizes"
                                + " don't match, " + x.size(d) + " != " + x.size(first));
            }
            x = x.diagonal(0, first, d).movedim(-1, first);
            System.arraycopy(left, d + 1, left, d, n - d - 1);
            n--;
            d--;
        }
        for (int d = 0; d < n; d++) at[position[left[d]]] = d;
        int[] order = new int[n];
        int k = 0;
        for (int p = 0; p < rank; p++) if (at[p] >= 0) order[k++] = at[p];
        Tensor out = x.permute(order);
        for (int p = 0; p < rank; p++) if (at[p] < 0) out = out.unsqueeze(p);
        return out;
    }

    /** Contracts two operands in the common order over dimensions, which are kept with size 1. */
    private static Tensor contract(Tensor a, Tensor b, int[] summed) {
        int rank = a.dim();
        boolean[] sum = new boolean[rank];
        for (int d : summed) sum[d] = true;
        List<Integer> both = new ArrayList<>();
        List<Integer> onlyA = new ArrayList<>();
        List<Integer> onlyB = new ArrayList<>();
        List<Integer> inner = new ArrayList<>();
        for (int d = 0; d < rank; d++) {
            boolean inA = a.size(d) != 1;
            boolean inB = b.size(d) != 1;
            if (sum[d] && inA && inB) {
                inner.add(d);
            } else if (sum[d]) {
                if (inA) a = a.sum(d, true);
                else if (inB) b = b.sum(d, true);
                onlyA.add(d);
            } else if (inA && inB) {
                both.add(d);
            } else if (inB) {
                onlyB.add(d);
            } else {
                onlyA.add(d);
            }
        }
        if (inner.isEmpty()) return a.mul(b);
        Tensor x = matrix(a, both, onlyA, inner);
        Tensor y = matrix(b, both, inner, onlyB);
        Tensor product = x.bmm(y);
        long[] shape = new long[rank];
        int[] back = new int[rank];
        int at = 0;
        for (List<Integer> group : List.of(both, onlyA, onlyB)) {
            for (int d : group) {
                shape[at] = Math.max(a.size(d), b.size(d));
                if (a.size(d) == 0 || b.size(d) == 0) shape[at] = 0;
                back[d] = at++;
            }
        }
        for (int d : inner) {
            shape[at] = 1;
            back[d] = at++;
        }
        return product.reshape(shape).permute(back);
    }

    private static Tensor matrix(Tensor x, List<Integer> batch, List<Integer> rows, List<Integer> columns) {
        int[] order = new int[x.dim()];
        long[] shape = {1, 1, 1};
        int at = 0;
        int which = 0;
        for (List<Integer> group : List.of(batch, rows, columns)) {
            for (int d : group) {
                order[at++] = d;
                shape[which] *= x.size(d);
            }
            which++;
        }
        // Dimensions of the other operand alone have size 1 here and come last.
        boolean[] named = new boolean[x.dim()];
        for (int i = 0; i < at; i++) named[order[i]] = true;
        for (int d = 0; d < x.dim(); d++) if (!named[d]) order[at++] = d;
        return x.permute(order).reshape(shape);
    }
}
