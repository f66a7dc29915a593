package dev.cotangent.data;

import dev.cotangent.CotangentException;
import dev.cotangent.NdArray;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.TypeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** PyTorch's default_collate. */
final class Collation {
    private Collation() {}

    static Object untyped(List<?> samples) {
        return batch(samples, false);
    }

    @SuppressWarnings("unchecked")
    static <T> T typed(List<? extends T> samples) {
        return (T) batch(samples, true);
    }

    private static Object batch(List<?> samples, boolean sameType) {
        Object first = samples.getFirst();
        return switch (first) {
            case Tensor _ -> Tensors.stack(all(samples, Tensor.class, t -> t));
            case NdArray _ when !sameType -> Tensors.stack(all(samples, NdArray.class, Tensors::tensor));
            case Number n when !sameType -> numbers(n, samples);
            case Boolean _ when !sameType -> Tensors.tensor(all(samples, Boolean.class, b -> b));
            case CharSequence _ when !sameType -> List.copyOf(samples);
            case List<?> list -> lists(list.size(), samples, sameType);
            case Map<?, ?> map -> maps(map, samples, sameType);
            case Record r -> records(r, samples, sameType);
            case Object a
            when a.getClass().isArray() && !sameType -> Tensors.stack(all(samples, a.getClass(), Tensors::tensor));
            default -> throw refused(first, sameType);
        };
    }

    private static TypeException refused(Object sample, boolean sameType) {
        String name = sample.getClass().getName();
        if (sameType) {
            return new TypeException(
                    "a batch of " + name + " is not of the samples' type; give the loader a collate function,"
                            + " such as Collate.standard() or Collate.list(), or make the sample of tensors");
        }
        return new TypeException(
                "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found " + name
                        + ". Give the loader a collate function, such as Collate.list()");
    }

    /** Casts all samples to a class. Throws an error that names the first sample of another class. */
    private static <S, T> List<T> all(List<?> samples, Class<S> type, Function<? super S, ? extends T> function) {
        List<T> all = new ArrayList<>(samples.size());
        for (Object s : samples) {
            if (!type.isInstance(s)) throw mixed(samples.getFirst(), s, all.size());
            all.add(function.apply(type.cast(s)));
        }
        return all;
    }

    private static TypeException mixed(Object first, Object other, int entry) {
        return new TypeException("the samples of a batch are of one type, but entry 0 is of "
                + first.getClass().getName() + " and entry " + entry + " of "
                + other.getClass().getName());
    }

    private static Tensor numbers(Number first, List<?> samples) {
        List<Number> all = all(samples, Number.class, n -> n);
        return switch (first) {
            case Long _, Integer _, Short _, Byte _
            when all.stream().allMatch(n -> !isFraction(n)) ->
                Tensors.tensor(all.stream().mapToLong(Number::longValue).toArray());
            case Float _
            when all.stream().allMatch(n -> n instanceof Float) -> {
                float[] values = new float[all.size()];
                for (int i = 0; i < values.length; i++) values[i] = all.get(i).floatValue();
                yield Tensors.tensor(values);
            }
            default ->
                Tensors.tensor(all.stream().mapToDouble(Number::doubleValue).toArray());
        };
    }

    private static boolean isFraction(Number n) {
        return n instanceof Double || n instanceof Float;
    }

    private static List<Object> lists(int size, List<?> samples, boolean sameType) {
        List<List<?>> all = new ArrayList<>();
        for (Object s : samples) {
            if (!(s instanceof List<?> list)) throw mixed(samples.getFirst(), s, all.size());
            if (list.size() != size) {
                throw new CotangentException(
                        "each element in list of batch should be of equal size: entry 0 has " + size
                                + " elements, entry " + all.size() + " has " + list.size()
                                + ". Pad them, or give the loader a collate function");
            }
            all.add(list);
        }
        List<Object> batch = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            int at = i;
            batch.add(batch(all.stream().<Object>map(l -> l.get(at)).toList(), sameType));
        }
        return batch;
    }

    private static Map<Object, Object> maps(Map<?, ?> first, List<?> samples, boolean sameType) {
        Map<Object, Object> batch = LinkedHashMap.newLinkedHashMap(first.size());
        for (Object key : first.keySet()) {
            List<Object> values = new ArrayList<>(samples.size());
            for (Object s : samples) {
                if (!(s instanceof Map<?, ?> map)) throw mixed(first, s, values.size());
                Object value = map.get(key);
                if (value == null) {
                    throw new CotangentException("the maps of a batch have the keys of entry 0, but entry "
                            + values.size() + " has no '" + key + "', only " + map.keySet());
                }
                values.add(value);
            }
            batch.put(key, batch(values, sameType));
        }
        return batch;
    }

    private static Object records(Record first, List<?> samples, boolean sameType) {
        RecordShape shape = RecordShape.of(first.getClass());
        List<Object[]> rows = new ArrayList<>(samples.size());
        for (Object s : samples) {
            if (s.getClass() != first.getClass()) throw mixed(first, s, rows.size());
            rows.add(shape.values((Record) s));
        }
        List<String> names = shape.names();
        Object[] batch = new Object[names.size()];
        for (int i = 0; i < batch.length; i++) {
            int at = i;
            batch[i] = batch(rows.stream().map(r -> r[at]).toList(), sameType);
        }
        if (shape.canHold(batch)) return shape.make(batch);
        if (sameType) throw refused(first, true);
        Map<Object, Object> map = LinkedHashMap.newLinkedHashMap(batch.length);
        for (int i = 0; i < batch.length; i++) map.put(names.get(i), batch[i]);
        return map;
    }
}
