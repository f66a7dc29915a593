package dev.cotangent.examples.digits;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Plots of a training. */
final class Pictures {
    private static final int SIDE = 8;
    private static final int ZOOM = 10;
    private static final int CAPTION = 18;
    private static final int GAP = 10;
    private static final int COLUMNS = 8;

    private Pictures() {}

    /**
     * A misclassified image.
     *
     * @param pixels row-major, from 0 to 1
     * @param label the digit shown
     * @param guess the predicted digit
     */
    record Mistake(float[] pixels, long label, long guess) {}

    /** Plots the loss over the steps, on a logarithmic axis. */
    static void lossCurve(List<Double> losses, Path file) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(900)
                .height(500)
                .title("Training loss")
                .xAxisTitle("step")
                .yAxisTitle("cross entropy")
                .build();
        chart.getStyler().setYAxisLogarithmic(true).setLegendVisible(false);
        // Without patterns the chart builds a long one for every number.
        chart.getStyler().setYAxisDecimalPattern("0.#####").setXAxisDecimalPattern("0");
        double[] steps =
                IntStream.rangeClosed(1, losses.size()).asDoubleStream().toArray();
        double[] values = losses.stream().mapToDouble(Double::doubleValue).toArray();
        chart.addSeries("loss", steps, values).setMarker(SeriesMarkers.NONE);
        ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", file.toFile());
    }

    /** Draws the misclassified images with their labels and predictions. */
    static void mistakes(List<Mistake> mistakes, Path file) throws IOException {
        int rows = Math.max(1, Math.ceilDiv(mistakes.size(), COLUMNS));
        int cell = SIDE * ZOOM + GAP;
        var image = new BufferedImage(COLUMNS * cell + GAP, rows * (cell + CAPTION) + GAP, BufferedImage.TYPE_INT_RGB);
        Graphics2D g = image.createGraphics();
        g.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        g.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
        g.setColor(Color.WHITE);
        g.fillRect(0, 0, image.getWidth(), image.getHeight());
        for (int i = 0; i < mistakes.size(); i++) {
            Mistake mistake = mistakes.get(i);
            int left = GAP + i % COLUMNS * cell;
            int top = GAP + i / COLUMNS * (cell + CAPTION);
            for (int p = 0; p < mistake.pixels().length; p++) {
                float ink = 1 - mistake.pixels()[p];
                g.setColor(new Color(ink, ink, ink));
                g.fillRect(left + p % SIDE * ZOOM, top + p / SIDE * ZOOM, ZOOM, ZOOM);
            }
            g.setColor(Color.BLACK);
            g.drawString(mistake.label() + ", read as " + mistake.guess(), left, top + SIDE * ZOOM + CAPTION - 4);
        }
        g.dispose();
        ImageIO.write(image, "png", file.toFile());
    }
}
