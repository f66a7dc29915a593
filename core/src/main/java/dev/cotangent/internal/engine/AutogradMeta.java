package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.backend.Layout;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What autograd knows of one tensor. A tensor that never met autograd has none. Users go through {@link Tensor};
 * this is for the engine and for the authors of operations.
 */
public final class AutogradMeta {
    private final Tensor tensor;
    private boolean requiresGrad;
    private @Nullable Tensor grad;
    /** Whether somebody outside of the engine may refer to the gradient's memory. */
    private boolean gradSeen;

    private @Nullable GraphNode gradFn;
    private int outputIndex;
    private volatile @Nullable Edge leaf;
    private @Nullable ViewInfo view;
    private boolean retainsGrad;
    private boolean parameter;

    /** For that tensor. */
    public AutogradMeta(Tensor tensor) {
        this.tensor = tensor;
    }

    /** The gradient collected so far. */
    public synchronized @Nullable Tensor grad() {
        return grad;
    }

    /** Replaces the gradient. */
    public synchronized void setGrad(@Nullable Tensor value) {
        if (value != null) Scope.changing(tensor);
        grad = value;
        gradSeen = true;
    }

    /** The gradient collected so far, for somebody who may hold on to it. */
    public synchronized @Nullable Tensor gradForUser() {
        gradSeen = true;
        return grad;
    }

    /** Takes a gradient that the engine made, with a history or without. */
    synchronized Tensor accumulated(Tensor value, boolean recorded) {
        Scope.changing(tensor);
        grad = value;
        gradSeen = recorded;
        return value;
    }

    /** Forgets the gradient, and frees its memory where it was never shown to anybody. */
    public synchronized void clearGrad() {
        Tensor g = grad;
        grad = null;
        if (g != null && !gradSeen) Internals.storage(g).discard();
    }

    /** Whether a gradient is wanted here or by something this was computed from. */
    public boolean requiresGrad() {
        return requiresGrad || gradFn != null || (view != null && view.base.requiresGrad());
    }

    /** Marks a leaf. */
    public void setRequiresGrad(boolean value) {
        requiresGrad = value;
    }

    /** Whether a module of a neural network learns this tensor. */
    public boolean isParameter() {
        return parameter;
    }

    /** Says that a module of a neural network learns this tensor. */
    public void setParameter() {
        parameter = true;
    }

    /** The node this tensor was an output of when that was last asked for, whatever was written since. */
    public @Nullable GraphNode cachedGradFn() {
        return gradFn;
    }

    /**
     * The node this tensor is an output of, or null for a leaf. Raises PyTorch's error of a view that must not be written
     * in place, but was, through its base or another view.
     */
    public @Nullable GraphNode gradFn() {
        ViewInfo v = view;
        if (v == null || (gradFn == null && !v.base.requiresGrad())) return gradFn;
        int now = Internals.version(tensor).current();
        if (v.version != now) refresh(v, now);
        return gradFn;
    }

    /** Whether the tensor is a leaf as far as is known, without the error of a view that must not have been written. */
    public boolean isCachedLeaf() {
        if (gradFn != null) return false;
        ViewInfo v = view;
        boolean recorded = v != null && v.origin != ViewInfo.Origin.NO_GRAD && v.origin != ViewInfo.Origin.INFERENCE;
        return !recorded || gradFn() == null;
    }

    /** After an in-place write the history of a view is that of its base, seen through the view. */
    private synchronized void refresh(ViewInfo v, int now) {
        if (v.version == now) return;
        checkOrigin(v, "its base or another view of its base has been");
        // Of a base that was detached nothing is known: then the gradient ends here.
        retainFrom(gradFn, GradientRule.stridedView(v.base, tensor, Internals.edge(v.base)), 0);
        outputIndex = 0;
        v.version = now;
    }

    /** Which output of {@link #gradFn} this is. */
    public int outputIndex() {
        return outputIndex;
    }

    /** Makes this tensor output number {@code index} of a node. */
    public void setGradFn(@Nullable GraphNode node, int index) {
        gradFn = node;
        outputIndex = index;
        if (view != null) view.version = Internals.version(tensor).current();
    }

    /** Where gradients for this tensor go, or null where none is wanted. */
    public @Nullable Edge edge() {
        GraphNode node = gradFn();
        if (node != null) return new Edge(node, outputIndex);
        if (!requiresGrad) return null;
        Edge known = leaf;
        return known != null ? known : makeLeaf();
    }

