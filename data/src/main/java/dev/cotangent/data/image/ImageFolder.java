package dev.cotangent.data.image;

import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.data.Dataset;
import dev.cotangent.data.Example;
import dev.cotangent.data.FileException;
import dev.cotangent.internal.Arguments;
import dev.cotangent.internal.data.Reading;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Images in a folder for each class, {@code root/cat/1.png}; {@code torchvision.datasets.ImageFolder}. Classes are numbered by
 * the order of their names. An image is read, as uint8 {@code [channels, height, width]}, when its sample is asked for.
 */
public final class ImageFolder implements Dataset<Example<Tensor>> {
    private static final List<String> EXTENSIONS =
            List.of(".jpg", ".jpeg", ".png", ".gif", ".ppm", ".bmp", ".pgm", ".tif", ".tiff", ".webp");

    private final Path root;
    private final ImageMode mode;
    private final List<String> classes;
    private final List<Path> files;
    private final int[] targets;

    private ImageFolder(Path root, ImageMode mode, List<String> classes, List<Path> files, int[] targets) {
        this.root = root;
        this.mode = mode;
        this.classes = List.copyOf(classes);
        this.files = List.copyOf(files);
        this.targets = targets;
    }

    /** Lists a folder of images with three channels. */
    public static ImageFolder of(Path root) {
        return of(root, ImageMode.RGB);
    }

    /** Lists a folder of images. */
    public static ImageFolder of(Path root, ImageMode mode) {
        Arguments.notNull("ImageFolder", "root", root);
        Arguments.notNull("ImageFolder", "mode", mode);
        return Reading.of(root, () -> list(root, mode));
    }

    private static ImageFolder list(Path root, ImageMode mode) throws IOException {
        List<String> classes;
        try (Stream<Path> folders = Files.list(root)) {
            classes = folders.filter(Files::isDirectory)
                    .map(f -> f.getFileName().toString())
                    .sorted()
                    .toList();
        }
        if (classes.isEmpty()) {
            throw new FileException(
                    root, "Couldn't find any class folder in " + root + ": it has a folder for each class", null);
        }
        List<Path> files = new ArrayList<>();
        List<Integer> targets = new ArrayList<>();
        List<String> empty = new ArrayList<>();
        for (String name : classes) {
            int before = files.size();
            try (Stream<Path> all = Files.walk(root.resolve(name), FileVisitOption.FOLLOW_LINKS)) {
                all.filter(f -> Files.isRegularFile(f) && isImage(f))
                        .sorted(Comparator.comparing((Path f) -> f.getParent().toString())
                                .thenComparing(f -> f.getFileName().toString()))
                        .forEach(files::add);
            }
            if (files.size() == before) empty.add(name);
            for (int i = before; i < files.size(); i++) targets.add(classes.indexOf(name));
        }
        if (!empty.isEmpty()) {
            throw new FileException(
                    root,
                    "Found no valid file for the classes " + String.join(", ", empty) + ". Supported extensions are: "
                            + String.join(", ", EXTENSIONS),
                    null);
        }
        return new ImageFolder(
                root, mode, classes, files, targets.stream().mapToInt(i -> i).toArray());
    }

    private static boolean isImage(Path file) {
        String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
        return EXTENSIONS.stream().anyMatch(name::endsWith);
    }

    /** Returns the names of the classes. */
    public List<String> classes() {
        return classes;
    }

    /** Returns the files, in the order of the samples. */
    public List<Path> files() {
        return files;
    }

    /** Returns the class of each sample, as a new array; for a sampler by weights, for instance. */
    public int[] targets() {
        return targets.clone();
    }

    @Override
    public long size() {
        return files.size();
    }

    @Override
    public Example<Tensor> get(long index) {
        int at = Math.toIntExact(index);
        return new Example<>(Images.read(files.get(at), mode), Tensors.tensor((long) targets[at]));
    }

    /** Returns such as {@code ImageFolder(pets, size=200, classes=[cat, dog])}. */
    @Override
    public String toString() {
        return "ImageFolder(" + root + ", size=" + files.size() + ", classes=" + classes + ")";
    }
}
