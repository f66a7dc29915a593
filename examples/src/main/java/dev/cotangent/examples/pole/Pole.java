package dev.cotangent.examples.pole;

import java.util.function.DoubleSupplier;

/**
 * A pole on a cart, which is pushed to the left or to the right: the equations of motion of Barto, Sutton and Anderson (1983),
 * "Neuronlike adaptive elements that can solve difficult learning control problems", without friction.
 */
final class Pole {
    /** The most steps of an episode. */
    static final int MOST_STEPS = 500;

    private static final double GRAVITY = 9.8;
    private static final double CART_MASS = 1;
    private static final double POLE_MASS = 0.1;
    private static final double HALF_LENGTH = 0.5;
    private static final double FORCE = 10;
    private static final double SECONDS = 0.02;
    private static final double MOST_ANGLE = Math.toRadians(12);
    private static final double MOST_POSITION = 2.4;
    private static final double FIRST = 0.05;

    private double position;
    private double velocity;
    private double angle;
    private double angularVelocity;
    private int steps;

    /**
     * Creates a pole that is almost upright.
     *
     * @param random returns numbers from 0 to 1
     */
    Pole(DoubleSupplier random) {
        position = near(random);
        velocity = near(random);
        angle = near(random);
        angularVelocity = near(random);
    }

    private static double near(DoubleSupplier random) {
        return (2 * random.getAsDouble() - 1) * FIRST;
    }

    /** Returns position and velocity of the cart, angle and angular velocity of the pole. */
    float[] state() {
        return new float[] {(float) position, (float) velocity, (float) angle, (float) angularVelocity};
    }

    /** Pushes for 20 milliseconds. Returns whether the pole is still up, on the track, and the episode has not ended. */
    boolean push(boolean right) {
        double mass = CART_MASS + POLE_MASS;
        double sin = Math.sin(angle);
        double cos = Math.cos(angle);
        double moment = POLE_MASS * HALF_LENGTH;
        double drive = ((right ? FORCE : -FORCE) + moment * angularVelocity * angularVelocity * sin) / mass;
        double angularAcceleration =
                (GRAVITY * sin - cos * drive) / (HALF_LENGTH * (4.0 / 3 - POLE_MASS * cos * cos / mass));
        double acceleration = drive - moment * angularAcceleration * cos / mass;
        position += SECONDS * velocity;
        velocity += SECONDS * acceleration;
        angle += SECONDS * angularVelocity;
        angularVelocity += SECONDS * angularAcceleration;
        steps++;
        return Math.abs(angle) <= MOST_ANGLE && Math.abs(position) <= MOST_POSITION && steps < MOST_STEPS;
    }

    /** Returns the number of steps so far, which is the episode's reward. */
    int steps() {
        return steps;
    }
}
