package dev.cotangent.data.text;

import dev.cotangent.IndexException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.ValueException;
import dev.cotangent.data.Dataset;
import dev.cotangent.data.Example;
import dev.cotangent.data.FileException;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.data.Reading;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Blocks of consecutive tokens for a language model: the input of a sample is a block, its target the block shifted by
 * one token on, both int64. Immutable.
 */
public final class TextBlocks implements Dataset<Example<Tensor>> {
    /** Where the tokens are. */
    private interface Tokens {
        long[] read(long start, int count);
    }

    private final Tokens tokens;
    private final long count;
    private final int blockSize;
    private final long stride;

    private TextBlocks(Tokens tokens, long count, int blockSize, long stride) {
        this.tokens = tokens;
        this.count = count;
        this.blockSize = blockSize;
        this.stride = stride;
    }

    /**
     * Creates the blocks of tokens in memory, one starting at each token.
     *
     * @param tokens with one dimension, such as the result of {@link CharVocabulary#encode}
     * @param blockSize how many tokens make a block
     */
    public static TextBlocks of(Tensor tokens, int blockSize) {
        Arguments.notNull("TextBlocks", "tokens", tokens);
        if (tokens.dim() != 1 || tokens.dtype().isFloatingPoint()) {
            throw new ValueException(
                    "tokens are integers in one dimension, got " + tokens.dtype() + " of shape " + tokens.shape());
        }
        long[] all = tokens.toLongArray();
        check(all.length, blockSize, "there are " + all.length + " tokens");
        return new TextBlocks(
                (start, n) -> Arrays.copyOfRange(all, (int) start, (int) start + n), all.length, blockSize, 1);
    }

    /**
     * Creates the blocks of a file's bytes, tokens of 0 to 255. The file is mapped: only the parts read are in memory.
     */
    public static TextBlocks ofBytes(Path file, int blockSize) {
        Arguments.notNull("TextBlocks", "file", file);
        return Reading.of(file, () -> {
            try (FileChannel channel = FileChannel.open(file)) {
                long size = channel.size();
                if (size <= blockSize) {
                    throw new FileException(
                            file, "it has " + size + " bytes, a block and its target need " + (blockSize + 1L), null);
                }
                check(size, blockSize, "there are " + size + " bytes");
                MemorySegment bytes = channel.map(MapMode.READ_ONLY, 0, size, Arena.ofAuto());
                Tokens mapped = (start, n) -> {
                    long[] block = new long[n];
                    for (int i = 0; i < n; i++) block[i] = bytes.get(ValueLayout.JAVA_BYTE, start + i) & 255;
                    return block;
                };
                return new TextBlocks(mapped, size, blockSize, 1);
            }
        });
    }

    private static void check(long count, int blockSize, String there) {
        if (blockSize <= 0) throw new ValueException("a block has one token or more, got blockSize=" + blockSize);
        if (count <= blockSize) {
            throw new ValueException(there + ", but a block and its target need " + (blockSize + 1L)
                    + "; give a longer text or a smaller blockSize");
        }
    }

    /** Returns the blocks that start at every {@code value}-th token: of {@code blockSize}, blocks that do not overlap. */
    public TextBlocks stride(long value) {
        if (value <= 0) throw new ValueException("the stride of blocks must be positive, got stride=" + value);
        return new TextBlocks(tokens, count, blockSize, value);
    }

    @Override
    public long size() {
        return (count - blockSize - 1) / stride + 1;
    }

    @Override
    public Example<Tensor> get(long index) {
        if (index < 0 || index >= size()) {
            throw new IndexException("index " + index + " is out of range of " + size() + " blocks");
        }
        Tensor both = Tensors.tensor(tokens.read(index * stride, blockSize + 1));
        return new Example<>(both.narrow(0, 0, blockSize), both.narrow(0, 1, blockSize));
    }

    /** Returns {@code TextBlocks(size=100, blockSize=32)}. */
    @Override
    public String toString() {
        return "TextBlocks(size=" + size() + ", blockSize=" + blockSize + ")";
    }
}
