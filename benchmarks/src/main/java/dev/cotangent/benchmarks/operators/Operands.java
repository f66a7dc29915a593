package dev.cotangent.benchmarks.operators;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.benchmarks.Inputs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Creates the operands of {@code operands.txt}, identical to those of PyTorch's side. */
final class Operands {
    /** Resource that both sides read. */
    static final String FILE = "/dev/cotangent/benchmarks/operands.txt";

    /** Number of cached operands. */
    private static final int CACHE_SIZE = 12;

    private static final long STRIDE = 7919;

    private record Kind(int seed, String dtype, List<String> shape, String low, String high, boolean requiresGrad) {}

    private static final Map<String, Kind> KINDS = new HashMap<>();
    private static final Map<Integer, Map<String, Long>> SIZES = new HashMap<>();

    static {
        try (var in = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Operands.class.getResourceAsStream(FILE)), StandardCharsets.UTF_8))) {
            for (String line; (line = in.readLine()) != null; ) {
                String[] words = line.split("\\s+");
                if (line.isBlank() || line.startsWith("#")) continue;
                if (words[0].equals("size")) {
                    Map<String, Long> letters = new HashMap<>();
                    for (String word : Arrays.asList(words).subList(2, words.length)) {
                        letters.put(word.substring(0, 1), Long.parseLong(word.substring(2)));
                    }
                    SIZES.put(Integer.parseInt(words[1]), letters);
                } else {
                    List<String> shape = List.of(words[2].split(","));
                    KINDS.put(
                            words[0],
                            new Kind(KINDS.size() + 1, words[1], shape, words[3], words[4], words[5].equals("grad")));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final Device device;
    private final Map<String, Tensor> cache = new LinkedHashMap<>(CACHE_SIZE, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tensor> eldest) {
            return size() > CACHE_SIZE;
        }
    };

    Operands(Device device) {
        this.device = device;
    }

    /** Returns whether a backward pass computes the gradient of an operand. */
    static boolean requiresGrad(String name) {
        return kind(name).requiresGrad;
    }

    /** Returns an operand for the given size. */
    Tensor get(String name, int size) {
        return cache.computeIfAbsent(name + "/" + size, _ -> make(kind(name), letters(size)));
    }

    private static Map<String, Long> letters(int size) {
        return SIZES.getOrDefault(size, Map.of());
    }

    /** Returns the bytes of an operand. */
    static double bytes(String name, int size) {
        Kind kind = kind(name);
        double count =
                kind.shape.stream().mapToDouble(s -> number(s, letters(size))).reduce(1, (a, b) -> a * b);
        return count
                * switch (kind.dtype) {
                    case "bool" -> 1;
                    case "int64", "perm", "float64" -> Long.BYTES;
                    default -> Float.BYTES;
                };
    }

    private static Kind kind(String name) {
        Kind kind = KINDS.get(name);
        if (kind == null) throw new IllegalArgumentException("no operand '" + name + "' in " + FILE);
        return kind;
    }

    private Tensor make(Kind kind, Map<String, Long> letters) {
        long[] shape =
                kind.shape.stream().mapToLong(s -> (long) number(s, letters)).toArray();
        double low = number(kind.low, letters);
        double range = number(kind.high, letters) - low;
        int n = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
        Tensor flat = switch (kind.dtype) {
            case "float64" -> {
                double[] values = new double[n];
                for (int i = 0; i < n; i++) values[i] = low + range * Inputs.value(kind.seed, i);
                yield Tensors.tensor(values);
            }
            case "float32", "dominant" -> {
                float[] values = new float[n];
                for (int i = 0; i < n; i++) values[i] = (float) (low + range * Inputs.value(kind.seed, i));
                Tensor random = Tensors.tensor(values);
                if (kind.dtype.equals("float32")) yield random;
                long rows = shape[shape.length - 1];
                yield random.reshape(shape).add(Tensors.eye(rows).mul(rows));
            }
            case "sorted" -> {
                float[] values = new float[n];
                for (int i = 0; i < n; i++) values[i] = (float) (low + range * i / n);
                yield Tensors.tensor(values);
            }
            case "sign" -> {
                float[] values = new float[n];
                for (int i = 0; i < n; i++) values[i] = Inputs.value(kind.seed, i) < 0.5 ? -1 : 1;
                yield Tensors.tensor(values);
            }
            case "bool" -> {
                boolean[] values = new boolean[n];
                for (int i = 0; i < n; i++) values[i] = Inputs.value(kind.seed, i) < 0.5;
                yield Tensors.tensor(values);
            }
            case "int64" -> {
                long[] values = new long[n];
                for (int i = 0; i < n; i++) {
                    values[i] = (long) Math.floor(low + range * Inputs.value(kind.seed, i));
                }
                yield Tensors.tensor(values);
            }
            case "perm" -> {
                long[] values = new long[n];
                for (int i = 0; i < n; i++) values[i] = i * STRIDE % (long) range;
                yield Tensors.tensor(values);
            }
            default -> throw new IllegalArgumentException(kind.dtype);
        };
        return flat.reshape(shape).to(device);
    }

    private static double number(String text, Map<String, Long> letters) {
        Long letter = letters.get(text);
        return letter != null ? letter : Double.parseDouble(text);
    }

    /** Returns a tensor of the result's shape and dtype, to start a backward pass. */
    Tensor cotangent(Tensor result) {
        return Inputs.tensor(device, 0, result.shape().toArray()).to(result.dtype());
    }
}
