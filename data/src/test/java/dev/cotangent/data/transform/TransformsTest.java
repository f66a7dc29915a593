package dev.cotangent.data.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.cotangent.CotangentException;
import dev.cotangent.Dtype;
import dev.cotangent.Generator;
import dev.cotangent.PadMode;
import dev.cotangent.Tensor;
import dev.cotangent.Tensors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Values and draws of torchvision 0.29.1 with PyTorch 2.13.0, of x = (arange(105).reshape(3, 5, 7) * 37 % 256).to(uint8). */
class TransformsTest {
    private static final Tensor BYTES =
            Tensors.arange(105).view(3, 5, 7).mul(37).remainder(256).toByte();
    private static final Tensor FLOATS = BYTES.toFloat().div(255);
    private static final Tensor SMALL = BYTES.get(":, :2, :2");

    private static void check(Tensor actual, String shape, double tolerance, double... expected) {
        assertEquals(shape, actual.shape().toString().replaceAll("[^0-9, ]", ""));
        assertArrayEquals(expected, actual.toDoubleArray(), tolerance);
    }

    /** Applies a transform that draws from PyTorch's generator, seeded before. */
    private static Tensor seeded(long seed, Transform transform, Tensor image) {
        try (var _ = Generator.pytorch(seed).use()) {
            return transform.apply(image);
        }
    }

    @Test
    void imagesAreResized() {
        check(
                new Resize(3, 4).apply(BYTES),
                "3, 3, 4",
                0,
                21,
                78,
                146,
                204,
                25,
                83,
                151,
                209,
                30,
                88,
                156,
                213,
                36,
                93,
                161,
                219,
                40,
                98,
                166,
                224,
                45,
                103,
                171,
                228,
                51,
                108,
                176,
                234,
                55,
                113,
                181,
                134,
                60,
                118,
                186,
                109);
        check(
                new Resize(3, 4).apply(FLOATS).get(0),
                "3, 4",
                1e-5,
                0.08105,
                0.30685,
                0.57383,
                0.79963,
                0.09953,
                0.32533,
                0.59231,
                0.81811,
                0.11802,
                0.34382,
                0.6108,
                0.8366);
        check(
                new Resize(7, 9).apply(FLOATS).get("0, :2"),
                "2, 9",
                1e-5,
                0.0,
                0.09673,
                0.20959,
                0.32244,
                0.43529,
                0.54815,
                0.661,
                0.77386,
                0.87059,
                0.00672,
                0.10345,
                0.21631,
                0.32916,
                0.44202,
                0.55487,
                0.66772,
                0.78058,
                0.87731);
        check(
                new Resize(3, 4).filter(Filter.BICUBIC).apply(FLOATS).get(0),
                "3, 4",
                1e-5,
                0.06218,
                0.30618,
                0.57273,
                0.81673,
                0.08155,
                0.32555,
                0.5921,
                0.8361,
                0.10092,
                0.34492,
                0.61146,
                0.85546);
        check(
                new Resize(3, 4).filter(Filter.of("nearest")).apply(BYTES).get(0),
                "3, 4",
                0,
                0,
                37,
                111,
                185,
                3,
                40,
                114,
                188,
                9,
                46,
                120,
                194);
        check(new Resize(3).apply(BYTES).get(0), "3, 4", 0, 21, 78, 146, 204, 25, 83, 151, 209, 30, 88, 156, 213);
        assertEquals(
                "[2, 3, 5, 4]",
                new Resize(5, 4)
                        .apply(Tensors.stack(FLOATS, FLOATS))
                        .shape()
                        .toString()
                        .replaceAll("[a-zA-Z.()]", ""));
    }

    @Test
    void imagesAreCroppedPaddedAndFlipped() {
        check(
                new CenterCrop(3, 4).apply(BYTES).get(0),
                "3, 4",
                0,
                77,
                114,
                151,
                188,
                80,
                117,
                154,
                191,
                83,
                120,
                157,
                194);
        check(
                new CenterCrop(6, 4).apply(BYTES).get(0),
                "6, 4",
                0,
                74,
                111,
                148,
                185,
                77,
                114,
                151,
                188,
                80,
                117,
                154,
                191,
                83,
                120,
                157,
                194,
                86,
                123,
                160,
                197,
                0,
                0,
                0,
                0);
        check(seeded(0, new RandomCrop(3).padding(1), BYTES).get(0), "3, 3", 0, 83, 120, 157, 86, 123, 160, 0, 0, 0);
        check(seeded(1, new RandomCrop(2, 3), BYTES).get(0), "2, 3", 0, 151, 188, 225, 154, 191, 228);
        check(
                seeded(0, new RandomResizedCrop(2), FLOATS),
                "3, 2, 2",
                1e-5,
                0.16527,
                0.45546,
                0.18375,
                0.47395,
                0.22409,
                0.51429,
                0.24258,
                0.53277,
                0.28291,
                0.57311,
                0.3014,
                0.5916);
        check(
                seeded(5, new RandomResizedCrop(2).scale(0.9, 1).ratio(2, 2.2), FLOATS)
                        .get(0),
                "2, 2",
                1e-5,
                0.23786,
                0.64953,
                0.25635,
                0.66802);
        check(seeded(0, new RandomHorizontalFlip(), BYTES).get("0, 0"), "7", 0, 222, 185, 148, 111, 74, 37, 0);
        check(seeded(1, new RandomHorizontalFlip(), BYTES).get("0, 0"), "7", 0, 0, 37, 74, 111, 148, 185, 222);
        check(seeded(1, new RandomVerticalFlip(0.8), BYTES).get("0, :, 0"), "5", 0, 12, 9, 6, 3, 0);
        check(
                new Pad(2, 1, 0, 1).mode(PadMode.REFLECT).apply(BYTES).get("0, :2"),
                "2, 9",
                0,
                77,
                40,
                3,
                40,
                77,
                114,
                151,
                188,
                225,
                74,
                37,
                0,
                37,
                74,
                111,
                148,
                185,
                222);
        check(new Pad(1, 0, 0, 0).fill(7).apply(BYTES.get(":1, :1, :1")), "1, 1, 2", 0, 7, 0);
    }

