package dev.cotangent.io;

import dev.cotangent.CotangentException;
import dev.cotangent.Device;
import dev.cotangent.Dtype;
import dev.cotangent.Shape;
import dev.cotangent.Tensor;
import dev.cotangent.TypeException;
import dev.cotangent.ValueException;
import dev.cotangent.backend.Storage;
import dev.cotangent.backend.Strided;
import dev.cotangent.internal.Internals;
import dev.cotangent.nn.Parameter;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes a pickle of protocol 2 as PyTorch does: of null, booleans, numbers, texts, bytes, lists, tuples, maps, sets,
 * shapes, dtypes, devices and tensors, whose storages are referred to by number. Objects with several references are
 * written once.
 */
final class Pickler {
    private static final int DEEPEST = 400;
    private static final int LONGEST_INTEGER = 255;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<Object, Integer> memo = new IdentityHashMap<>();
    private final Map<String, Integer> texts = new HashMap<>();
    private final Map<Storage, Integer> storages = new LinkedHashMap<>();
    private final Map<Storage, Dtype> types = new HashMap<>();
    private final Set<Object> begun = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<String> path = new ArrayDeque<>();
    private int memoized;

    /** Writes a value. */
    byte[] pickle(@Nullable Object value) {
        out.write(0x80);
        out.write(2);
        write(value);
        out.write('.');
        return out.toByteArray();
    }

    /** Returns the storages of the tensors, in the order of their numbers. */
    List<Storage> storages() {
        return new ArrayList<>(storages.keySet());
    }

    private void write(@Nullable Object value) {
        switch (value) {
            case null -> out.write('N');
            case Boolean b -> out.write(b ? 0x88 : 0x89);
            case Integer n -> integer(n);
            case Long n -> integer(n);
            case Short n -> integer(n);
            case Byte n -> integer(n);
            case BigInteger n -> integer(n);
            case Double n -> number(n);
            case Float n -> number(n);
            case String s -> text(s);
            case Dtype d -> global("torch." + ElementType.of(d).torchName());
            case Device d -> device(d);
            case Shape s -> shape(s);
            case byte[] b -> bytes(b);
            case Tensor t -> shared(t, () -> tensor(t));
            case Tuple t -> shared(t, () -> tuple(t));
            case List<?> list -> shared(list, () -> list(list));
            case Map<?, ?> map -> shared(map, () -> map(map));
            case Set<?> set -> shared(set, () -> set(set));
            default ->
                throw new TypeException("torch.save cannot write " + where() + ", a "
                        + value.getClass().getName()
                        + ": files have tensors, numbers, texts, booleans, byte[], lists, maps, sets and null");
        }
    }

    private String where() {
        if (path.isEmpty()) return "this value";
        return "the value at " + String.join("", path.reversed());
    }

    private void write(String step, @Nullable Object value) {
        path.push(step);
        write(value);
        path.pop();
    }

    /** Writes what may be in several places: once, and then a reference to it. */
    private void shared(Object value, Runnable writer) {
        Integer known = memo.get(value);
        if (known != null) {
            recall(known);
            return;
        }
        if (path.size() > DEEPEST || !begun.add(value)) {
            throw new CotangentException("torch.save cannot write " + where() + ", which contains itself or nests more"
                    + " than " + DEEPEST + " values");
        }
        writer.run();
        begun.remove(value);
        memo.putIfAbsent(value, memoize());
    }

    private int memoize() {
        if (memoized < 256) {
            out.write('q');
            out.write(memoized);
        } else {
            out.write('r');
            int32(memoized);
        }
        return memoized++;
    }

    private void recall(int index) {
        if (index < 256) {
            out.write('h');
            out.write(index);
        } else {
            out.write('j');
            int32(index);
        }
    }

    private void int32(int value) {
        for (int shift = 0; shift < 32; shift += 8) out.write(value >>> shift);
    }

    private void integer(long n) {
        if (n >= 0 && n < 256) {
            out.write('K');
            out.write((int) n);
        } else if (n == (int) n) {
            out.write('J');
            int32((int) n);
        } else {
            integer(BigInteger.valueOf(n));
        }
    }

    private void integer(BigInteger n) {
        if (n.bitLength() < 32) {
            integer(n.longValueExact());
            return;
        }
        byte[] digits = n.toByteArray();
        if (digits.length > LONGEST_INTEGER) throw new ValueException("an integer has " + digits.length + " bytes");
        out.write(0x8a);
        out.write(digits.length);
        for (int i = digits.length - 1; i >= 0; i--) out.write(digits[i]);
    }

    private void number(double n) {
        out.write('G');
        out.writeBytes(ByteBuffer.allocate(8).putDouble(n).array());
    }

