package dev.cotangent.cpu;

import dev.cotangent.CotangentException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The width of vectors that the system property {@code cotangent.vector.bits} asks for. */
public final class VectorWidth {
    private static final String PROPERTY = "cotangent.vector.bits";

    /** The widths for which there are loops, 0 for scalar ones. */
    private static final Set<Integer> WIDTHS = Set.of(0, 128, 256, 512);

    private static final int WIDEST = 512;
    private static final int NARROWEST = 128;

    private VectorWidth() {}

    /**
     * Returns the bits of a vector to use, 0 for scalar loops.
     *
     * @param available bits of the widest vector that Java uses on this processor
     * @throws CotangentException if the property is not a width, or more than is available
     */
    public static int choose(int available) {
        return choose(System.getProperty(PROPERTY), available);
    }

    static int choose(@Nullable String wanted, int available) {
        // Also right for processors that execute 512 bits in two halves: fewer instructions do the same work.
        if (wanted == null) return available < NARROWEST ? 0 : Math.min(WIDEST, available);
        int bits;
        try {
            bits = Integer.parseInt(wanted.strip());
        } catch (NumberFormatException e) {
            throw new CotangentException(refusal(wanted, available), e);
        }
        if (!WIDTHS.contains(bits) || bits > available) {
            throw new CotangentException(refusal(wanted, available));
        }
        return bits;
    }

    private static String refusal(String wanted, int available) {
        return PROPERTY + " must be 0, 128, 256 or 512, and at most the " + available + " bits available here, not '"
                + wanted + "'";
    }
}
