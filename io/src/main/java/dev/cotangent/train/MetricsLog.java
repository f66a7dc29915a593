package dev.cotangent.train;

import dev.cotangent.CotangentException;
import dev.cotangent.internal.Arguments;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
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
import tools.jackson.core.json.JsonFactory;

/**
 * Writes metrics as JSON lines: every some steps {@code {"epoch":0,"step":10,"loss":2.1,"lr":0.1}}, and for each epoch its
 * {@link EpochResult}, which has {@code seconds} too. Numbers that JSON lacks are the texts {@code "NaN"}, {@code
 * "Infinity"} and {@code "-Infinity"}. A resumed training drops the lines after its checkpoint and appends.
 */
public final class MetricsLog implements Callback {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String STEP = "step";

    private final Path file;
    private final int every;
    private @Nullable BufferedWriter out;

    /**
     * Creates a log.
     *
     * @param every the number of steps between two lines
     */
    public MetricsLog(Path file, int every) {
        this.file = Arguments.notNull("MetricsLog", "file", file);
        this.every = every;
    }

    /**
     * Reads a log: the numbers of each line by name.
     *
     * @throws CotangentException if the file cannot be read, or a line is no object of numbers
     */
    public static List<Map<String, Double>> read(Path file) {
        List<Map<String, Double>> rows = new ArrayList<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int i = 0; i < lines.size(); i++) rows.add(row(file, i, lines.get(i)));
        } catch (IOException e) {
            throw new CotangentException("cannot read " + file + ": " + e, e);
        }
        return rows;
    }

    private static Map<String, Double> row(Path file, int line, String text) {
        Map<String, Double> row = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(ObjectReadContext.empty(), text)) {
            if (json.nextToken() == JsonToken.START_OBJECT) {
                while (json.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    row.put(name, Double.parseDouble(json.getString()));
                }
                if (json.currentToken() == JsonToken.END_OBJECT) return row;
            }
        } catch (JacksonException | NumberFormatException e) {
            throw new CotangentException(file + ": line " + (line + 1) + " is no object of numbers: " + text, e);
        }
        throw new CotangentException(file + ": line " + (line + 1) + " is no object of numbers: " + text);
    }

    @Override
    public void onStart(TrainingState state) {
        try {
            List<String> lines = new ArrayList<>();
            if (state.step() > 0 && Files.exists(file)) {
                List<String> before = Files.readAllLines(file);
                for (int i = 0; i < before.size(); i++) {
                    // The last line of a process that was killed may be incomplete.
                    if (!before.get(i).endsWith("}")) continue;
                    Double step = row(file, i, before.get(i)).get(STEP);
                    if (step != null && step <= state.step()) lines.add(before.get(i));
                }
            } else if (file.getParent() != null) {
                Files.createDirectories(file.getParent());
            }
            Files.write(file, lines);
            out = Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private CotangentException failed(IOException e) {
        return new CotangentException("cannot write " + file + ": " + e, e);
    }

    @Override
    public void onStep(TrainingState state) {
        if (state.step() % every != 0) return;
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("loss", state.loss());
        metrics.put("lr", state.lr());
        write(state.epoch(), state.step(), metrics);
    }

    @Override
    public void onEpoch(TrainingState state, EpochResult result) {
        write(result.epoch(), result.step(), result.metrics());
    }

    private void write(int epoch, long step, Map<String, Double> metrics) {
        if (out == null) throw new CotangentException("the log " + file + " is not open");
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), text)) {
            json.writeStartObject();
            json.writeNumberProperty("epoch", epoch);
            json.writeNumberProperty(STEP, step);
            metrics.forEach(json::writeNumberProperty);
            json.writeEndObject();
        }
        try {
            out.write(text + "\n");
            out.flush();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void onEnd(TrainingState state) {
        try {
            if (out != null) out.close();
        } catch (IOException e) {
            throw failed(e);
        }
    }
}
