package dev.cotangent.internal.engine;

import dev.cotangent.CotangentException;
import dev.cotangent.Scope;
import dev.cotangent.Tensor;
import dev.cotangent.backend.ElementLayout;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Autograd metadata of a tensor, absent until autograd needs it. For the engine and authors of operations; users call
 * {@link Tensor}.
 */
public final class AutogradMeta {
    private final Tensor tensor;
    private boolean requiresGrad;
    private @Nullable Tensor grad;
    /** Whether users may hold a reference to the gradient's memory. */
    private boolean gradSeen;

    private @Nullable GraphNode gradFn;
    private int outputIndex;
    private volatile @Nullable Edge leaf;
    private @Nullable ViewInfo view;
    private boolean retainsGrad;
    private boolean parameter;

    /** Creates the metadata of a tensor. */
    public AutogradMeta(Tensor tensor) {
        this.tensor = tensor;
    }

    /** Returns the tensor of this metadata; another one that stands for it has the same. */
    public Tensor tensor() {
        return tensor;
    }

    /** Returns the accumulated gradient, or null. */
    public synchronized @Nullable Tensor grad() {
        return grad;
    }

    /** Replaces the gradient. */
    public synchronized void setGrad(@Nullable Tensor value) {
        if (value != null) Scope.changing(tensor);
        grad = value;
        gradSeen = true;
    }

    /** Returns the accumulated gradient to a user, who may hold on to it. */
    public synchronized @Nullable Tensor gradForUser() {
        gradSeen = true;
        return grad;
    }

    /** Sets a gradient that the engine computed, with a history or without. */
    synchronized Tensor accumulated(Tensor value, boolean recorded) {
        Scope.changing(tensor);
        grad = value;
        gradSeen = recorded;
        return value;
    }

    /** Sets the gradient to none, and frees its memory if no user has seen it. */
    public synchronized void clearGrad() {
        Tensor g = grad;
        grad = null;
        if (g != null && !gradSeen) Internals.storage(g).discard();
    }

    /** Returns whether this leaf, or a leaf that this was computed from, requires grad. */
    public boolean requiresGrad() {
        return requiresGrad || gradFn != null || (view != null && view.base.requiresGrad());
    }

    /** Sets whether a leaf requires grad. */
    public void setRequiresGrad(boolean value) {
        requiresGrad = value;
    }

    /** Returns whether this tensor is a parameter of a neural network module. */
    public boolean isParameter() {
        return parameter;
    }

    /** Marks this tensor as a parameter of a neural network module. */
    public void setParameter() {
        parameter = true;
    }

    /** Returns the node this tensor was an output of at the last call of {@link #gradFn}, ignoring later writes. */
    public @Nullable GraphNode cachedGradFn() {
        return gradFn;
    }

    /**
     * Returns the node this tensor is an output of, or null for a leaf. Throws PyTorch's error if a view that forbids
     * in-place writes was written through its base or another view.
     */
    public @Nullable GraphNode gradFn() {
        ViewInfo v = view;
        if (v == null || (gradFn == null && !v.base.requiresGrad())) return gradFn;
        int now = Internals.version(tensor).current();
        if (v.version != now) refresh(v, now);
        return gradFn;
    }

    /** Returns whether the tensor was a leaf when last checked, without the error of a forbidden write to a view. */
    public boolean isCachedLeaf() {
        if (gradFn != null) return false;
        ViewInfo v = view;
        boolean recorded = v != null && v.origin != ViewInfo.Origin.NO_GRAD && v.origin != ViewInfo.Origin.INFERENCE;
        return !recorded || gradFn() == null;
    }

    /** Replaces a view's history after an in-place write by the base's, seen through the view. */
    private synchronized void refresh(ViewInfo v, int now) {
        if (v.version == now) return;
        checkOrigin(v, "its base or another view of its base has been");
        // The history of a detached base is unknown: the gradient ends here.
        retainFrom(gradFn, GradientRule.stridedView(v.base, tensor, Internals.edge(v.base)), 0);
        outputIndex = 0;
        v.version = now;
    }

    /** Returns the index of this among the outputs of {@link #gradFn}. */
    public int outputIndex() {
        return outputIndex;
    }

    /** Makes this tensor the output at {@code index} of a node. */
    public void setGradFn(@Nullable GraphNode node, int index) {
        gradFn = node;
        outputIndex = index;
        if (view != null) view.version = Internals.version(tensor).current();
    }

    /** Returns the edge to which gradients of this tensor are sent, or null if it does not require grad. */
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

