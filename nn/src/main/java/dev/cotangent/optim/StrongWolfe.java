package dev.cotangent.optim;

import dev.cotangent.Tensor;
import java.util.function.DoubleFunction;

/**
 * Searches along a direction for a step that satisfies the strong Wolfe conditions: bracketing, then zooming in by cubic
 * interpolation (Nocedal and Wright, "Numerical Optimization", algorithms 3.5 and 3.6).
 */
final class StrongWolfe {
    private static final double DECREASE = 1e-4;
    private static final double CURVATURE = 0.9;
    private static final double SMALLEST_CHANGE = 1e-9;
    private static final double GROWTH = 10;
    private static final double LEAST_GROWTH = 0.01;
    private static final double MARGIN = 0.1;

    /**
     * The function at a step.
     *
     * @param t the step
     * @param loss its value
     * @param gradient its gradient
     * @param slope the gradient along the direction
     */
    record Point(double t, double loss, Tensor gradient, double slope) {}

    private final DoubleFunction<Point> function;
    private final double largest;
    private int evaluations;

    /**
     * Creates a search.
     *
     * @param function evaluates a step
     * @param largest the largest element of the direction
     */
    StrongWolfe(DoubleFunction<Point> function, double largest) {
        this.function = function;
        this.largest = largest;
    }

    /** Returns how often the function was evaluated. */
    int evaluations() {
        return evaluations;
    }

    private Point at(double t) {
        evaluations++;
        return function.apply(t);
    }

    /** Returns the point found in at most that number of iterations, beginning with a step. */
    Point search(Point start, double step, int iterations) {
        Point previous = start;
        Point now = at(step);
        int n = 0;
        Point other = null;
        while (n < iterations) {
            if (tooHigh(start, now) || n > 1 && now.loss >= previous.loss) {
                other = previous;
                break;
            }
            if (Math.abs(now.slope) <= -CURVATURE * start.slope) return now;
            if (now.slope >= 0) {
                other = previous;
                break;
            }
            double least = now.t + LEAST_GROWTH * (now.t - previous.t);
            double t = minimum(previous, now, least, now.t * GROWTH);
            previous = now;
            now = at(t);
            n++;
        }
        if (other == null) return start.loss <= now.loss ? start : now;
        return zoom(start, other, now, iterations - n);
    }

    private static boolean tooHigh(Point start, Point p) {
        return p.loss > start.loss + DECREASE * p.t * start.slope;
    }

    private Point zoom(Point start, Point first, Point second, int iterations) {
        Point low = first.loss <= second.loss ? first : second;
        Point high = low == first ? second : first;
        boolean stuck = false;
        for (int n = 0; n < iterations; n++) {
            if (Math.abs(high.t - low.t) * largest < SMALLEST_CHANGE) break;
            double left = Math.min(low.t, high.t);
            double right = Math.max(low.t, high.t);
            double t = minimum(low, high, left, right);
            double margin = MARGIN * (right - left);
            boolean atBorder = Math.min(right - t, t - left) < margin;
            if (atBorder && (stuck || t >= right || t <= left)) {
                t = Math.abs(t - right) < Math.abs(t - left) ? right - margin : left + margin;
                stuck = false;
            } else {
                stuck = atBorder;
            }
            Point now = at(t);
            if (tooHigh(start, now) || now.loss >= low.loss) {
                high = now;
                if (high.loss < low.loss) {
                    Point swapped = low;
                    low = high;
                    high = swapped;
                }
            } else {
                boolean done = Math.abs(now.slope) <= -CURVATURE * start.slope;
                if (!done && now.slope * (high.t - low.t) >= 0) high = low;
                low = now;
                if (done) break;
            }
        }
        return low;
    }

    /** Returns where the cubic through two points and their slopes is least, within bounds. */
    private static double minimum(Point a, Point b, double least, double most) {
        Point left = a.t <= b.t ? a : b;
        Point right = left == a ? b : a;
        double mean = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.t - right.t);
        double square = mean * mean - left.slope * right.slope;
        if (!(square >= 0)) return (least + most) / 2;
        double root = Math.sqrt(square);
        double t = right.t - (right.t - left.t) * ((right.slope + root - mean) / (right.slope - left.slope + 2 * root));
        return Math.min(Math.max(t, least), most);
    }
}
