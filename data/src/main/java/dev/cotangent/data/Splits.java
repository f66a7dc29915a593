package dev.cotangent.data;

import dev.cotangent.Generator;
import dev.cotangent.IndexException;
import dev.cotangent.Scope;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.Warnings;
import dev.cotangent.internal.Arguments;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;

/** Random splits, permutations and the checks of indices that datasets share. */
final class Splits {
    private static final double CLOSE = 1e-9;

    private Splits() {}

    /** Returns an index, from the end where it is negative; throws PyTorch's IndexError with the size if it is none. */
    static long checked(long index, long size, String name) {
        if (index >= 0 && index < size) return index;
        if (index < 0 && index >= -size) return index + size;
        throw new IndexException("index " + index + " is out of range of a " + name + " of " + size
                + (size == 1 ? " sample" : " samples"));
    }

    static void checkSize(long size) {
        if (size < 0) throw new ValueException("a dataset has 0 or more samples, got size=" + size);
    }

    /** Returns the numbers below n in random order; they are drawn outside of every scope. */
    static long[] permutation(long n, Generator generator) {
        return draw(generator, () -> Tensors.randperm(n).toLongArray());
    }

    /** Returns a random long of 0 to 2^63 - 1, as {@code torch.empty((), dtype=torch.int64).random_()} draws it. */
    static long seed(Generator generator) {
        return draw(generator, () -> Tensors.empty(Tensors.INT64).random_().itemLong());
    }

    /** Runs a computation with a generator, outside of the caller's scopes. */
    static <T> T draw(Generator generator, Supplier<T> numbers) {
        return Scope.outside(() -> {
            try (var _ = generator.use()) {
                return numbers.get();
            }
        });
    }

    static long[] lengths(long size, double... fractions) {
        Arguments.notNull("random_split", "lengths", fractions);
        double sum = 0;
        for (int i = 0; i < fractions.length; i++) {
            if (!(fractions[i] >= 0 && fractions[i] <= 1)) {
                throw new ValueException("Fraction at index " + i + " is not between 0 and 1: " + fractions[i]);
            }
            sum += fractions[i];
        }
        if (Math.abs(sum - 1) > CLOSE) {
            throw new ValueException("Sum of input lengths does not equal the length of the input dataset!"
                    + " The fractions add up to " + sum + ", not to 1");
        }
        long[] lengths = new long[fractions.length];
        long left = size;
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = Math.min(left, (long) Math.floor(size * fractions[i]));
            left -= lengths[i];
        }
        for (int i = 0; left > 0; i = (i + 1) % lengths.length, left--) lengths[i]++;
        for (int i = 0; i < lengths.length; i++) {
            if (lengths[i] == 0) {
                Warnings.warn("Length of split at index " + i + " is 0. This might result in an empty dataset.");
            }
        }
        return lengths;
    }

    static <T> List<Subset<T>> random(Dataset<T> dataset, Generator generator, long... lengths) {
        Arguments.notNull("random_split", "generator", generator);
        Arguments.notNull("random_split", "lengths", lengths);
        long sum = 0;
        for (long length : lengths) {
            if (length < 0) throw new ValueException("random_split: a length must not be negative, got " + length);
            sum = Math.addExact(sum, length);
        }
        if (sum != dataset.size()) {
            throw new ValueException("Sum of input lengths does not equal the length of the input dataset! The lengths "
                    + Arrays.toString(lengths) + " add up to " + sum + ", but the dataset has " + dataset.size()
                    + " samples");
        }
        long[] order = permutation(sum, generator);
        List<Subset<T>> parts = new ArrayList<>();
        int start = 0;
        for (long length : lengths) {
            int end = start + (int) length;
            parts.add(new Subset<>(dataset, Arrays.copyOfRange(order, start, end)));
            start = end;
        }
        return parts;
    }
}
