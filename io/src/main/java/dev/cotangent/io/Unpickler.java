package dev.cotangent.io;

import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads Python's pickles: the opcodes of protocols 2 to 5 (PEP 307, 3154, 574; {@code pickletools}) that PyTorch's files
 * have. A pickle is a program for a machine with a stack. Here it can only build dictionaries, lists, tuples, sets, numbers,
 * texts, and what {@link PickleGlobal} lists: nothing that it names is looked up or run.
 */
final class Unpickler {
    private static final int HIGHEST_PROTOCOL = 5;
    private static final int LONGEST_NAME = 256;
    private static final int LONGEST_INTEGER = 1024;
    private static final int LONG_BITS = 63;

    private final Bytes in;
    private final PickleCalls calls;
    private final Function<Tuple, Object> persistent;
    private final Map<Long, @Nullable Object> memo = new HashMap<>();
    private final Deque<List<@Nullable Object>> marked = new ArrayDeque<>();
    private List<@Nullable Object> stack = new ArrayList<>();

    private Unpickler(Bytes in, Function<Tuple, Object> persistent) {
        this.in = in;
        this.calls = new PickleCalls(in.size());
        this.persistent = persistent;
    }

    /**
     * Reads one pickle, up to its end.
     *
     * @param persistent returns what a persistent id stands for
     */
    static @Nullable Object read(Bytes in, Function<Tuple, Object> persistent) {
        return new Unpickler(in, persistent).run();
    }

    /** Reads a pickle that has no persistent ids. */
    static @Nullable Object read(Bytes in) {
        return read(in, id -> {
            throw new Malformed("its pickle has a persistent id");
        });
    }

    /** Reads a pickle that is all of a memory. */
    static @Nullable Object read(MemorySegment pickle, Function<Tuple, Object> persistent) {
        return read(new Bytes(pickle, "its pickle"), persistent);
    }

    private @Nullable Object run() {
        if (in.u8() != 0x80) throw new Malformed("it is no pickle of protocol 2 or newer, which PyTorch writes");
        int protocol = in.u8();
        if (protocol < 2 || protocol > HIGHEST_PROTOCOL) throw new Malformed("its pickle is of protocol " + protocol);
        while (true) {
            int opcode = in.u8();
            if (opcode == '.') {
                Object result = pop();
                if (!stack.isEmpty() || !marked.isEmpty()) throw new Malformed("its pickle leaves a stack behind");
                return result;
            }
            run(opcode);
        }
    }

    private void run(int opcode) {
        switch (opcode) {
            case 'N' -> push(null);
            case 0x88 -> push(true);
            case 0x89 -> push(false);
            case 'K' -> push((long) in.u8());
            case 'M' -> push((long) in.u16());
            case 'J' -> push((long) in.i32());
            case 0x8a -> push(integer(in.u8()));
            case 0x8b -> push(integer(in.u32()));
            case 'G' -> push(in.bigEndianDouble());
            case 'X' -> push(in.text(in.u32()));
            case 0x8c -> push(in.text(in.u8()));
            case 0x8d -> push(in.text(in.i64()));
            case 'U', 'C' -> push(opcode == 'U' ? in.text(in.u8()) : in.bytes(in.u8()));
            case 'T', 'B' -> push(opcode == 'T' ? in.text(in.u32()) : in.bytes(in.u32()));
            case 0x8e, 0x96 -> push(in.bytes(in.i64()));
            case '}' -> push(new LinkedHashMap<>());
            case ']' -> push(new ArrayList<>());
            case 0x8f -> push(new LinkedHashSet<>());
            case ')' -> push(Tuple.of());
            case '(' -> mark();
            case 't' -> pushOf(Tuple::copyOf);
            case 'l' -> pushOf(ArrayList::new);
            case 0x91 ->
                pushOf(items -> {
                    Set<@Nullable Object> set = new LinkedHashSet<>();
                    for (Object item : items) set.add(PickleCalls.key(item));
                    return set;
                });
            case 'd' ->
                pushOf(items -> {
                    Map<@Nullable Object, @Nullable Object> dict = new LinkedHashMap<>();
                    put(dict, items);
                    return dict;
                });
            case 0x85 -> pushTuple(1);
            case 0x86 -> pushTuple(2);
            case 0x87 -> pushTuple(3);
            case 'a' -> {
                Object item = pop();
                list().add(item);
            }
            case 'e' -> {
                List<@Nullable Object> items = unmark();
                list().addAll(items);
            }
            case 's' -> {
                Object value = pop();
                Object key = pop();
                dict().put(PickleCalls.key(key), value);
            }
            case 'u' -> {
                List<@Nullable Object> items = unmark();
                put(dict(), items);
            }
            case 0x90 -> addToSet();
            case 'q' -> memo.put((long) in.u8(), top());
            case 'r' -> memo.put(in.u32(), top());
            case 0x94 -> memo.put((long) memo.size(), top());
            case 'h' -> push(recall(in.u8()));
            case 'j' -> push(recall(in.u32()));
            case '0' -> pop();
            case '1' -> unmark();
            case '2' -> push(top());
            case 'c' -> push(PickleGlobal.find(in.line(LONGEST_NAME), in.line(LONGEST_NAME)));
            case 0x93 -> {
                if (pop() instanceof String name && pop() instanceof String module) {
                    push(PickleGlobal.find(module, name));
                } else {
                    throw new Malformed("its pickle names something without a name");
                }
            }
            case 'R', 0x81 -> {
                Object arguments = pop();
                Object function = pop();
                push(calls.call(function, arguments));
            }
            case 'b' -> build();
            case 'Q' -> {
                if (!(pop() instanceof Tuple id))
                    throw new Malformed("its pickle has a persistent id that is no tuple");
                push(persistent.apply(id));
            }
            // How long the pickle is from here on says nothing that is not seen anyway.
            case 0x95 -> in.skip(8);
            default ->
                throw new Malformed("its pickle has opcode 0x" + Integer.toHexString(opcode) + " at byte "
                        + (in.position() - 1) + ", which files of tensors do not need");
        }
    }

