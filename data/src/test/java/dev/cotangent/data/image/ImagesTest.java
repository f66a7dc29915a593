package dev.cotangent.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import dev.cotangent.data.DataLoader;
import dev.cotangent.data.Example;
import dev.cotangent.data.transform.Resize;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class ImagesTest {
    @TempDir
    private Path folder = Path.of("");

    private static void assertMessage(String part, Executable call) {
        String message =
                String.valueOf(assertThrows(CotangentException.class, call).getMessage());
        assertTrue(message.contains(part), message);
    }

    private Path png(String name, int type, int... rgb) throws IOException {
        BufferedImage image = new BufferedImage(rgb.length, 1, type);
        for (int i = 0; i < rgb.length; i++) {
            if (type == BufferedImage.TYPE_BYTE_GRAY) image.getRaster().setSample(i, 0, 0, rgb[i]);
            else image.setRGB(i, 0, rgb[i]);
        }
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        ImageIO.write(image, "png", file.toFile());
        return file;
    }

    /** Compares gray values with Pillow's convert("L"). */
    @Test
    void imagesAreReadAsTheyAre() throws Exception {
        int a = 10 << 16 | 200 << 8 | 30;
        int b = 250 << 16 | 5 << 8 | 99;
        for (int type : new int[] {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_3BYTE_BGR}) {
            Tensor image = Images.read(png("rgb.png", type, a, b));
            assertEquals(
                    "tensor([[[ 10, 250]],\n\n        [[200,   5]],\n\n        [[ 30,  99]]], dtype=torch.uint8)",
                    image.toString());
        }
        Tensor transparent = Images.read(png("argb.png", BufferedImage.TYPE_INT_ARGB, 0x80 << 24 | a));
        assertArrayEquals(new long[] {10, 200, 30}, transparent.toLongArray());
        assertArrayEquals(
                new long[] {124, 89},
                Images.read(png("rgb.png", BufferedImage.TYPE_INT_RGB, a, b), ImageMode.GRAY)
                        .toLongArray());
        // Java's getRGB would make 157 of 100.
        Path gray = png("gray.png", BufferedImage.TYPE_BYTE_GRAY, 100, 7);
        assertArrayEquals(new long[] {100, 7}, Images.read(gray, ImageMode.GRAY).toLongArray());
        assertArrayEquals(new long[] {100, 7, 100, 7, 100, 7}, Images.read(gray).toLongArray());
        assertArrayEquals(
                new long[] {255, 0, 0},
                Images.read(png("p.png", BufferedImage.TYPE_BYTE_INDEXED, 0xFF0000))
                        .toLongArray());
        // By TwelveMonkeys; Pillow 12.3 wrote it.
        Tensor webp = Images.read(
                Path.of(ImagesTest.class.getResource("/data/pixels.webp").toURI()));
        assertArrayEquals(new long[] {10, 250, 200, 5, 30, 99}, webp.toLongArray());
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Tensor image = Tensors.tensor(new float[][][] {{{0, 1}}, {{0.5f, 2}}, {{-1, 0.25f}}});
        Path file = folder.resolve("out.png");
        Images.write(image, file);
        assertArrayEquals(
                new long[] {0, 255, 128, 255, 0, 64}, Images.read(file).toLongArray());
        Images.write(Images.read(file, ImageMode.GRAY), file);
        assertEquals(1, Images.read(file, ImageMode.GRAY).size(0));
        assertMessage("no writer knows the format 'xyz'", () -> Images.write(image, folder.resolve("out.xyz")));
        assertMessage("an image has the shape", () -> Images.write(Tensors.ones(2, 2), file));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void brokenImagesAreNamed() throws IOException {
        assertMessage("there is no such file", () -> Images.read(folder.resolve("none.png")));
        assertMessage("it is a folder", () -> Images.read(folder));
        assertMessage(
                "no reader knows its format", () -> Images.read(Files.writeString(folder.resolve("t.png"), "text")));
        byte[] whole = Files.readAllBytes(png("cut.png", BufferedImage.TYPE_INT_RGB, 1, 2, 3));
        Path cut = Files.write(folder.resolve("cut.png"), Arrays.copyOf(whole, 40));
        assertMessage("cut.png: the image is damaged", () -> Images.read(cut));
    }

    @Test
    void foldersAreClasses() throws IOException {
        png("pets/dog/1.png", BufferedImage.TYPE_INT_RGB, 5, 6);
        png("pets/cat/b.png", BufferedImage.TYPE_INT_RGB, 1);
        png("pets/cat/more/a.PNG", BufferedImage.TYPE_INT_RGB, 2);
        Files.writeString(folder.resolve("pets/cat/notes.txt"), "no image");
        ImageFolder pets = ImageFolder.of(folder.resolve("pets"));
        assertEquals(List.of("cat", "dog"), pets.classes());
        assertEquals(
                List.of("b.png", "a.PNG", "1.png"),
                pets.files().stream().map(f -> f.getFileName().toString()).toList());
        assertArrayEquals(new int[] {0, 0, 1}, pets.targets());
        Resize resize = new Resize(2, 2);
        List<String> targets = new ArrayList<>();
        try (var loader = DataLoader.of(
                pets.map(e -> e.withInput(resize)),
                DataLoader.options().batchSize(2).numWorkers(2))) {
            for (Example<Tensor> batch : loader)
                targets.add(batch.target() + " " + batch.input().numel());
        }
        assertEquals(List.of("tensor([0, 0]) 24", "tensor([1]) 12"), targets);
        Files.createDirectories(folder.resolve("pets/emu"));
        assertMessage("Found no valid file for the classes emu.", () -> ImageFolder.of(folder.resolve("pets")));
        assertMessage("Couldn't find any class folder", () -> ImageFolder.of(folder.resolve("pets/emu")));
        assertMessage("there is no such file", () -> ImageFolder.of(folder.resolve("none")));
    }
}