    private synchronized Edge makeLeaf() {
        Edge known = leaf;
        if (known == null) leaf = known = new Edge(new AccumulateGrad(tensor), 0);
        return known;
    }

    /** After the tensor's memory was replaced: a node that expects a gradient of another kind makes way for a new one. */
    public synchronized void onDataReplaced() {
        Edge known = leaf;
        if (known == null || !(known.node() instanceof AccumulateGrad old) || old.fits(tensor)) return;
        AccumulateGrad node = new AccumulateGrad(tensor);
        node.adoptHooks(old);
        leaf = new Edge(node, 0);
    }

    /** Makes the tensor stand for the leaf of that node: what reaches it is added to that leaf's gradient. */
    void shareLeaf(Edge node) {
        requiresGrad = true;
        leaf = node;
    }

    /** The base this is a view of, or null. */
    public @Nullable Tensor base() {
        return view == null ? null : view.base;
    }

    /** Says that this is a view of {@code source}, or of what that one is a view of. */
    public void setViewOf(Tensor source, ViewInfo.Origin origin) {
        AutogradMeta s = Internals.meta(source);
        boolean viewed = s != null && s.view != null;
        // A view of a view that must not be written in place must not be written either.
        ViewInfo.Origin inherited =
                viewed && s.view.origin != ViewInfo.Origin.DEFAULT && origin == ViewInfo.Origin.DEFAULT
                        ? s.view.origin
                        : origin;
        view = new ViewInfo(
                viewed ? s.view.base : source,
                inherited,
                Internals.version(tensor).current());
    }

    /** Says otherwise how this view came to be. */
    public void setOrigin(ViewInfo.Origin origin) {
        if (view != null) view.origin = origin;
    }

    /** Forgets history and view: the tensor becomes a leaf without gradient. */
    public void detach() {
        if (view != null) {
            throw new CotangentException("Can't detach views in-place. Use detach() instead. If you are using"
                    + " DistributedDataParallel (DDP) for training, and gradient_as_bucket_view is set as True,"
                    + " gradients are views of DDP buckets, and hence detach_() cannot be called on these gradients."
                    + " To fix this error, please refer to the Optimizer.zero_grad() function in"
                    + " torch/optim/optimizer.py as the solution.");
        }
        requiresGrad = false;
        gradFn = null;
        outputIndex = 0;
    }

    /** Whether {@link Tensor#retainGrad} was called. */
    public boolean retainsGrad() {
        return retainsGrad;
    }

    /** Keeps the gradient that reaches a tensor that is no leaf. */
    public void retainGrad() {
        if (retainsGrad || isCachedLeaf()) return;
        GraphNode node = gradFn();
        if (node == null) return;
        retainsGrad = true;
        node.retain(outputIndex, this);
    }

    /** Takes another node; a gradient that is retained is that of the new one. */
    private void retainFrom(@Nullable GraphNode old, GraphNode now, int index) {
        if (retainsGrad && old != null) {
            old.forget(this);
            now.retain(index, this);
        }
        gradFn = now;
    }

    synchronized void retainGradient(Tensor gradient) {
        Scope.changing(tensor);
        Tensor old = grad;
        grad = old == null ? gradient.clone() : old.add(gradient);
        gradSeen = true;
    }

    /** Calls {@code hook} with each gradient that reaches the tensor; what it returns, unless null, goes on instead. */
    public Runnable addHook(UnaryOperator<@Nullable Tensor> hook) {
        Edge edge = edge();
        // A view made while nothing was recorded is a leaf that no gradient reaches until it is marked.
        if (edge == null) edge = makeLeaf();
        return edge.node().addPreHook(edge.index(), hook);
    }

    /** Calls {@code hook} after each time that a gradient was added to this leaf's. */
    public Runnable addAfterHook(Consumer<Tensor> hook) {
        if (gradFn() != null) {
            throw new CotangentException("post accumulate grad hooks cannot be registered on non-leaf tensors");
        }
        Edge known = leaf;
        Edge edge = known != null ? known : makeLeaf();
        if (edge.node() instanceof AccumulateGrad node) return node.addAfterHook(hook);
        throw new CotangentException("post accumulate grad hooks cannot be registered on non-leaf tensors");
    }

