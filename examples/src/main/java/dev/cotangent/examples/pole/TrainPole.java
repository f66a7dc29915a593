package dev.cotangent.examples.pole;

import static dev.cotangent.Tensors.*;

import dev.cotangent.Device;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Autograd;
import dev.cotangent.examples.training.Curves;
import dev.cotangent.examples.training.TrainingCommand;
import dev.cotangent.nn.Linear;
import dev.cotangent.nn.Module;
import dev.cotangent.nn.Sequential;
import dev.cotangent.nn.Tanh;
import dev.cotangent.optim.Adam;
import dev.cotangent.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code cotangent train pole}: learns to balance a pole by trying (REINFORCE, Williams 1992). */
@Command(
        name = "pole",
        description = "Learns to balance a pole on a cart, by REINFORCE.",
        mixinStandardHelpOptions = true)
public final class TrainPole extends TrainingCommand {
    private static final double DISCOUNT = 0.99;
    private static final double RATE = 1e-2;
    /** Episodes of a step, played at the same time so that the network sees them as one batch. */
    private static final int EPISODES = 16;

    private static final int STEPS = 5;
    private static final int TRIALS = 10;

    @Option(
            names = "--epochs",
            defaultValue = "30",
            description = "Number of epochs, each of 5 steps of 16 episodes (default ${DEFAULT-VALUE}).")
    private int epochs;

    /** An episode that is being played. */
    private static final class Episode {
        final Pole pole = new Pole(() -> rand(1).itemDouble());
        final List<float[]> states = new ArrayList<>();
        final List<Long> actions = new ArrayList<>();
        boolean running = true;

        /** Returns the discounted rewards from each step to the end. */
        float[] returns() {
            float[] all = new float[states.size()];
            double sum = 0;
            for (int i = all.length - 1; i >= 0; i--) {
                sum = 1 + DISCOUNT * sum;
                all[i] = (float) sum;
            }
            return all;
        }
    }

    /**
     * Plays episodes to their ends.
     *
     * @param greedy whether the likelier action is taken; if not, one is drawn
     */
    private static List<Episode> play(Module policy, Device device, int count, boolean greedy) {
        List<Episode> all =
                IntStream.range(0, count).mapToObj(_ -> new Episode()).toList();
        try (var _ = Autograd.noGrad()) {
            List<Episode> running = all;
            while (!running.isEmpty()) {
                float[][] states = running.stream().map(e -> e.pole.state()).toArray(float[][]::new);
                Tensor logits = policy.call(tensor(states).to(device));
                Tensor chosen = greedy
                        ? logits.argmax(1)
                        : logits.softmax(1).multinomial(1, false).squeeze(1);
                long[] actions = chosen.cpu().toLongArray();
                for (int i = 0; i < actions.length; i++) {
                    Episode e = running.get(i);
                    e.states.add(states[i]);
                    e.actions.add(actions[i]);
                    e.running = e.pole.push(actions[i] == 1);
                }
                running = running.stream().filter(e -> e.running).toList();
            }
        }
        return all;
    }

    /** Plays, and computes the loss whose gradient is that of the expected return: actions of large returns become likelier. */
    private static Tensor loss(Module policy, Device device) {
        List<Episode> episodes = play(policy, device, EPISODES, false);
        Tensor states = tensor(episodes.stream().flatMap(e -> e.states.stream()).toArray(float[][]::new));
        Tensor actions = tensor(episodes.stream()
                .flatMap(e -> e.actions.stream())
                .mapToLong(Long::longValue)
                .toArray());
        Tensor returns = cat(episodes.stream().map(e -> tensor(e.returns())).toList());
        // Returns relative to their mean have less variance, and the same gradient in expectation.
        Tensor advantages = returns.sub(returns.mean()).div(returns.std().add(1e-6));
        Tensor logProbabilities = policy.call(states.to(device)).logSoftmax(1);
        Tensor chosen =
                logProbabilities.gather(1, actions.unsqueeze(1).to(device)).squeeze(1);
        return chosen.mul(advantages.to(device)).mean().neg();
    }

    @Override
    protected Training prepare(Device target) {
        checkPositive("--epochs", epochs);
        Module policy = new Sequential(new Linear(4, 64), new Tanh(), new Linear(64, 2)).to(target);
        List<Integer> steps = IntStream.range(0, STEPS).boxed().toList();
        Trainer<Integer> trainer = new Trainer<>(
                policy,
                new Adam(policy.parameters(), RATE),
                _ -> loss(policy, target),
                options(epochs, STEPS).maximize("val_steps").logEvery(1));
        return new Training(
                trainer,
                () -> trainer.fit(steps, List.of(TRIALS), (count, metrics) -> {
                    for (Episode e : play(policy, target, count, true)) metrics.add("steps", e.pole.steps());
                }),
                result -> {
                    out().printf(
                                    "best epoch: the pole stays up for %.0f of %d steps%n",
                                    result.best().orElse(Double.NaN), Pole.MOST_STEPS);
                    var rows = rows(true);
                    if (rows.isEmpty() || !canDraw()) return;
                    write(
                            new Curves("Steps until the pole falls", "epoch", "steps, mean of " + TRIALS + " episodes")
                                    .add("steps", column(rows, "epoch"), column(rows, "val_steps")),
                            "steps.png");
                });
    }
}
