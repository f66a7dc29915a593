package dev.cotangent.autograd;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import dev.cotangent.internal.Internals;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forward-mode differentiation with dual tensors; PyTorch's {@code torch.autograd.forward_ad}.
 *
 * {@snippet :
 * try (var level = ForwardAD.dualLevel()) {
 *     Tensor x = ForwardAD.makeDual(primal, direction);
 *     Tensor derivative = ForwardAD.unpackDual(x.sin().mul(x)).tangent();
 * }
 * }
 *
 * <p>The tangent is computed on request by double backward over the recorded operations, so every operation that can be
 * differentiated twice supports it. Unlike in PyTorch, tangents do not pass through operations in the block of {@link
 * dev.cotangent.autograd.Autograd#noGrad()}, which are not recorded.
 */
public final class ForwardAD {
    private static final ThreadLocal<@Nullable Level> CURRENT = new ThreadLocal<>();

    private ForwardAD() {}

    /**
     * A tensor and its tangent.
     *
     * @param primal the tensor without its tangent
     * @param tangent of the same shape; null if the tensor does not depend on a dual tensor
     */
    public record Dual(Tensor primal, @Nullable Tensor tangent) {}

    /** A level of forward-mode differentiation; close in the opening thread. */
    public static final class Level implements AutoCloseable {
        private final List<Tensor> duals = new ArrayList<>();
        private final List<Tensor> tangents = new ArrayList<>();

        private Level() {}

        /** Ends the level and drops its tangents. */
        @Override
        public void close() {
            if (CURRENT.get() == this) CURRENT.remove();
        }
    }

    /**
     * Opens a level, in which dual tensors can be created; {@code dual_level()}.
     *
     * @throws CotangentException if one is open in the calling thread
     */
    public static Level dualLevel() {
        if (CURRENT.get() != null) {
            throw new CotangentException("Nested forward mode AD is not supported at the moment");
        }
        Level level = new Level();
        CURRENT.set(level);
        return level;
    }

    /**
     * Returns an alias of {@code primal} with a tangent; {@code make_dual}.
     *
     * @param tangent of the shape of {@code primal}
     */
    public static Tensor makeDual(Tensor primal, Tensor tangent) {
        Level level = CURRENT.get();
        if (level == null) {
            throw new CotangentException("Trying to create a dual Tensor for forward AD but no level exists, make sure"
                    + " to enter_dual_level() first. In Java: the block of ForwardAD.dualLevel().");
        }
        if (!primal.dtype().isDifferentiable()) {
            throw new ValueException("Expected primal to be floating point or complex, but got: " + primal.dtype());
        }
        if (!Arrays.equals(
                Internals.layout(primal).sizes(), Internals.layout(tangent).sizes())) {
            throw new CotangentException("Trying to set a forward gradient that has a different size than that of the"
                    + " original Tensor, this is not supported. Tensor is of size " + sizes(primal) + " while the given"
                    + " forward gradient is of size " + sizes(tangent) + ".");
        }
        Tensor dual = Transforms.inputs(List.of(primal), true).getFirst();
        level.duals.add(dual);
        level.tangents.add(tangent);
        return dual;
    }

    private static String sizes(Tensor t) {
        return Arrays.toString(Internals.layout(t).sizes());
    }

    /** Returns a tensor and its tangent, computed from those of the dual tensors; {@code unpack_dual}. */
    public static Dual unpackDual(Tensor tensor) {
        Level level = CURRENT.get();
        if (level == null || level.duals.isEmpty() || !tensor.requiresGrad()) return new Dual(tensor, null);
        boolean enabled = GradMode.isEnabled();
        GradMode.Guard mode = GradMode.set(true);
        try {
            Tensor weight = tensor.detach().zerosLike().requiresGrad_(true);
            List<@Nullable Tensor> found = Transforms.linearized(List.of(tensor), List.of(weight), level.duals);
            List<Tensor> gradients = new ArrayList<>();
            List<Tensor> given = new ArrayList<>();
            for (int i = 0; i < found.size(); i++) {
                Tensor g = found.get(i);
                if (g == null) continue;
                gradients.add(g);
                given.add(level.tangents.get(i));
            }
            boolean recorded = enabled && Transforms.dependsOnOthers(List.of(tensor), level.duals);
            boolean isTracked = enabled && given.stream().anyMatch(Tensor::requiresGrad);
            Tensor primal = recorded ? tensor : tensor.detach();
            if (gradients.isEmpty()) return new Dual(primal, null);
            boolean graph = recorded || isTracked;
            Tensor tangent = Transforms.gradients(gradients, given, List.of(weight), graph, true)
                    .getFirst();
            if (tangent == null) tangent = tensor.detach().zerosLike();
            return new Dual(primal, graph ? tangent : tangent.detach());
        } finally {
            mode.restore();
        }
    }
}
