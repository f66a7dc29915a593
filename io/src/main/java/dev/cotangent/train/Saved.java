package dev.cotangent.train;

import dev.cotangent.CotangentException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A dictionary of a checkpoint, with checked types. */
final class Saved {
    private final Map<?, ?> map;

    Saved(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> m))
            throw new CotangentException("a dictionary is expected, but it is " + value);
        map = m;
    }

    private CotangentException wrong(String name) {
        return new CotangentException("\"" + name + "\" is " + map.get(name));
    }

    long integer(String name) {
        if (map.get(name) instanceof Long value) return value;
        throw wrong(name);
    }

    double number(String name) {
        if (map.get(name) instanceof Number value) return value.doubleValue();
        throw wrong(name);
    }

    List<Saved> list(String name) {
        if (map.get(name) instanceof List<?> list)
            return list.stream().map(Saved::new).toList();
        throw wrong(name);
    }

    Map<String, Double> numbers(String name) {
        Map<String, Double> out = new LinkedHashMap<>();
        Saved all = new Saved(map.get(name));
        for (Object key : all.map.keySet()) out.put(String.valueOf(key), all.number(String.valueOf(key)));
        return out;
    }

    Map<String, Object> map() {
        Map<String, Object> out = new LinkedHashMap<>();
        map.forEach((key, value) -> out.put(String.valueOf(key), Objects.requireNonNull(value, String.valueOf(key))));
        return out;
    }
}