    @Test
    void coloursAreChanged() {
        Tensor small = FLOATS.get(":, :2, :2");
        ColorJitter jitter =
                new ColorJitter().brightness(0.5).contrast(0.4).saturation(0.3).hue(0.2);
        check(seeded(3, jitter, SMALL), "3, 2, 2", 0, 3, 22, 4, 23, 1, 20, 3, 22, 13, 32, 14, 33);
        check(
                seeded(3, jitter, small),
                "3, 2, 2",
                1e-5,
                0.01457,
                0.08929,
                0.02063,
                0.09535,
                0.00777,
                0.08249,
                0.01383,
                0.08855,
                0.05237,
                0.12709,
                0.05843,
                0.13315);
        check(
                ColorJitter.adjustHue(small, -0.3),
                "3, 2, 2",
                1e-5,
                0.03529,
                0.18039,
                0.04706,
                0.19216,
                0.11765,
                0.26275,
                0.12941,
                0.27451,
                0.0,
                0.1451,
                0.01176,
                0.15686);
        check(ColorJitter.adjustHue(SMALL, 0.25), "3, 2, 2", 0, 30, 67, 33, 70, 0, 37, 3, 40, 30, 67, 33, 70);
        check(ColorJitter.adjustContrast(SMALL, 0.5), "3, 2, 2", 0, 16, 34, 17, 36, 23, 42, 25, 43, 31, 49, 32, 51);
        check(ColorJitter.adjustSaturation(SMALL, 1.7), "3, 2, 2", 0, 0, 28, 0, 31, 17, 54, 20, 57, 42, 79, 45, 82);
        check(ColorJitter.adjustBrightness(SMALL, 1.3), "3, 2, 2", 0, 0, 48, 3, 52, 19, 67, 23, 71, 39, 87, 42, 91);
        check(new Grayscale().apply(SMALL), "1, 2, 2", 0, 12, 49, 15, 52);
        assertEquals(3, new Grayscale(3).apply(SMALL).size(0));
        Transform all =
                new Compose(new ToTensor(), new Normalize(new double[] {0.1, 0.2, 0.3}, new double[] {0.5, 0.6, 0.7}));
        check(all.apply(BYTES).get(":, 0, :2"), "3, 2", 1e-4, -0.2, 0.0902, -0.23529, 0.00654, -0.2605, -0.05322);
        assertEquals(
                "Compose(\n    ToTensor()\n    Normalize(mean=[0.1, 0.2, 0.3], std=[0.5, 0.6, 0.7])\n)",
                all.toString());
        assertEquals(Dtype.FLOAT32, all.apply(BYTES).dtype());
    }

    @Test
    void whatIsNoImageIsRefused() {
        assertMessage("is larger than input image size (5, 7)", () -> new RandomCrop(9).apply(BYTES));
        assertMessage(
                "Put a ToTensor before Normalize",
                () -> new Normalize(new double[] {0}, new double[] {1}).apply(BYTES));
        assertMessage("division by zero", () -> new Normalize(new double[] {0}, new double[] {0}));
        assertMessage("Tensor is not a torch image", () -> new Resize(2).apply(Tensors.ones(2, 2)));
        assertMessage("between 0 and 1, got 1.5", () -> new RandomHorizontalFlip(1.5));
        assertMessage("permitted channel values are 1 or 3", () -> new Grayscale().apply(Tensors.ones(2, 2, 2)));
        assertMessage("hue values should be between", () -> new ColorJitter().hue(0.7));
        assertMessage("must not be null", () -> new Resize(2).apply(null));
    }

    private static void assertMessage(String part, Executable call) {
        String message =
                String.valueOf(assertThrows(CotangentException.class, call).getMessage());
        assertTrue(message.contains(part), message);
    }
}
