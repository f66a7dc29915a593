package dev.cotangent.tests.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reading the records. */
final class Json {
    private Json() {}

    /** Reads a file that holds one value. */
    static JsonNode read(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    /** Reads a file with one object in each line, or nothing if there is no file. */
    static List<JsonNode> lines(Path file) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        if (!Files.exists(file)) return all;
        for (String line : Files.readAllLines(file)) {
            if (!line.isBlank()) all.add(JsonMapper.shared().readTree(line));
        }
        return all;
    }

    /** Returns integers. */
    static long[] longs(JsonNode array) {
        long[] out = new long[array.size()];
        for (int i = 0; i < out.length; i++) out[i] = array.get(i).asLong();
        return out;
    }

    /** Returns numbers; those that JSON cannot write are texts, bool is 0 or 1. */
    static double[] doubles(JsonNode array) {
        double[] out = new double[array.size()];
        for (int i = 0; i < out.length; i++) out[i] = number(array.get(i));
        return out;
    }

    static double number(JsonNode n) {
        if (n.isBoolean()) return n.asBoolean() ? 1 : 0;
        return n.isString() ? special(n.asString()) : n.asDouble();
    }

    /** Parses {@code nan}, {@code inf}, {@code -inf}. */
    static double special(String name) {
        return switch (name) {
            case "nan" -> Double.NaN;
            case "inf" -> Double.POSITIVE_INFINITY;
            case "-inf" -> Double.NEGATIVE_INFINITY;
            default -> throw new IllegalArgumentException("no number: " + name);
        };
    }

    /** Returns a member's text, or an empty one. */
    static String text(JsonNode object, String name) {
        return object.path(name).isString() ? object.get(name).asString() : "";
    }
}
