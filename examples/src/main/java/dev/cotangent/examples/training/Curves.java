package dev.cotangent.examples.training;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.ChartTheme;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A chart of curves. */
public final class Curves implements Picture {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;
    /** So that labels do not overlap. */
    private static final int MOST_LABELS = 10;

    private final XYChart chart;
    private int curves;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;

    /** Creates a chart without curves. */
    public Curves(String title, String xAxis, String yAxis) {
        chart = new XYChartBuilder()
                .width(WIDTH)
                .height(HEIGHT)
                .title(title)
                .theme(ChartTheme.Matlab)
                .xAxisTitle(xAxis)
                .yAxisTitle(yAxis)
                .build();
        chart.getStyler().setXAxisMaxLabelCount(MOST_LABELS);
        chart.getStyler().setLegendPosition(LegendPosition.InsideNE);
        // Without patterns the chart builds a long one for every number.
        chart.getStyler().setYAxisDecimalPattern("0.#####").setXAxisDecimalPattern("0");
    }

    /** Adds a curve; points whose value is not finite are left out. */
    public Curves add(String name, double[] x, double[] y) {
        int[] finite =
                IntStream.range(0, x.length).filter(i -> Double.isFinite(y[i])).toArray();
        if (finite.length == 0) return this;
        double[] at = Arrays.stream(finite).mapToDouble(i -> x[i]).toArray();
        double[] values = Arrays.stream(finite).mapToDouble(i -> y[i]).toArray();
        XYSeries series = chart.addSeries(name, at, values);
        curves++;
        series.setMarker(finite.length > 30 ? SeriesMarkers.NONE : SeriesMarkers.CIRCLE);
        least = Math.min(least, Arrays.stream(values).min().orElse(least));
        most = Math.max(most, Arrays.stream(values).max().orElse(most));
        return this;
    }

    @Override
    public void write(Path file) throws IOException {
        chart.getStyler().setYAxisLogarithmic(least > 0 && most > 10 * least);
        chart.getStyler().setLegendVisible(curves > 1);
        ImageIO.write(BitmapEncoder.getBufferedImage(chart), "png", file.toFile());
    }
}
