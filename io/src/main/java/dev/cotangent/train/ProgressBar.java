package dev.cotangent.train;

import dev.cotangent.internal.Arguments;
import java.io.PrintWriter;
import java.util.Locale;

/**
 * Shows the progress of an epoch on a terminal, with the mean loss and the rate, and prints one line for each epoch:
 *
 * <pre>{@code
 * epoch 2/10 [=======>       ]  512/938  loss 0.4213  55.3 batches/s
 * epoch 2/10  loss 0.4102  val_loss 0.3981  val_accuracy 0.8571  lr 0.001  17.1 s
 * }</pre>
 */
public final class ProgressBar implements Callback {
    private static final int WIDTH = 24;
    private static final long INTERVAL_NS = 100_000_000;

    private final PrintWriter out;
    private final boolean terminal;
    private long shown;
    private long epochStart;
    private long firstBatch;
    private int length;

    /** Creates a bar on the standard output, with epochs alone if that is no terminal. */
    public ProgressBar() {
        this(
                new PrintWriter(System.out, true),
                System.console() != null && System.console().isTerminal());
    }

    /**
     * Creates a bar.
     *
     * @param terminal whether a line may be overwritten; if not, only the lines of epochs are printed
     */
    public ProgressBar(PrintWriter out, boolean terminal) {
        this.out = Arguments.notNull("ProgressBar", "out", out);
        this.terminal = terminal;
    }

    @Override
    public void onStart(TrainingState state) {
        begin(state);
        if (state.step() == 0) return;
        out.printf(Locale.ROOT, "resumed after %d epochs, %d steps%n", state.epoch(), state.step());
        out.flush();
    }

    private void begin(TrainingState state) {
        epochStart = System.nanoTime();
        firstBatch = state.batch();
    }

    @Override
    public void onStep(TrainingState state) {
        if (!terminal) return;
        long now = System.nanoTime();
        if (now - shown < INTERVAL_NS) return;
        shown = now;
        StringBuilder line = new StringBuilder("epoch " + (state.epoch() + 1) + "/" + state.epochs() + " ");
        if (state.batches().isPresent()) {
            long all = state.batches().getAsLong();
            int filled = (int) Math.min(WIDTH, WIDTH * state.batch() / all);
            line.append('[').repeat("=", filled).append(filled < WIDTH ? ">" : "");
            line.repeat(" ", Math.max(0, WIDTH - filled - 1)).append("] ");
            line.append(state.batch()).append('/').append(all);
        } else {
            line.append("batch ").append(state.batch());
        }
        double rate = (state.batch() - firstBatch) / ((now - epochStart) * 1e-9);
        line.append(String.format(Locale.ROOT, "  loss %.4f  %.3g batches/s", state.meanLoss(), rate));
        overwrite(line.toString());
    }

    private void overwrite(String line) {
        out.print("\r" + line + " ".repeat(Math.max(0, length - line.length())));
        out.flush();
        length = line.length();
    }

    private void erase() {
        if (length == 0) return;
        overwrite("");
        out.print("\r");
        length = 0;
    }

    @Override
    public void onEpoch(TrainingState state, EpochResult result) {
        erase();
        StringBuilder line = new StringBuilder("epoch " + result.epoch() + "/" + state.epochs());
        result.metrics()
                .forEach((name, value) -> line.append("  ")
                        .append(
                                switch (name) {
                                    case "seconds" -> String.format(Locale.ROOT, "%.1f s", value);
                                    case "lr" -> String.format(Locale.ROOT, "lr %.3g", value);
                                    default -> String.format(Locale.ROOT, "%s %.4f", name, value);
                                }));
        out.println(line);
        out.flush();
        begin(state);
        firstBatch = 0;
    }

    @Override
    public void onEnd(TrainingState state) {
        erase();
        if (state.isStopping()) out.println("stopped after " + state.step() + " steps");
        out.flush();
    }
}
