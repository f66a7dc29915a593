package dev.cotangent.data;

import dev.cotangent.CotangentException;
import dev.cotangent.Generator;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Operations of {@link IterableDataset}. */
final class Streams {
    private static final int DRAWN_TOGETHER = 256;

    private Streams() {}

    /** A stream passed through a function; a loader runs the function in its workers. */
    record Mapped<S, T>(IterableDataset<S> source, Function<? super S, ? extends T> function)
            implements IterableDataset<T> {
        @Override
        public Iterator<T> iterator() {
            Iterator<S> from = source.iterator();
            return new Derived<>(from) {
                @Override
                protected @Nullable T advance() {
                    return from.hasNext() ? function.apply(from.next()) : null;
                }
            };
        }
    }

    /** An iterator over another one, which is closed with it and at its end. */
    abstract static class Derived<T> implements SampleIterator<T> {
        private Iterator<?> source;
        private @Nullable T next;
        private boolean ended;

        Derived(Iterator<?> source) {
            this.source = source;
        }

        /** Returns the next sample, null at the end. */
        protected abstract @Nullable T advance();

        /** Closes the source of before and reads from another one. */
        protected void switchTo(Iterator<?> other) {
            Streams.close(source);
            source = other;
        }

        @Override
        public boolean hasNext() {
            if (next == null && !ended) {
                next = advance();
                if (next == null) close();
            }
            return next != null;
        }

        @Override
        public T next() {
            if (!hasNext() || next == null) throw new NoSuchElementException();
            T sample = next;
            next = null;
            return sample;
        }

        @Override
        public void close() {
            if (ended) return;
            ended = true;
            next = null;
            Streams.close(source);
        }
    }

    /** Closes an iterator that can be closed. */
    static void close(@Nullable Object iterator) {
        if (!(iterator instanceof AutoCloseable c)) return;
        try {
            c.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new CotangentException("closing an iterator of samples failed: " + e.getMessage(), e);
        }
    }

    static <T> Iterator<T> filter(Iterator<T> from, Predicate<? super T> condition) {
        return new Derived<>(from) {
            @Override
            protected @Nullable T advance() {
                while (from.hasNext()) {
                    T sample = from.next();
                    if (condition.test(sample)) return sample;
                }
                return null;
            }
        };
    }

    static <T> Iterator<T> limit(Iterator<T> from, long most) {
        return new Derived<>(from) {
            private long left = most;

            @Override
            protected @Nullable T advance() {
                return left-- > 0 && from.hasNext() ? from.next() : null;
            }
        };
    }

    static <T> Iterator<T> chain(List<IterableDataset<? extends T>> parts) {
        Iterator<? extends T> first = parts.getFirst().iterator();
        return new Derived<>(first) {
            private Iterator<? extends T> now = first;
            private int opened = 1;

            @Override
            protected @Nullable T advance() {
                while (!now.hasNext()) {
                    if (opened == parts.size()) return null;
                    now = parts.get(opened++).iterator();
                    switchTo(now);
                }
                return now.next();
            }
        };
    }

    static void checkBuffer(int size) {
        if (size <= 0) throw new ValueException("shuffle: the buffer holds one sample or more, got bufferSize=" + size);
    }

    static <T> Iterator<T> shuffle(Iterator<T> from, int size, Generator generator) {
        return new Derived<>(from) {
            private final List<T> buffer = new ArrayList<>();
            private double[] numbers = {};
            private int used;

            @Override
            protected @Nullable T advance() {
                while (buffer.size() < size && from.hasNext()) buffer.add(from.next());
                if (buffer.isEmpty()) return null;
                int at = (int) (draw() * buffer.size());
                T chosen = buffer.get(at);
                T last = buffer.removeLast();
                if (at < buffer.size()) buffer.set(at, last);
                return chosen;
            }

            private double draw() {
                if (used == numbers.length) {
                    numbers = Splits.draw(
                            generator,
                            () -> Tensors.rand(Tensors.FLOAT64, DRAWN_TOGETHER).toDoubleArray());
                    used = 0;
                }
                return numbers[used++];
            }
        };
    }
}
