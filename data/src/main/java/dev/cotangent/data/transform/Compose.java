package dev.cotangent.data.transform;

import dev.cotangent.Tensor;
import dev.cotangent.internal.Arguments;
import java.util.List;

/** A sequence of transforms; {@code torchvision.transforms.Compose}. */
public final class Compose implements Transform {
    private final List<Transform> transforms;

    /** Creates one of transforms in their order. */
    public Compose(Transform... transforms) {
        this.transforms = List.of(Arguments.noNulls("Compose", "transforms", transforms));
    }

    @Override
    public Tensor apply(Tensor image) {
        Tensor t = image;
        for (Transform transform : transforms) t = transform.apply(t);
        return t;
    }

    /** Returns the transforms, one a line, as torchvision prints them. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Compose(");
        for (Transform t : transforms) text.append("\n    ").append(t);
        return text.append("\n)").toString();
    }
}
