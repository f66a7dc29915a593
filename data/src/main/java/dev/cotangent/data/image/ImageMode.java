package dev.cotangent.data.image;

/** Which channels an image is read with. */
public enum ImageMode {
    /** Red, green and blue; Pillow's {@code RGB}. */
    RGB(3),
    /** Brightness alone; Pillow's {@code L}. */
    GRAY(1);

    private final int channels;

    ImageMode(int channels) {
        this.channels = channels;
    }

    /** Returns the number of channels. */
    public int channels() {
        return channels;
    }
}
