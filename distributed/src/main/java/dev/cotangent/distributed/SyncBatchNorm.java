package dev.cotangent.distributed;

import dev.cotangent.Tensor;
import dev.cotangent.autograd.Context;
import dev.cotangent.autograd.Function;
import dev.cotangent.internal.Arguments;
import dev.cotangent.nn.BatchNorm1d;
import dev.cotangent.nn.BatchNorm2d;
import dev.cotangent.nn.BatchNorm3d;
import dev.cotangent.nn.ChannelNorm;
import dev.cotangent.nn.Module;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Batch norm with the statistics of the batches of all ranks; PyTorch's {@code nn.SyncBatchNorm}. */
public final class SyncBatchNorm {
    private SyncBatchNorm() {}

    /**
     * Makes all batch norms of a module compute, in training, the statistics of the batches of all ranks together; PyTorch's
     * {@code convert_sync_batchnorm}. The layers stay the objects that they are, with their parameters and names.
     */
    public static void convert(Module module, ProcessGroup group) {
        Arguments.notNull("convert_sync_batchnorm", "module", module);
        Arguments.notNull("convert_sync_batchnorm", "group", group);
        for (Module m : module.modules()) {
            if (m instanceof BatchNorm1d || m instanceof BatchNorm2d || m instanceof BatchNorm3d) {
                ((ChannelNorm) m).synchronizeStatistics(x -> new AllReduce(group).apply(x));
            }
        }
    }

    /** The sum over the ranks; every rank's result depends on every rank's input, so gradients are summed as well. */
    private static final class AllReduce extends Function {
        private final ProcessGroup group;

        AllReduce(ProcessGroup group) {
            this.group = group;
        }

        @Override
        protected Tensor[] forward(Context ctx, Tensor... inputs) {
            return new Tensor[] {sum(inputs[0])};
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... grads) {
            return new Tensor[] {sum(Objects.requireNonNull(grads[0]))};
        }

        private Tensor sum(Tensor x) {
            Tensor copy = x.clone();
            group.allReduce(copy);
            return copy;
        }
    }
}
