package dev.cotangent.examples.training;

import dev.cotangent.Tensor;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;

/** Grey images in rows, each with a caption of one or more lines. The picture is as large as they need. */
public final class ImageGrid implements Picture {
    private static final int GAP = 12;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    private static final Font HEADING = new Font(Font.SANS_SERIF, Font.BOLD, 14);

    private record Cell(float[] pixels, int height, int width, List<String> caption) {}

    private final String title;
    private final int columns;
    private final int zoom;
    private final List<Cell> cells = new ArrayList<>();

    /**
     * Creates a picture without images.
     *
     * @param columns the most images in a row
     * @param zoom the side of a pixel
     */
    public ImageGrid(String title, int columns, int zoom) {
        this.title = title;
        this.columns = columns;
        this.zoom = zoom;
    }

    /** Adds an image of two dimensions with values from 0, black, to 1, white. */
    public ImageGrid add(Tensor image, String... caption) {
        int height = Math.toIntExact(image.size(0));
        int width = Math.toIntExact(image.size(1));
        cells.add(new Cell(image.flatten().toFloatArray(), height, width, List.of(caption)));
        return this;
    }

    @Override
    public void write(Path file) throws IOException {
        var measure = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        FontMetrics font = measure.getFontMetrics(FONT);
        FontMetrics heading = measure.getFontMetrics(HEADING);
        measure.dispose();
        int cellWidth = 0;
        int imageHeight = 0;
        int lines = 0;
        for (Cell c : cells) {
            cellWidth = Math.max(cellWidth, c.width * zoom);
            imageHeight = Math.max(imageHeight, c.height * zoom);
            lines = Math.max(lines, c.caption.size());
            for (String line : c.caption) cellWidth = Math.max(cellWidth, font.stringWidth(line));
        }
        int across = Math.max(1, Math.min(columns, cells.size()));
        int rows = Math.ceilDiv(cells.size(), across);
        int cellHeight = imageHeight + lines * font.getHeight() + GAP;
        int top = GAP + heading.getHeight();
        int width = Math.max(across * (cellWidth + GAP), heading.stringWidth(title) + GAP) + GAP;
        var image = new BufferedImage(width, top + rows * cellHeight + GAP, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.setColor(Color.BLACK);
        g.setFont(HEADING);
        g.drawString(title, GAP, GAP + heading.getAscent());
        g.setFont(FONT);
        for (int i = 0; i < cells.size(); i++) {
            Cell c = cells.get(i);
            int x = GAP + i % across * (cellWidth + GAP);
            int y = top + GAP / 2 + i / across * cellHeight;
            draw(g, c, x, y);
            g.setColor(Color.BLACK);
            int line = y + imageHeight + font.getAscent();
            for (String text : c.caption) {
                g.drawString(text, x, line);
                line += font.getHeight();
            }
        }
        g.dispose();
        ImageIO.write(image, "png", file.toFile());
    }

    private void draw(Graphics2D g, Cell c, int x, int y) {
        for (int p = 0; p < c.pixels.length; p++) {
            float value = Math.clamp(c.pixels[p], 0, 1);
            g.setColor(new Color(value, value, value));
            g.fillRect(x + p % c.width * zoom, y + p / c.width * zoom, zoom, zoom);
        }
    }
}
