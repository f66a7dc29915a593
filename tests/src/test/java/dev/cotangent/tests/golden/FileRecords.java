package dev.cotangent.tests.golden;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Tensor;
import dev.cotangent.io.LoadOptions;
import dev.cotangent.io.Npz;
import dev.cotangent.io.Safetensors;
import dev.cotangent.io.SafetensorsFile;
import dev.cotangent.io.Torch;
import dev.cotangent.io.Tuple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Files of tensors: what they hold, and that broken ones are refused. */
final class FileRecords {
    private static final String BAD = "bad";

    private final Path folder;
    private final LoadOptions options;
    private final JsonNode records;

    FileRecords(Path folder, Calls calls) throws IOException {
        this.folder = folder;
        this.options = Torch.loadOptions().device(calls.device()).complexAsReal(true);
        this.records = Json.read(folder.resolve("expected.json"));
    }

    void run(Tally tally) {
        for (String name : records.propertyNames()) {
            if (name.equals(BAD)) continue;
            tally.record(null, name, () -> {
                List<String> wrong = new ArrayList<>();
                compare(records.get(name), name, wrong);
                return wrong.isEmpty() ? null : wrong.getFirst();
            });
        }
        for (String name : records.path(BAD).propertyNames()) {
            tally.record(null, BAD + "/" + name, () -> refused(name));
        }
    }

    private void compare(JsonNode expected, String name, List<String> wrong) {
        Path file = folder.resolve(name);
        if (name.endsWith(".safetensors")) {
            try (SafetensorsFile open = Safetensors.open(file, options)) {
                JsonNode metadata = expected.get("metadata");
                if (!metadata.isNull()) compareMap(metadata, open.metadata(), "metadata", wrong);
                else if (!open.metadata().isEmpty()) wrong.add("there are metadata: " + open.metadata());
                JsonNode tensors = expected.get("tensors");
                if (!List.copyOf(tensors.propertyNames()).containsAll(open.keys())) wrong.add("keys " + open.keys());
                for (String key : tensors.propertyNames())
                    compareTensor(tensors.get(key), open.tensor(key), key, wrong);
            }
        } else if (name.endsWith(".npz")) {
            compareMap(expected, Npz.load(file, options), name, wrong);
        } else {
            compare(expected, Torch.load(file, options), name, wrong);
        }
    }

    private void compareMap(JsonNode expected, Map<String, ?> actual, String at, List<String> wrong) {
        if (expected.size() != actual.size()) wrong.add(at + " has " + actual.keySet());
        for (String key : expected.propertyNames()) {
            JsonNode value = expected.get(key);
            if (value.has("dtype")) compareTensor(value, actual.get(key), key, wrong);
            else compare(value, actual.get(key), key, wrong);
        }
    }

    private void compare(JsonNode expected, @Nullable Object actual, String at, List<String> wrong) {
        if (expected.has("dict")) {
            JsonNode items = expected.get("dict");
            if (!(actual instanceof Map<?, ?> map) || map.size() != items.size()) {
                wrong.add(at + " is not a dictionary of " + items.size());
                return;
            }
            List<?> keys = List.copyOf(map.keySet());
            for (int i = 0; i < items.size(); i++) {
                JsonNode key = items.get(i).get(0);
                compare(key, keys.get(i), at + " key " + i, wrong);
                compare(items.get(i).get(1), map.get(keys.get(i)), at + "." + keys.get(i), wrong);
            }
        } else if (expected.has("list") || expected.has("tuple")) {
            JsonNode items = expected.has("list") ? expected.get("list") : expected.get("tuple");
            if (!(actual instanceof List<?> list) || list.size() != items.size()) {
                wrong.add(at + " is no list of " + items.size());
                return;
            }
            if (expected.has("tuple") != (actual instanceof Tuple)) wrong.add(at + " is the other list");
            for (int i = 0; i < items.size(); i++) compare(items.get(i), list.get(i), at + "[" + i + "]", wrong);
        } else if (expected.has("tensor")) {
            compareTensor(expected.get("tensor"), actual, at, wrong);
        } else if (!plain(expected).equals(String.valueOf(actual))) {
            wrong.add(at + ": expected " + expected + ", got " + actual);
        }
    }

    /** Formats a value as Java does. */
    private static String plain(JsonNode value) {
        if (value.has("float"))
            return Double.toString(Json.special(value.get("float").asString()));
        if (value.isNull()) return "null";
        return value.isFloat() || value.isDouble() ? Double.toString(value.asDouble()) : value.asString();
    }

    private void compareTensor(JsonNode expected, @Nullable Object actual, String at, List<String> wrong) {
        if (!(actual instanceof Tensor t)) {
            wrong.add(at + " is no tensor");
            return;
        }
        if (!t.device().equals(options.toDevice())) wrong.add(at + " is on " + t.device());
        String dtype = expected.get("dtype").asString();
        long[] shape = Json.longs(expected.get("shape"));
        if (dtype.startsWith("complex")) {
            dtype = dtype.equals("complex64") ? "float32" : "float64";
            shape = Arrays.copyOf(shape, shape.length + 1);
            shape[shape.length - 1] = 2;
        }
        HostTensor read = HostTensor.of(t);
        if (read.dtype() != Dtype.named(dtype) || !Arrays.equals(read.shape(), shape)) {
            wrong.add(at + ": expected " + dtype + Arrays.toString(shape) + ", got " + read.kind());
            return;
        }
        JsonNode data = expected.get("data");
        for (int i = 0; i < data.size(); i++) {
            JsonNode e = data.get(i);
            double value = e.has("float")
                    ? Json.special(e.get("float").asString())
                    : e.isBoolean() ? (e.asBoolean() ? 1 : 0) : e.asDouble();
            boolean same = read.dtype().isFloatingPoint()
                    ? Double.compare(read.getDouble(i), value) == 0
                    : e.isBoolean() ? read.getDouble(i) == value : read.getLong(i) == e.asLong();
            if (!same) wrong.add(at + " element " + i + ": expected " + e + ", got " + read.getDouble(i));
        }
    }

    /** Checks that a broken file raises an error that names it. */
    private @Nullable String refused(String name) throws IOException {
        Path file = folder.resolve(BAD).resolve(name);
        if (!Files.exists(file)) return "there is no such file";
        try {
            Object read = name.endsWith(".safetensors") ? Safetensors.load(file, options) : Torch.load(file, options);
            return "read as " + read;
        } catch (CotangentException e) {
            String message = String.valueOf(e.getMessage());
            return message.contains(name) ? null : "the message does not name the file: " + message;
        }
    }
}
