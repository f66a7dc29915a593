package dev.cotangent.distributed;

import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;

/** A process that adds ones over its group, for ever if its argument says so. */
final class Worker {
    private Worker() {}

    public static void main(String[] args) {
        boolean forEver = args.length > 0;
        try (ProcessGroup group = ProcessGroup.connect(ProcessGroupOptions.fromEnvironment())) {
            for (int i = 0; i < 3 || forEver; i++) {
                Tensor x = Tensors.ones(Shape.of(50_000));
                group.allReduce(x);
                if (i == 0) System.out.println("sum " + x.get(0).itemDouble());
            }
        } catch (DistributedException e) {
            System.out.println("error " + e.getMessage());
            System.exit(3);
        }
    }
}
