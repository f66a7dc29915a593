package dev.cotangent.data;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Copies the tensors of a batch to a device. */
final class Transfer {
    private final Device device;
    private final List<Tensor> copies = new ArrayList<>();

    Transfer(Device device) {
        this.device = device;
    }

    /** Returns the batch with tensors on the device, in lists, maps and records too; other objects as they are. */
    Object move(Object batch) {
        return switch (batch) {
            case Tensor t -> tensor(t);
            case List<?> list -> {
                List<@Nullable Object> moved = new ArrayList<>(list.size());
                for (Object o : list) moved.add(o == null ? null : move(o));
                yield moved;
            }
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> moved = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((key, value) -> moved.put(key, value == null ? null : move(value)));
                yield moved;
            }
            case Record r -> {
                RecordShape shape = RecordShape.of(r.getClass());
                Object[] values = shape.values(r);
                for (int i = 0; i < values.length; i++) values[i] = move(values[i]);
                yield shape.make(values);
            }
            default -> batch;
        };
    }

    private Tensor tensor(Tensor t) {
        Tensor moved = t.to(device);
        if (moved != t) copies.add(moved);
        return moved;
    }

    /** Returns the tensors that were made: nobody else has their memory. */
    List<Tensor> copies() {
        return copies;
    }
}