    /** Drops the accumulating node after the tensor's memory was replaced, if the node expects other gradients. */
    public synchronized void onDataReplaced() {
        Edge known = leaf;
        if (known == null || !(known.node() instanceof AccumulateGrad old) || old.fits(tensor)) return;
        AccumulateGrad node = new AccumulateGrad(tensor);
        node.adoptHooks(old);
        leaf = new Edge(node, 0);
    }

    /** Makes gradients that reach this tensor accumulate into the leaf of a node. */
    void shareLeaf(Edge node) {
        requiresGrad = true;
        leaf = node;
    }

    /** Returns the base this is a view of, or null. */
    public @Nullable Tensor base() {
        return view == null ? null : view.base;
    }

    /** Records that this is a view of {@code source}, or of the base of {@code source}. */
    public void setViewOf(Tensor source, ViewInfo.Origin origin) {
        AutogradMeta s = Internals.meta(source);
        boolean viewed = s != null && s.view != null;
        // A view inherits the prohibition of in-place writes from the view it was made of.
        ViewInfo.Origin inherited =
                viewed && s.view.origin != ViewInfo.Origin.DEFAULT && origin == ViewInfo.Origin.DEFAULT
                        ? s.view.origin
                        : origin;
        view = new ViewInfo(
                viewed ? s.view.base : Internals.self(source),
                inherited,
                Internals.version(tensor).current());
    }

    /** Replaces how this view was created. */
    public void setOrigin(ViewInfo.Origin origin) {
        if (view != null) view.origin = origin;
    }

    /** Drops history and view metadata: the tensor becomes a leaf that does not require grad. */
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

    /** Returns whether {@link Tensor#retainGrad} was called. */
    public boolean retainsGrad() {
        return retainsGrad;
    }

    /** Retains the gradient of this non-leaf. */
    public void retainGrad() {
        if (retainsGrad || isCachedLeaf()) return;
        GraphNode node = gradFn();
        if (node == null) return;
        retainsGrad = true;
        node.retain(outputIndex, this);
    }

    /** Sets another node and moves a retained gradient to it. */
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

    /**
     * Calls {@code hook} with each gradient that reaches the tensor; its result, unless null, replaces the gradient.
     */
    public Runnable addHook(UnaryOperator<@Nullable Tensor> hook) {
        Edge edge = edge();
        // A view created in no-grad mode is a leaf that no gradient reaches until it requires grad.
        if (edge == null) edge = makeLeaf();
        return edge.node().addPreHook(edge.index(), hook);
    }

    /** Calls {@code hook} after each accumulation into this leaf's gradient. */
    public Runnable addAfterHook(Consumer<Tensor> hook) {
        if (gradFn() != null) {
            throw new CotangentException("post accumulate grad hooks cannot be registered on non-leaf tensors");
        }
        Edge known = leaf;
        Edge edge = known != null ? known : makeLeaf();
        if (edge.node() instanceof AccumulateGrad node) return node.addAfterHook(hook);
        throw new CotangentException("post accumulate grad hooks cannot be registered on non-leaf tensors");
    }

    /** Throws PyTorch's error if a recorded in-place write to this is not allowed. */
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

    /** Makes {@code node}, the backward of an in-place write, the history of this tensor or of its base. */
    public void rebase(GraphNode node) {
        if (view == null) node.setOutputs(tensor);
        rebase(node, 0, 0);
    }

    /**
     * Updates the history after an in-place write.
     *
     * @param node the backward of the write
     * @param index index of the tensor among the operation's outputs
     * @param input index of the tensor among the operation's inputs
     */
    public void rebase(GraphNode node, int index, int input) {
        Scope.changing(view == null ? tensor : view.base);
        if (view == null) {
            retainFrom(gradFn, node, index);
            outputIndex = index;
            return;
        }
        Tensor base = view.base;
        ElementLayout seen = ElementLayout.of(Internals.operandOfAnyForm(tensor));
        CopySlices slices = new CopySlices(base, seen, node, input);
        slices.setOutputs(base);
        AutogradMeta owner = Internals.metaOrNew(base);
        owner.retainFrom(owner.gradFn, slices, 0);
        owner.outputIndex = 0;
        if (!retainsGrad) gradFn = null;
        view.version = -1;
    }

    /** Makes {@code node}, the backward of an in-place change of the shape, the history of this tensor. */
    public void reshaped(GraphNode node) {
        Scope.changing(tensor);
        node.setOutputs(tensor);
        retainFrom(gradFn, node, 0);
        outputIndex = 0;
        // Memory and other views are unchanged, so the base keeps its history.
        if (view != null) view.version = Internals.version(tensor).current();
    }

    /** Adds a hook to a copy-on-write list; the result removes it, even while hooks run. */
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
