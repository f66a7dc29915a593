package dev.cotangent.tests.golden;

import dev.cotangent.Dtype;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A file of named tensors: a length, a JSON header, the data. */
final class Safetensors {
    private static final Map<String, Dtype> DTYPES = Map.ofEntries(
            Map.entry("F64", Dtype.FLOAT64),
            Map.entry("F32", Dtype.FLOAT32),
            Map.entry("F16", Dtype.FLOAT16),
            Map.entry("BF16", Dtype.BFLOAT16),
            Map.entry("I64", Dtype.INT64),
            Map.entry("I32", Dtype.INT32),
            Map.entry("I16", Dtype.INT16),
            Map.entry("I8", Dtype.INT8),
            Map.entry("U8", Dtype.UINT8),
            Map.entry("BOOL", Dtype.BOOL),
            Map.entry("C64", Dtype.COMPLEX64),
            Map.entry("C128", Dtype.COMPLEX128));

    private final Map<String, HostTensor> tensors = new HashMap<>();

    private Safetensors() {}

    /** Returns an empty file's tensors. */
    static Safetensors none() {
        return new Safetensors();
    }

    /** Reads a file; returns no tensors if it does not exist. */
    static Safetensors read(Path file) throws IOException {
        Safetensors all = new Safetensors();
        if (!Files.exists(file)) return all;
        byte[] bytes = Files.readAllBytes(file);
        int header = Math.toIntExact(
                ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
        JsonNode json = JsonMapper.shared().readTree(new String(bytes, 8, header, StandardCharsets.UTF_8));
        MemorySegment data = MemorySegment.ofArray(bytes).asSlice(8L + header);
        for (Map.Entry<String, JsonNode> e : json.properties()) {
            if (e.getKey().equals("__metadata__")) continue;
            JsonNode entry = e.getValue();
            Dtype dtype = DTYPES.get(entry.get("dtype").asString());
            if (dtype == null) throw new IOException(file + ": unknown dtype of " + e.getKey());
            long begin = entry.get("data_offsets").get(0).asLong();
            long end = entry.get("data_offsets").get(1).asLong();
            all.tensors.put(
                    e.getKey(),
                    new HostTensor(dtype, Json.longs(entry.get("shape")), data.asSlice(begin, end - begin)));
        }
        return all;
    }

    /** Returns the names of the tensors. */
    Set<String> keys() {
        return tensors.keySet();
    }

    /** Returns the tensor of that name. */
    HostTensor get(String key) {
        HostTensor t = tensors.get(key);
        if (t == null) throw new NoSuchElementException("no tensor " + key + " in the file");
        return t;
    }
}
