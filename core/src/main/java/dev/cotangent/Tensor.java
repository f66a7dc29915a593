package dev.cotangent;

import dev.cotangent.autograd.BackwardOptions;
import dev.cotangent.autograd.GradMode;
import dev.cotangent.autograd.Node;
import dev.cotangent.backend.Layout;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.TensorAccess;
import dev.cotangent.internal.engine.AutogradMeta;
import dev.cotangent.internal.engine.Backward;
import dev.cotangent.internal.engine.GradientPrimitives;
import dev.cotangent.internal.engine.GradientRule;
import dev.cotangent.internal.engine.VersionCounter;
import dev.cotangent.internal.ops.Broadcast;
import dev.cotangent.internal.ops.movement.CopyOps;
import dev.cotangent.internal.ops.movement.TensorPrimitives;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A multi-dimensional array with autograd: PyTorch's {@code torch.Tensor}.
 *
 * <p>A tensor is a storage, a layout in it and autograd metadata. Its operations are defined by the interfaces it
 * extends; each method names its PyTorch equivalent. Equality is identity: {@link ComparisonMethods#eq(Tensor)}
 * compares elements. Threads may read a tensor concurrently; in-place writes need synchronization as for any Java
 * object.
 */
public final class Tensor
        implements ArithmeticMethods,
                RoundingMethods,
                ElementaryMethods,
                SpecialMethods,
                ComparisonMethods,
                ActivationMethods,
                ReductionMethods,
                MinMaxMethods,
                ScanMethods,
                StatisticsMethods,
                NormMethods,
                NormalizationMethods,
                SortingMethods,
                MaskedMethods,
                LinearAlgebraMethods,
                ConvolutionMethods,
                DecompositionMethods,
                ShapeMethods,
                SlicingMethods,
                RearrangementMethods,
                IndexingMethods,
                GatherScatterMethods,
                CreationMethods,
                ConversionMethods,
                LossMethods,
                MarginLossMethods,
                PoolingMethods,
                ResamplingMethods,
                AttentionMethods,
                ComplexMethods,
                SpectralMethods {
    private Strided data;
    private VersionCounter version;
    private final boolean inference;
    private volatile @Nullable AutogradMeta meta;

    static {
        TensorAccess.set(new Access());
        GradientPrimitives.set(new TensorPrimitives());
    }

    private Tensor(Strided data, VersionCounter version) {
        this(data, version, GradMode.isInference());
    }

    private Tensor(Strided data, VersionCounter version, boolean inference) {
        this.data = data;
        this.version = version;
        this.inference = inference;
    }

    /** Returns {@link Tensors#tensor(Object)}. */
    public static Tensor of(Object data) {
        return LiteralReader.of(data, ChosenOptions.NONE);
    }

    // Memory

    /** Returns the dtype of the elements. */
    public Dtype dtype() {
        return data.dtype();
    }

    /** Returns the device of the memory. */
    public Device device() {
        return data.device();
    }

    /** Returns the sizes of the dimensions. */
    public Shape shape() {
        return Shape.of(data.layout().sizes());
    }

    /** Returns the size of a dimension; negative counts from the end. PyTorch's {@code size(dim)}. */
    public long size(int dim) {
        return data.layout().size(Broadcast.sized(dim, dim()));
    }

    /** Returns the stride of a dimension in elements; negative counts from the end. PyTorch's {@code stride(dim)}. */
    public long stride(int dim) {
        return data.layout().stride(Broadcast.sized(dim, dim()));
    }

    /** Returns the number of dimensions; PyTorch's {@code dim()}. */
    public int dim() {
        return data.layout().rank();
    }

    /** Returns the number of elements. */
    public long numel() {
        return data.layout().numel();
    }

    /**
     * Returns the size of the first dimension, Python's {@code len}; throws a TypeException for a 0-dimensional
     * tensor.
     */
    public long len() {
        if (dim() == 0) throw new TypeException("len() of a 0-d tensor");
        return data.layout().size(0);
    }

    /** Returns whether the tensor is contiguous: row-major without gaps. */
    public boolean isContiguous() {
        return data.layout().isContiguous();
    }

    /**
     * Returns PyTorch's name of the tensor type, such as {@code torch.FloatTensor} or {@code torch.cuda.LongTensor}.
     */
    public String type() {
        String device = device().isCpu() ? "" : device().type() + ".";
        return "torch." + device + dtype().scalarName() + "Tensor";
    }

    // Autograd

    private AutogradMeta metaOrNew() {
        AutogradMeta m = meta;
        if (m != null) return m;
        synchronized (this) {
            if (meta == null) meta = new AutogradMeta(this);
            return meta;
        }
    }

    /**
     * Returns whether this was created in inference mode or is a view of such a tensor; views of other tensors taken
     * in that mode are not. PyTorch's {@code is_inference()}.
     */
    public boolean isInference() {
        return inference;
    }

    /** Returns whether this tensor, or one it was computed from, requires grad. */
    public boolean requiresGrad() {
        AutogradMeta m = meta;
        return m != null && m.requiresGrad();
    }

    /**
     * Sets whether a leaf requires grad; PyTorch's {@code requires_grad_}. Only floating-point tensors can require
     * grad, and for a non-leaf it cannot be cleared.
     */
    public Tensor requiresGrad_(boolean value) {
        if (value && !dtype().isDifferentiable()) {
            throw new CotangentException("only Tensors of floating point dtype can require gradients");
        }
        AutogradMeta m = meta;
        if (m != null && !m.isCachedLeaf()) {
            if (value) return this;
            throw new CotangentException(
                    "you can only change requires_grad flags of leaf variables. If you want to use a"
                            + " computed variable in a subgraph that doesn't require differentiation use var_no_grad ="
                            + " var.detach().");
        }
        if (value && inference && !GradMode.isInference()) {
            throw new CotangentException(
                    "Setting requires_grad=True on inference tensor outside InferenceMode is not" + " allowed.");
        }
        if (value || m != null) metaOrNew().setRequiresGrad(value);
        return this;
    }

    /** Works as {@link #requiresGrad_(boolean)} with true. */
    public Tensor requiresGrad_() {
        return requiresGrad_(true);
    }

    /** Returns whether this is a leaf: no recorded operation computed it. */
    public boolean isLeaf() {
        return gradFn() == null;
    }

    /** Returns the backward of the operation that computed this tensor; null for a leaf. PyTorch's {@code grad_fn}. */
    public @Nullable Node gradFn() {
        AutogradMeta m = meta;
        return m == null ? null : m.gradFn();
    }

    /** Returns the index of this among the outputs of {@link #gradFn}. PyTorch's {@code output_nr}. */
    public int outputIndex() {
        AutogradMeta m = meta;
        return m == null ? 0 : m.outputIndex();
    }

    /** Returns the accumulated gradient, or null. Warns for a non-leaf that does not retain its gradient. */
    public @Nullable Tensor grad() {
        AutogradMeta m = meta;
        if (m == null) return null;
        Tensor g = m.gradForUser();
        if (g == null && !m.retainsGrad() && m.cachedGradFn() != null) {
            Warnings.warn(
                    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute"
                        + " won't be populated during autograd.backward(). If you indeed want the .grad field to be"
                        + " populated for a non-leaf Tensor, use .retain_grad() on the non-leaf Tensor. If you access"
                        + " the non-leaf Tensor by mistake, make sure you access the leaf Tensor instead. See"
                        + " github.com/pytorch/pytorch/pull/30531 for more information. In Java: retainGrad().");
        }
        return g;
    }

    /** Sets the gradient, null for none; it must have this tensor's shape, dtype and device. */
    public void setGrad(@Nullable Tensor value) {
        if (value != null) {
            if (value == this) throw new CotangentException("can't assign Variable as its own grad");
            if (value.dtype() != dtype() || !value.device().type().equals(device().type())) {
                throw new CotangentException("assigned grad has data of a different type");
            }
            if (!value.device().equals(device())) {
                throw new CotangentException("assigned grad has data located on a different device");
            }
            if (!Arrays.equals(value.data.layout().sizes(), data.layout().sizes())) {
                throw new CotangentException("assigned grad has data of a different size");
            }
        }
        if (value != null || meta != null) metaOrNew().setGrad(value);
    }

    /** Retains the gradient of a non-leaf; PyTorch's {@code retain_grad}. */
    public void retainGrad() {
        if (!requiresGrad()) throw new CotangentException("can't retain_grad on Tensor that has requires_grad=False");
        metaOrNew().retainGrad();
    }

    /** Returns whether this retains its gradient. */
    public boolean retainsGrad() {
        AutogradMeta m = meta;
        return m != null && m.retainsGrad();
    }

    /**
     * Registers a hook that receives each gradient of this tensor; its result, unless null, replaces the gradient.
     *
     * @return removes the hook
     */
    public Runnable registerHook(UnaryOperator<@Nullable Tensor> hook) {
        if (!requiresGrad()) {
            throw new CotangentException("cannot register a hook on a tensor that doesn't require gradient");
        }
        return metaOrNew().addHook(hook);
    }

    /**
     * Registers a hook that receives this leaf after each accumulation into its {@link #grad}; PyTorch's {@code
     * register_post_accumulate_grad_hook}.
     *
     * @return removes the hook
     */
    public Runnable registerPostAccumulateGradHook(Consumer<Tensor> hook) {
        Arguments.notNull("register_post_accumulate_grad_hook", "hook", hook);
        if (!requiresGrad()) {
            throw new CotangentException("cannot register a hook on a tensor that doesn't require gradient");
        }
        return metaOrNew().addAfterHook(hook);
    }

    /** Returns an alias of the memory without history, sharing the version counter. PyTorch's {@code detach}. */
    public Tensor detach() {
        return new Tensor(data, version, inference);
    }

    /** Drops the history; throws for a view. PyTorch's {@code detach_}. */
    public Tensor detach_() {
        AutogradMeta m = meta;
        if (m != null) m.detach();
        return this;
    }

    /** Returns an alias of the memory without history, with its own version counter. PyTorch's {@code data}. */
    public Tensor data() {
        return new Tensor(data, new VersionCounter(), inference);
    }

    /** Replaces the memory but not the history. PyTorch's {@code x.data = value}. */
    public void setData(Tensor value) {
        if (value.dtype() != dtype() && requiresGrad() && !value.dtype().isDifferentiable()) {
            throw new CotangentException(
                    "data set to a tensor that requires gradients must be floating point or complex dtype");
        }
        Scope.changing(this);
        data = value.data;
        AutogradMeta m = meta;
        if (m != null) m.onDataReplaced();
    }

    /**
     * Makes this tensor share the memory, shape and strides of another of its dtype and device; {@code
     * torch.Tensor.set_}.
     *
     * @throws CotangentException if operations are recorded and one of the two requires grad, or if the dtypes differ
     */
    public Tensor set_(Tensor source) {
        Arguments.notNull("set_", "source", source);
        if (source.dtype() != dtype()) {
            throw new CotangentException("Could not set tensor of type "
                    + source.dtype().scalarName().toLowerCase(java.util.Locale.ROOT) + " to a tensor of type "
                    + dtype().scalarName().toLowerCase(java.util.Locale.ROOT));
        }
        if (!source.device().equals(device())) {
            throw new CotangentException("Attempted to set the storage of a tensor on device \"" + device()
                    + "\" to a storage on different device \"" + source.device()
                    + "\".  This is no longer allowed; the devices must match.");
        }
        GradientRule.checkHistory(this, source);
        if (GradMode.isEnabled() && (requiresGrad() || source.requiresGrad())) {
            throw new CotangentException(
                    "set_ has no derivative: detach() the tensors first, or call it in the block of"
                            + " Autograd.noGrad()");
        }
        setData(source.detach());
        version.bump();
        return this;
    }

    /**
     * Accumulates the gradients of this one-element tensor into the leaves it depends on. PyTorch's {@code backward}.
     */
    public void backward() {
        backward(null, BackwardOptions.DEFAULT);
    }

    /** Works as {@link #backward()} for a tensor of any shape, given its gradient. */
    public void backward(@Nullable Tensor gradient) {
        backward(gradient, BackwardOptions.DEFAULT);
    }

    /** Works as {@link #backward()}, with options. */
    public void backward(BackwardOptions options) {
        Arguments.notNull("backward", "options", options);
        backward(null, options);
    }

    /** Works as {@link #backward(Tensor)}, with options. */
    public void backward(@Nullable Tensor gradient, BackwardOptions options) {
        Arguments.notNull("backward", "options", options);
        Backward.run(List.of(this), Arrays.asList(gradient), options);
    }

    /** Returns a copy; part of the graph. PyTorch's {@code clone}. */
    @Override
    public Tensor clone() {
        return CopyOps.clone(this);
    }

    // Text

    /** Returns PyTorch's text: values, dtype, device, history. */
    @Override
    public String toString() {
        return dev.cotangent.internal.format.TensorText.of(this);
    }

    /** Provides this library's own modules with access to the fields. */
    private static final class Access extends TensorAccess {
        @Override
        protected Tensor wrap(Strided data, VersionCounter version) {
            return new Tensor(data, version);
        }

        @Override
        protected Tensor viewOf(Tensor x, Layout layout) {
            return new Tensor(x.data.with(layout), x.version, x.inference);
        }

        @Override
        protected Tensor viewOf(Tensor x, Strided data) {
            return new Tensor(data, x.version, x.inference);
        }

        @Override
        protected Strided data(Tensor x) {
            return x.data;
        }

        @Override
        protected VersionCounter version(Tensor x) {
            return x.version;
        }

        @Override
        protected @Nullable AutogradMeta meta(Tensor x) {
            return x.meta;
        }

        @Override
        protected AutogradMeta metaOrNew(Tensor x) {
            return x.metaOrNew();
        }

        @Override
        protected Runnable substitute(Tensor x, Tensor by) {
            Strided data = x.data;
            VersionCounter version = x.version;
            AutogradMeta meta = x.meta;
            x.meta = by.metaOrNew();
            x.version = by.version;
            x.data = by.data;
            return () -> {
                x.data = data;
                x.version = version;
                x.meta = meta;
            };
        }
    }
}
