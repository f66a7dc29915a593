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
    private static final LstsqOptions DEFAULTS = new LstsqOptions(null, LstsqDriver.GELSY);

    /** Returns PyTorch's defaults. */
    public static LstsqOptions defaults() {
        return DEFAULTS;
    }

    /** PyTorch's {@code rcond}. */
    public LstsqOptions rcond(double value) {
        return new LstsqOptions(value, driver);
    }

    /** PyTorch's {@code driver}. */
    public LstsqOptions driver(LstsqDriver value) {
        return new LstsqOptions(rcond, Arguments.notNull("linalg.lstsq", "driver", value));
    }

    /** PyTorch's {@code driver}, such as {@code "gelsd"}; throws its error of other text. */
    public LstsqOptions driver(String value) {
        return driver(LstsqDriver.of(Arguments.notNull("linalg.lstsq", "driver", value)));
    }
}