    private void text(String s) {
        Integer known = texts.get(s);
        if (known != null) {
            recall(known);
            return;
        }
        ByteBuffer utf8;
        try {
            utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(s));
        } catch (CharacterCodingException e) {
            throw new ValueException("torch.save cannot write " + where() + ": half of a surrogate pair is no text", e);
        }
        out.write('X');
        int32(utf8.remaining());
        out.write(utf8.array(), 0, utf8.remaining());
        texts.put(s, memoize());
    }

    private void global(String name) {
        Integer known = texts.get("\0" + name);
        if (known != null) {
            recall(known);
            return;
        }
        int dot = name.lastIndexOf('.');
        String module = name.substring(0, dot).replace("builtins", "__builtin__");
        out.write('c');
        out.writeBytes((module + "\n" + name.substring(dot + 1) + "\n").getBytes(StandardCharsets.US_ASCII));
        texts.put("\0" + name, memoize());
    }

    private void device(Device d) {
        global(PickleGlobal.Callable.DEVICE.toString());
        text(d.type());
        if (d.isCpu()) {
            out.write(0x85);
        } else {
            integer(d.index());
            out.write(0x86);
        }
        out.write('R');
    }

    private void shape(Shape s) {
        global(PickleGlobal.Callable.SIZE.toString());
        longs(s.toArray());
        out.write(0x85);
        out.write('R');
    }

    /** Writes {@code _codecs.encode(text, 'latin1')}, which is what Python makes of bytes in protocol 2. */
    private void bytes(byte[] b) {
        global(PickleGlobal.Callable.ENCODE.toString());
        text(new String(b, StandardCharsets.ISO_8859_1));
        text("latin1");
        out.write(0x86);
        out.write('R');
    }

    private void longs(long[] values) {
        out.write('(');
        for (long v : values) integer(v);
        out.write('t');
    }

    private void tuple(Tuple t) {
        if (t.isEmpty()) {
            out.write(')');
            return;
        }
        out.write('(');
        for (int i = 0; i < t.size(); i++) write("[" + i + "]", t.get(i));
        out.write('t');
    }

    private void list(List<?> list) {
        out.write(']');
        if (list.isEmpty()) return;
        out.write('(');
        int i = 0;
        for (Object item : list) write("[" + i++ + "]", item);
        out.write('e');
    }

    private void map(Map<?, ?> map) {
        out.write('}');
        if (map.isEmpty()) return;
        out.write('(');
        map.forEach((key, value) -> {
            if (!isKey(key)) {
                throw new TypeException("torch.save cannot write " + where() + ": it has a key of "
                        + key.getClass().getName() + "; keys are texts, numbers, booleans and tuples of these");
            }
            write("[key]", key);
            write("[\"" + key + "\"]", value);
        });
        out.write('u');
    }

    private static boolean isKey(@Nullable Object key) {
        return switch (key) {
            case null -> true;
            case String _, Boolean _, Integer _, Long _, Short _, Byte _, BigInteger _, Double _, Float _ -> true;
            case Tuple t -> t.stream().allMatch(k -> !(k instanceof Tuple) && isKey(k));
            default -> false;
        };
    }

    private void set(Set<?> set) {
        global(PickleGlobal.Callable.SET.toString());
        out.write(']');
        out.write('(');
        for (Object item : set) {
            if (!isKey(item)) throw new TypeException("torch.save cannot write " + where() + ": no item of a set");
            write("[item]", item);
        }
        out.write('e');
        out.write(0x85);
        out.write('R');
    }

    private void tensor(Tensor t) {
        boolean parameter = Parameter.is(t);
        if (parameter) global(PickleGlobal.Callable.REBUILD_PARAMETER.toString());
        if (parameter) out.write('(');
        // Computed before its storage is asked for, so that the storage has its memory.
        Strided data = Internals.data(t.detach().resolveConj().resolveNeg());
        Storage storage = data.storage();
        Dtype known = types.putIfAbsent(storage, t.dtype());
        if (known != null && known != t.dtype()) {
            throw new CotangentException("Cannot save multiple tensors or storages that view the same data as different"
                    + " types: " + known + " and " + t.dtype() + ". clone() one of them");
        }
        global(PickleGlobal.Callable.REBUILD_TENSOR_V2.toString());
        out.write('(');
        out.write('(');
        text("storage");
        global("torch." + ElementType.of(t.dtype()).storageName());
        Integer number = storages.get(storage);
        if (number == null) storages.put(storage, number = storages.size());
        text(Integer.toString(number));
        text("cpu");
        integer(data.capacity());
        out.write('t');
        out.write('Q');
        integer(data.layout().offset());
        longs(data.layout().sizes());
        longs(data.layout().strides());
        out.write(t.requiresGrad() && !parameter ? 0x88 : 0x89);
        hooks();
        out.write('t');
        out.write('R');
        if (!parameter) return;
        out.write(t.requiresGrad() ? 0x88 : 0x89);
        hooks();
        out.write('t');
        out.write('R');
    }

    private void hooks() {
        global(PickleGlobal.Callable.ORDERED_DICT.toString());
        out.write(')');
        out.write('R');
    }
}