    /** Raises PyTorch's error where an in-place write that is recorded must not be. */
    public void checkInPlace() {
        if (view != null) {
            checkOrigin(view, "is being");
            if (requiresGrad() && view.base.isLeaf()) {
                throw new CotangentException(
                        "a view of a leaf Variable that requires grad is being used in an in-place operation.");
            }
        }
        if (requiresGrad() && tensor.isLeaf()) {
            throw new CotangentException("a leaf Variable that requires grad is being used in an in-place operation.");
        }
    }

    private void checkOrigin(ViewInfo v, String written) {
        if (v.origin == ViewInfo.Origin.DEFAULT) return;
        GraphNode node = gradFn;
        String where = node != null ? "Output " + outputIndex + " of " + node.operation() + " is a view" : "A view";
        String what = switch (v.origin) {
            case INFERENCE ->
                where + (node != null ? " of a view which" : "") + " was created in inference mode and " + written
                        + " modified inplace in normal mode.";
            case NO_GRAD ->
                where + (node != null ? " of a view which" : "") + " was created in no_grad mode and " + written
                        + " modified inplace with grad mode enabled.";
            default ->
                node != null
                        ? where + " and " + written + " modified inplace."
                        : where + " was created in no_grad mode and " + written
                                + " modified inplace with grad mode enabled.";
        };
        String both =
                " Given that this use case is ambiguous and error-prone, it is forbidden. You can clarify your code by"
                    + " moving both the view and the inplace either both inside the %1$s block (if you don't want the"
                    + " inplace to be tracked) or both outside (if you want the inplace to be tracked).";
        String why = switch (v.origin) {
            case MULTIPLE ->
                " This view is the output of a function that returns multiple views. Such functions do not"
                        + " allow the output views to be modified inplace. You should replace the inplace"
                        + " operation by an out-of-place one.";
            case INFERENCE -> both.formatted("inference_mode") + " In Java: the block of Autograd.inferenceMode().";
            case FUNCTION ->
                " This view was created inside a custom Function (or because an input was returned as-is) and"
                        + " the autograd logic to handle view+inplace would override the custom backward"
                        + " associated with the custom Function, leading to incorrect gradients. This behavior"
                        + " is forbidden. You can fix this by cloning the output of the custom Function.";
            default -> both.formatted("no_grad") + " In Java: the block of Autograd.noGrad().";
        };
        throw new CotangentException(what + why);
    }

    /** After an in-place write that {@code node} is the backward of: the tensor, or what it is a view of, is its output. */
    public void rebase(GraphNode node) {
        if (view == null) node.setOutputs(tensor);
        rebase(node, 0, 0);
    }

    /**
     * After an in-place write.
     *
     * @param node the backward of what wrote
     * @param index which of its outputs the tensor is
     * @param input which of its inputs the tensor was
     */
    public void rebase(GraphNode node, int index, int input) {
        Scope.changing(view == null ? tensor : view.base);
        if (view == null) {
            retainFrom(gradFn, node, index);
            outputIndex = index;
            return;
        }
        Tensor base = view.base;
        Layout seen = Internals.layout(tensor);
        CopySlices slices = new CopySlices(base, seen, node, input);
        slices.setOutputs(base);
        AutogradMeta owner = Internals.metaOrNew(base);
        owner.retainFrom(owner.gradFn, slices, 0);
        owner.outputIndex = 0;
        if (!retainsGrad) gradFn = null;
        view.version = -1;
    }

    /** After an in-place change of the shape that {@code node} is the backward of. */
    public void reshaped(GraphNode node) {
        Scope.changing(tensor);
        node.setOutputs(tensor);
        retainFrom(gradFn, node, 0);
        outputIndex = 0;
        // The memory and its other views are as they were, so that the base's history stays.
        if (view != null) view.version = Internals.version(tensor).current();
    }

    /** A list that hooks can be removed from while they run. */
    static <T> Runnable register(List<T> hooks, T hook) {
        synchronized (hooks) {
            hooks.add(hook);
        }
        return () -> {
            synchronized (hooks) {
                hooks.remove(hook);
            }
        };
    }

    static <T> List<T> snapshot(List<T> hooks) {
        synchronized (hooks) {
            return new ArrayList<>(hooks);
        }
    }
}
