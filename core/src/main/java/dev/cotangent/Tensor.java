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
 * A multi-dimensional array that knows how it was computed: PyTorch's {@code torch.Tensor}.
 *
 * <p>A tensor is a storage, a layout in it and a place in the graph. What it can do stands in the families of operations
 * it is made of; each method says PyTorch's name. Equality is identity: {@link ComparisonMethods#eq(Tensor)} compares elements.
 * Several threads may read one tensor; in-place writes need the same care as in any Java object.
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
                AttentionMethods {
    private Strided data;
    private final VersionCounter version;
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
        return LiteralReader.of(data, TensorOptions.defaults());
    }

    // Memory

    /** The type of the elements. */
    public Dtype dtype() {
        return data.dtype();
    }

    /** Where the memory is. */
    public Device device() {
        return data.device();
    }

    /** The sizes of the dimensions. */
    public Shape shape() {
        return Shape.of(data.layout().sizes());
    }

    /** The size of a dimension; negative counts from the end. PyTorch's {@code size(dim)}. */
    public long size(int dim) {
        return data.layout().size(Broadcast.sized(dim, dim()));
    }

    /** The step of a dimension in elements; negative counts from the end. PyTorch's {@code stride(dim)}. */
    public long stride(int dim) {
        return data.layout().stride(Broadcast.sized(dim, dim()));
    }

    /** The number of dimensions; PyTorch's {@code dim()}. */
    public int dim() {
        return data.layout().rank();
    }

    /** The number of elements. */
    public long numel() {
        return data.layout().numel();
    }

    /** The size of the first dimension, Python's {@code len}; a TypeException of a tensor without dimensions. */
    public long len() {
        if (dim() == 0) throw new TypeException("len() of a 0-d tensor");
        return data.layout().size(0);
    }

    /** Whether the elements lie row-major without gaps. */
    public boolean isContiguous() {
        return data.layout().isContiguous();
    }

    /** PyTorch's name of the kind of tensor, such as {@code torch.FloatTensor} or {@code torch.cuda.LongTensor}. */
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
     * Whether this was made in inference mode, or is a view of a tensor that was; a view taken in that mode of another
     * tensor is none. PyTorch's {@code is_inference()}.
     */
    public boolean isInference() {
        return inference;
    }

    /** Whether a gradient is computed for this tensor, or for something it was computed from. */
    public boolean requiresGrad() {
        AutogradMeta m = meta;
        return m != null && m.requiresGrad();
    }

    /**
     * Marks a leaf as wanting a gradient, or not; PyTorch's {@code requires_grad_}. Only floating-point tensors can, and
     * what was computed from others cannot be unmarked.
     */
    public Tensor requiresGrad_(boolean value) {
        if (value && !dtype().isFloatingPoint()) {
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

    /** {@link #requiresGrad_(boolean)} with true. */
    public Tensor requiresGrad_() {
        return requiresGrad_(true);
    }

    /** Whether nothing recorded led to this tensor. */
    public boolean isLeaf() {
        return gradFn() == null;
    }

    /** Returns the backward of the operation that computed this tensor; null for a leaf. PyTorch's {@code grad_fn}. */
    public @Nullable Node gradFn() {
        AutogradMeta m = meta;
        return m == null ? null : m.gradFn();
    }

    /** Which output of {@link #gradFn} this is. PyTorch's {@code output_nr}. */
    public int outputIndex() {
        AutogradMeta m = meta;
        return m == null ? 0 : m.outputIndex();
    }

    /** The gradient collected so far, or null. Warns of a tensor that is no leaf, unless it retains its gradient. */
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

    /** Sets or (null) forgets the gradient; it must have this tensor's shape, dtype and device. */
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

    /** Keeps the gradient of a tensor that is no leaf; PyTorch's {@code retain_grad}. */
    public void retainGrad() {
        if (!requiresGrad()) throw new CotangentException("can't retain_grad on Tensor that has requires_grad=False");
        metaOrNew().retainGrad();
    }

    /** Whether {@link #retainGrad} took effect. */
    public boolean retainsGrad() {
        AutogradMeta m = meta;
        return m != null && m.retainsGrad();
    }

    /**
     * Calls a function with each gradient that reaches this tensor; what it returns goes on instead, unless null.
     *
     * @return removes the hook again
     */
    public Runnable registerHook(UnaryOperator<@Nullable Tensor> hook) {
        if (!requiresGrad()) {
            throw new CotangentException("cannot register a hook on a tensor that doesn't require gradient");
        }
        return metaOrNew().addHook(hook);
    }

    /**
     * Calls a function with this leaf after each time that a gradient was added to its {@link #grad}; PyTorch's {@code
     * register_post_accumulate_grad_hook}.
     *
     * @return removes the hook again
     */
    public Runnable registerPostAccumulateGradHook(Consumer<Tensor> hook) {
        Arguments.notNull("register_post_accumulate_grad_hook", "hook", hook);
        if (!requiresGrad()) {
            throw new CotangentException("cannot register a hook on a tensor that doesn't require gradient");
        }
        return metaOrNew().addAfterHook(hook);
    }

    /** The same memory without history; writes to it count for both. PyTorch's {@code detach}. */
    public Tensor detach() {
        return new Tensor(data, version, inference);
    }

    /** Forgets the history; not of a view. PyTorch's {@code detach_}. */
    public Tensor detach_() {
        AutogradMeta m = meta;
        if (m != null) m.detach();
        return this;
    }

    /** The same memory without history and with a count of writes of its own. PyTorch's {@code data}. */
    public Tensor data() {
        return new Tensor(data, new VersionCounter(), inference);
    }

    /** Replaces the memory, keeping the place in the graph. PyTorch's {@code x.data = value}. */
    public void setData(Tensor value) {
        if (value.dtype() != dtype() && requiresGrad() && !value.dtype().isFloatingPoint()) {
            throw new CotangentException(
                    "data set to a tensor that requires gradients must be floating point or complex dtype");
        }
        Scope.changing(this);
        data = value.data;
        AutogradMeta m = meta;
        if (m != null) m.onDataReplaced();
    }

    /**
     * Makes this tensor share the memory, shape and strides of another of its dtype and device; {@code torch.Tensor.set_}.
     *
     * @throws CotangentException if gradients are recorded and one of the two requires them, or if the dtypes differ
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

    /** The gradients of this tensor of one element, added to the leaves it depends on. PyTorch's {@code backward}. */
    public void backward() {
        backward(null, BackwardOptions.DEFAULT);
    }

    /** As {@link #backward()} of a tensor of any shape whose gradient is given. */
    public void backward(@Nullable Tensor gradient) {
        backward(gradient, BackwardOptions.DEFAULT);
    }

    /** As {@link #backward()} with options. */
    public void backward(BackwardOptions options) {
        Arguments.notNull("backward", "options", options);
        backward(null, options);
    }

    /** As {@link #backward(Tensor)} with options. */
    public void backward(@Nullable Tensor gradient, BackwardOptions options) {
        Arguments.notNull("backward", "options", options);
        Backward.run(List.of(this), Arrays.asList(gradient), options);
    }

    /** A copy with memory of its own; part of the graph. PyTorch's {@code clone}. */
    @Override
    public Tensor clone() {
        return CopyOps.clone(this);
    }

    // Text

    /** PyTorch's text: values, dtype, device, history. */
    @Override
    public String toString() {
        return dev.cotangent.internal.format.TensorText.of(this);
    }

    /** Opens the fields to this library's own modules. */
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
    }
}
