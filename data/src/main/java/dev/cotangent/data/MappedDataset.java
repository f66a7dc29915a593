package dev.cotangent.data;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The samples of another dataset, passed through a function. */
record MappedDataset<S, T>(Dataset<S> source, Function<? super S, ? extends T> function) implements Dataset<T> {
    @Override
    public long size() {
        return source.size();
    }

    @Override
    public T get(long index) {
        return function.apply(source.get(index));
    }

    @Override
    public List<T> getAll(long... indices) {
        List<T> all = new ArrayList<>(indices.length);
        for (S sample : source.getAll(indices)) all.add(function.apply(sample));
        return all;
    }

    @Override
    public boolean fetchesTogether() {
        return source.fetchesTogether();
    }
}
