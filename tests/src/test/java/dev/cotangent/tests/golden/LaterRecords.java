package dev.cotangent.tests.golden;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Records of what the library does not offer yet: each is counted as unsupported. */
final class LaterRecords {
    private final String what;
    private final List<String> ids = new ArrayList<>();

    private LaterRecords(String what) {
        this.what = what;
    }

    /** Reads an operator file: an object with samples and errors. */
    static LaterRecords operator(Path file, String what) throws IOException {
        LaterRecords all = new LaterRecords(what);
        JsonNode json = Json.read(file);
        json.path("samples").forEach(all::add);
        json.path("errors").forEach(all::add);
        return all;
    }

    private void add(JsonNode record) {
        String id = Json.text(record, "id");
        ids.add(id.isEmpty() ? Json.text(record, "scheduler") + "." + ids.size() : id);
    }

    /** Counts all. */
    void run(Tally tally) {
        for (String id : ids) {
            tally.record(null, id, () -> {
                throw new NotOffered(what + " not offered yet");
            });
        }
    }
}
