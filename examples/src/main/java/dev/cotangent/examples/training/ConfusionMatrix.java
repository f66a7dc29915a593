package dev.cotangent.examples.training;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** How often each class was taken for which: a row for each class, a column for each answer. */
public final class ConfusionMatrix implements Picture {
    private static final int CELL = 52;
    private static final int GAP = 12;
    private static final Font FONT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);

    private final List<String> classes;
    private final long[][] counts;

    /** Creates a matrix of zeros. */
    public ConfusionMatrix(List<String> classes) {
        this.classes = List.copyOf(classes);
        counts = new long[classes.size()][classes.size()];
    }

    /** Counts an answer. */
    public void add(long label, long answer) {
        counts[(int) label][(int) answer]++;
    }

    /** Returns the part of the answers that are right. */
    public double accuracy() {
        long right = 0;
        long all = 0;
        for (int i = 0; i < counts.length; i++) {
            right += counts[i][i];
            for (long c : counts[i]) all += c;
        }
        return (double) right / all;
    }

    @Override
    public void write(Path file) throws IOException {
        var measure = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
        FontMetrics font = measure.getFontMetrics(FONT);
        measure.dispose();
        int label = 0;
        for (String name : classes) label = Math.max(label, font.stringWidth(name));
        int left = GAP + font.getHeight() + GAP + label + GAP;
        int top = GAP + font.getHeight() + GAP;
        int side = classes.size() * CELL;
        // The names of the columns are turned and stand below them.
        var image = new BufferedImage(left + side + GAP, top + side + GAP + label + GAP, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        g.setFont(FONT);
        g.setColor(Color.BLACK);
        g.drawString(
                String.format("rows: shown, columns: answered; %.2f %% right", 100 * accuracy()),
                left,
                GAP + font.getAscent());
        for (int r = 0; r < counts.length; r++) {
            long all = 0;
            for (long c : counts[r]) all += c;
            int y = top + r * CELL;
            int middle = (CELL + font.getAscent()) / 2;
            g.setColor(Color.BLACK);
            g.drawString(classes.get(r), left - GAP - font.stringWidth(classes.get(r)), y + middle);
            for (int c = 0; c < counts.length; c++) {
                float part = all == 0 ? 0 : (float) counts[r][c] / all;
                // The root shows rare confusions.
                float shade = (float) Math.sqrt(part);
                g.setColor(new Color(1 - 0.85f * shade, 1 - 0.6f * shade, 1 - 0.25f * shade));
                g.fillRect(left + c * CELL, y, CELL - 1, CELL - 1);
                if (counts[r][c] == 0) continue;
                g.setColor(part > 0.4 ? Color.WHITE : Color.BLACK);
                String text = String.valueOf(counts[r][c]);
                g.drawString(text, left + c * CELL + (CELL - font.stringWidth(text)) / 2, y + middle);
            }
        }
        g.setColor(Color.BLACK);
        for (int c = 0; c < counts.length; c++) {
            Graphics2D turned = (Graphics2D) g.create();
            turned.translate(left + c * CELL + (CELL + font.getAscent()) / 2, top + side + GAP / 2);
            turned.rotate(-Math.PI / 2);
            turned.drawString(classes.get(c), -font.stringWidth(classes.get(c)), 0);
            turned.dispose();
        }
        g.dispose();
        ImageIO.write(image, "png", file.toFile());
    }
}
