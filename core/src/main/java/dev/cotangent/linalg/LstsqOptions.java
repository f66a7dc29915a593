package dev.cotangent.linalg;

import dev.cotangent.internal.Arguments;
import org.jspecify.annotations.Nullable;

/**
 * Options of {@link Linalg#lstsq}. Immutable; each method returns changed options.
 *
 * @param rcond below which fraction of the largest one a singular value counts as 0; null for the dtype's precision times the
 *     larger of the matrix's sizes
 * @param driver the algorithm
 */
public record LstsqOptions(@Nullable Double rcond, LstsqDriver driver) {
    static final LstsqOptions DEFAULT = new LstsqOptions(null, LstsqDriver.GELSY);

    /** Sets PyTorch's {@code rcond}. */
    public LstsqOptions rcond(double value) {
        return new LstsqOptions(value, driver);
    }

    /** Sets PyTorch's {@code driver}. */
    public LstsqOptions driver(LstsqDriver value) {
        return new LstsqOptions(rcond, Arguments.notNull("linalg.lstsq", "driver", value));
    }

    /** Sets PyTorch's {@code driver}, such as {@code "gelsd"}; throws its error of other text. */
    public LstsqOptions driver(String value) {
        return driver(LstsqDriver.of(Arguments.notNull("linalg.lstsq", "driver", value)));
    }
}
