package dev.cotangent.examples.training;

import java.io.IOException;
import java.nio.file.Path;

/** Something that is written as a PNG file. */
public interface Picture {
    /** Writes the file. */
    void write(Path file) throws IOException;
}
