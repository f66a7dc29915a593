package dev.cotangent.io;

import dev.cotangent.Tensor;
import dev.cotangent.ValueException;
import java.io.StringWriter;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The header of a safetensors file, by the format's description (github.com/huggingface/safetensors, "Format"): 8 bytes of
 * length, JSON, and then the data, each byte of which belongs to exactly one tensor.
 *
 * @param tensors the tensors by name, in the order of the header
 * @param metadata texts by name, empty if there are none
 * @param dataStart where the data begins in the file
 */
record SafetensorsHeader(Map<String, Entry> tensors, Map<String, String> metadata, long dataStart) {
    private static final String METADATA = "__metadata__";
    private static final String DTYPE = "dtype";
    private static final String SHAPE = "shape";
    private static final String OFFSETS = "data_offsets";
    private static final int PREFIX = 8;
    private static final long LONGEST = 100_000_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * A tensor's description.
     *
     * @param begin where its data begins, counted from the end of the header
     * @param end where its data ends
     */
    record Entry(ElementType type, long[] shape, long begin, long end) {}

    /** Reads and checks the header of a file. */
    static SafetensorsHeader read(MemorySegment file) {
        Bytes in = new Bytes(file, "the file");
        if (file.byteSize() < PREFIX)
            throw new Malformed("it is shorter than the 8 bytes that its header's length takes");
        long length = in.i64();
        if (length < 0 || length > in.remaining()) {
            throw new Malformed("its header is said to have " + Long.toUnsignedString(length) + " bytes, but only "
                    + in.remaining() + " are there");
        }
        if (length > LONGEST) throw new Malformed("its header has " + length + " bytes, more than " + LONGEST);
        String text = in.text(length);
        if (!text.startsWith("{")) throw new Malformed("its header does not begin with {");
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            SafetensorsHeader header = new Reader(json).read(in.position());
            header.checkData(in.remaining());
            return header;
        } catch (JacksonException e) {
            throw new Malformed("its header is no JSON of safetensors: " + e.getOriginalMessage(), e);
        }
    }

    /** Checks that the data of the tensors is contiguous, without gaps or overlaps. */
    private void checkData(long size) {
        List<Map.Entry<String, Entry>> inOrder = new ArrayList<>(tensors.entrySet());
        inOrder.sort(Comparator.comparingLong((Map.Entry<String, Entry> e) -> e.getValue().begin)
                .thenComparingLong(e -> e.getValue().end));
        long at = 0;
        for (Map.Entry<String, Entry> e : inOrder) {
            Entry t = e.getValue();
            if (t.begin != at) {
                throw new Malformed("the data of tensor \"" + e.getKey() + "\" begins at byte " + t.begin
                        + (t.begin < at
                                ? ", within another tensor's"
                                : ", and nothing has the bytes from " + at + " on"));
            }
            if (t.end > size) {
                throw new Malformed("the data of tensor \"" + e.getKey() + "\" ends at byte " + t.end
                        + ", but there are only " + size);
            }
            at = t.end;
        }
        if (at != size) throw new Malformed("it has " + (size - at) + " bytes at its end that belong to no tensor");
    }

    private static final class Reader {
        private final JsonParser json;

        Reader(JsonParser json) {
            this.json = json;
        }

        SafetensorsHeader read(long dataStart) {
            Map<String, Entry> tensors = new LinkedHashMap<>();
            Map<String, String> metadata = new LinkedHashMap<>();
            expect(json.nextToken(), JsonToken.START_OBJECT, "the header");
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                if (name.equals(METADATA)) metadata(metadata);
                else tensors.put(name, entry(name));
            }
            if (json.nextToken() != null) throw new Malformed("its header goes on after its end");
            return new SafetensorsHeader(tensors, metadata, dataStart);
        }

        private void metadata(Map<String, String> out) {
            expect(json.nextToken(), JsonToken.START_OBJECT, METADATA);
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                expect(json.nextToken(), JsonToken.VALUE_STRING, METADATA + "." + name);
                out.put(name, json.getString());
            }
        }

        private Entry entry(String name) {
            String what = "tensor \"" + name + "\"";
            expect(json.nextToken(), JsonToken.START_OBJECT, what);
            String dtype = null;
            long[] shape = null;
            long[] offsets = null;
            while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                String key = json.currentName();
                switch (key) {
                    case DTYPE -> {
                        expect(json.nextToken(), JsonToken.VALUE_STRING, "the dtype of " + what);
                        dtype = json.getString();
                    }
                    case SHAPE -> shape = longs("the shape of " + what);
                    case OFFSETS -> offsets = longs("the offsets of " + what);
                    default -> throw new Malformed(what + " has an unknown \"" + key + "\"");
                }
            }
            if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
                throw new Malformed(what + " has not all of dtype, shape and data_offsets");
            }
            ElementType type = ElementType.ofSafetensors(dtype);
            if (type == null) throw new Malformed(what + " has the unknown dtype \"" + dtype + "\"");
            long bytes = type.bytes();
            try {
                for (long size : shape) bytes = Math.multiplyExact(bytes, size);
            } catch (ArithmeticException e) {
                throw new Malformed(what + " has too many elements: " + Arrays.toString(shape), e);
            }
            if (offsets[1] < offsets[0]) throw new Malformed("the data of " + what + " ends before it begins");
            if (offsets[1] - offsets[0] != bytes) {
                throw new Malformed(what + " of " + dtype + " with shape " + Arrays.toString(shape) + " needs " + bytes
                        + " bytes of data, but has " + (offsets[1] - offsets[0]));
            }
            return new Entry(type, shape, offsets[0], offsets[1]);
        }

        private long[] longs(String what) {
            expect(json.nextToken(), JsonToken.START_ARRAY, what);
            long[] out = new long[8];
            int count = 0;
            while (json.nextToken() != JsonToken.END_ARRAY) {
                expect(json.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
                if (count == out.length) out = Arrays.copyOf(out, 2 * count);
                out[count] = json.getLongValue();
                if (out[count++] < 0) throw new Malformed(what + " has a negative number");
            }
            return Arrays.copyOf(out, count);
        }

        private static void expect(@Nullable JsonToken found, JsonToken wanted, String what) {
            if (found != wanted) throw new Malformed(what + " is " + found + " in its header, not " + wanted);
        }
    }

    /** Describes tensors to be written: the widest elements first, so that all are aligned. */
    static SafetensorsHeader of(Map<String, Tensor> tensors, Map<String, String> metadata) {
        List<Map.Entry<String, Tensor>> inOrder = new ArrayList<>(tensors.entrySet());
        inOrder.sort(Comparator.comparingInt(
                        (Map.Entry<String, Tensor> e) -> -e.getValue().dtype().bytes())
                .thenComparing(e -> e.getValue().dtype())
                .thenComparing(Map.Entry::getKey));
        Map<String, Entry> entries = new LinkedHashMap<>();
        long at = 0;
        for (Map.Entry<String, Tensor> e : inOrder) {
            if (e.getKey().equals(METADATA)) throw new ValueException("a tensor cannot be named " + METADATA);
            Tensor t = e.getValue();
            long end = at + t.numel() * t.dtype().bytes();
            entries.put(
                    e.getKey(), new Entry(ElementType.of(t.dtype()), t.shape().toArray(), at, end));
            at = end;
        }
        return new SafetensorsHeader(entries, metadata, 0);
    }

    /** Returns the JSON, with spaces at its end so that the data is aligned. */
    byte[] json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectPropertyStart(METADATA);
                metadata.forEach(json::writeStringProperty);
                json.writeEndObject();
            }
            tensors.forEach((name, t) -> {
                json.writeObjectPropertyStart(name);
                json.writeStringProperty(DTYPE, t.type.safetensorsName());
                json.writeArrayPropertyStart(SHAPE);
                for (long size : t.shape) json.writeNumber(size);
                json.writeEndArray();
                json.writeArrayPropertyStart(OFFSETS);
                json.writeNumber(t.begin);
                json.writeNumber(t.end);
                json.writeEndArray();
                json.writeEndObject();
            });
            json.writeEndObject();
        } catch (JacksonException e) {
            throw new ValueException("a name or metadata is no text: " + e.getOriginalMessage(), e);
        }
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(bytes, Math.ceilDiv(bytes.length, PREFIX) * PREFIX);
        Arrays.fill(padded, bytes.length, padded.length, (byte) ' ');
        return padded;
    }
}
