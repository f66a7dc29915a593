package dev.cotangent.distributed;

import dev.cotangent.Dtype;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * An operation of a process group as every message of it describes it, so that ranks which are in different operations
 * notice it.
 *
 * @param sequence the number of the collective in its group, from 1; 0 for point to point
 * @param dtype the type of the elements; null if there are none
 * @param count the number of elements of a rank
 * @param reduce how elements are combined, or null
 * @param root the rank that sends or receives alone, or -1
 */
record Collective(
        Kind kind,
        long sequence,
        @Nullable Dtype dtype,
        long count,
        @Nullable ReduceOp reduce,
        int root) {
    /** Bytes of the encoded form. */
    static final int BYTES = 24;

    private static final Kind[] KINDS = Kind.values();
    private static final Dtype[] DTYPES = Dtype.values();
    private static final ReduceOp[] REDUCES = ReduceOp.values();

    enum Kind {
        ALL_REDUCE("all_reduce"),
        REDUCE("reduce"),
        REDUCE_SCATTER("reduce_scatter"),
        ALL_GATHER("all_gather"),
        ALL_TO_ALL("all_to_all"),
        BROADCAST("broadcast"),
        GATHER("gather"),
        SCATTER("scatter"),
        BARRIER("barrier"),
        POINT_TO_POINT("send/recv");

        private final String torchName;

        Kind(String torchName) {
            this.torchName = torchName;
        }

        String torchName() {
            return torchName;
        }
    }

    void encode(ByteBuffer to) {
        to.put((byte) kind.ordinal())
                .put((byte) (dtype == null ? -1 : dtype.ordinal()))
                .put((byte) (reduce == null ? -1 : reduce.ordinal()))
                .put((byte) 0)
                .putInt(root)
                .putLong(sequence)
                .putLong(count);
    }

    /** Returns the operation of an encoded form, or null if it is none. */
    static @Nullable Collective decode(ByteBuffer from) {
        int kind = from.get();
        int dtype = from.get();
        int reduce = from.get();
        from.get();
        int root = from.getInt();
        long sequence = from.getLong();
        long count = from.getLong();
        if (kind < 0 || kind >= KINDS.length || dtype >= DTYPES.length || reduce >= REDUCES.length) return null;
        return new Collective(
                KINDS[kind],
                sequence,
                dtype < 0 ? null : DTYPES[dtype],
                count,
                reduce < 0 ? null : REDUCES[reduce],
                root);
    }

    /** Returns text such as {@code all_reduce(SUM) #3 of 10 float32}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(kind.torchName());
        if (reduce != null) text.append('(').append(reduce).append(')');
        if (root >= 0) text.append("(root=").append(root).append(')');
        if (sequence > 0) text.append(" #").append(sequence);
        if (dtype != null) text.append(" of ").append(count).append(' ').append(dtype.torchName());
        return text.toString();
    }
}
