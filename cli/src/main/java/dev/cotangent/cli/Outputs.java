package dev.cotangent.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks that a command can write its output before it starts its work. */
public final class Outputs {
    private Outputs() {}

    /** Creates a folder and its parents. Throws if no file can be created in it. */
    public static void checkFolder(CommandSpec spec, String option, Path folder) {
        try {
            create(folder);
        } catch (IOException e) {
            throw unwritable(spec, option, folder, e);
        }
    }

    /** Creates the folder of a file. Throws if the file can neither be created nor overwritten; null is no file. */
    public static void checkFile(CommandSpec spec, String option, @Nullable Path file) {
        if (file == null) return;
        if (Files.isDirectory(file)) throw unwritable(spec, option, file, new IOException("it is a folder"));
        try {
            if (Files.exists(file))
                FileChannel.open(file, StandardOpenOption.WRITE).close();
            else create(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw unwritable(spec, option, file, e);
        }
    }

    private static void create(@Nullable Path folder) throws IOException {
        if (folder == null) throw new IOException("it has no folder");
        Files.createDirectories(folder);
        Files.delete(Files.createTempFile(folder, ".cotangent", null));
    }

    private static ParameterException unwritable(CommandSpec spec, String option, Path path, IOException problem) {
        String reason = switch (problem) {
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException e -> e.getFile() + " is no folder";
            default -> problem.getMessage();
        };
        return new ParameterException(
                spec.commandLine(), "cannot write to " + path + ": " + reason + "; name another place with " + option);
    }
}