    private void push(@Nullable Object value) {
        stack.add(value);
    }

    private @Nullable Object top() {
        if (stack.isEmpty()) throw new Malformed("its pickle takes from an empty stack");
        return stack.getLast();
    }

    private @Nullable Object pop() {
        Object value = top();
        stack.removeLast();
        return value;
    }

    private void mark() {
        marked.push(stack);
        stack = new ArrayList<>();
    }

    /** Returns the objects pushed since the last mark. */
    private List<@Nullable Object> unmark() {
        if (marked.isEmpty()) throw new Malformed("its pickle misses a mark");
        List<@Nullable Object> items = stack;
        stack = marked.pop();
        return items;
    }

    private void pushOf(Function<List<@Nullable Object>, Object> maker) {
        push(maker.apply(unmark()));
    }

    private void pushTuple(int count) {
        @Nullable Object[] items = new Object[count];
        for (int i = count - 1; i >= 0; i--) items[i] = pop();
        push(Tuple.of(items));
    }

    @SuppressWarnings("unchecked")
    private List<@Nullable Object> list() {
        if (top() instanceof ArrayList<?> list) return (List<@Nullable Object>) list;
        throw new Malformed("its pickle appends to " + PickleCalls.kind(top()));
    }

    @SuppressWarnings("unchecked")
    private Map<@Nullable Object, @Nullable Object> dict() {
        if (top() instanceof LinkedHashMap<?, ?> dict) return (Map<@Nullable Object, @Nullable Object>) dict;
        throw new Malformed("its pickle puts items into " + PickleCalls.kind(top()));
    }

    private static void put(Map<@Nullable Object, @Nullable Object> dict, List<@Nullable Object> items) {
        if (items.size() % 2 != 0) throw new Malformed("its pickle has a key without a value");
        for (int i = 0; i < items.size(); i += 2) dict.put(PickleCalls.key(items.get(i)), items.get(i + 1));
    }

    @SuppressWarnings("unchecked")
    private void addToSet() {
        List<@Nullable Object> items = unmark();
        if (!(top() instanceof LinkedHashSet<?> set)) throw new Malformed("its pickle has a broken set");
        for (Object item : items) ((Set<@Nullable Object>) set).add(PickleCalls.key(item));
    }

    private @Nullable Object recall(long index) {
        Object value = memo.get(index);
        if (value == null && !memo.containsKey(index)) throw new Malformed("its pickle recalls what it never kept");
        return value;
    }

    private Number integer(long bytes) {
        if (bytes > LONGEST_INTEGER) throw new Malformed("its pickle has an integer of " + bytes + " bytes");
        if (bytes == 0) return 0L;
        byte[] digits = in.bytes(bytes);
        for (int i = 0, j = digits.length - 1; i < j; i++, j--) {
            byte b = digits[i];
            digits[i] = digits[j];
            digits[j] = b;
        }
        BigInteger value = new BigInteger(digits);
        return value.bitLength() <= LONG_BITS ? (Number) value.longValue() : value;
    }

    /** Sets attributes: those of dictionaries, such as the versions of modules, are left out; others have none. */
    private void build() {
        Object state = pop();
        Object target = top();
        if (target instanceof Map<?, ?> && state instanceof Map<?, ?>) return;
        throw new Malformed("its pickle sets attributes of " + PickleCalls.kind(target));
    }
}
