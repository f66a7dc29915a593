package dev.cotangent.io;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.RandomAccess;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A Python tuple: a list that cannot be changed, and that is saved as a tuple again. */
public final class Tuple extends AbstractList<@Nullable Object> implements RandomAccess {
    private final List<@Nullable Object> items;

    private Tuple(List<? extends @Nullable Object> items) {
        this.items = Collections.unmodifiableList(new ArrayList<>(items));
    }

    /** Returns a tuple of these items. */
    public static Tuple of(@Nullable Object... items) {
        List<@Nullable Object> list = new ArrayList<>(items.length);
        Collections.addAll(list, items);
        return new Tuple(list);
    }

    /** Returns a tuple of the items of a list. */
    public static Tuple copyOf(List<? extends @Nullable Object> items) {
        return items instanceof Tuple t ? t : new Tuple(items);
    }

    @Override
    public @Nullable Object get(int index) {
        return items.get(index);
    }

    @Override
    public int size() {
        return items.size();
    }

    /** Returns the items in parentheses. */
    @Override
    public String toString() {
        return items.stream()
                .map(String::valueOf)
                .collect(Collectors.joining(", ", "(", items.size() == 1 ? ",)" : ")"));
    }
}
