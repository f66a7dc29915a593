package dev.cotangent.nn;

import dev.cotangent.IndexException;
import java.util.List;

/** Items by index, as Python finds them. */
final class Items {
    private Items() {}

    /** Returns an item; negative indices count from the end. */
    static <T> T get(List<T> items, int index) {
        if (index < -items.size() || index >= items.size()) {
            throw new IndexException("index " + index + " is out of range: there are " + items.size());
        }
        return items.get(index < 0 ? index + items.size() : index);
    }
}
