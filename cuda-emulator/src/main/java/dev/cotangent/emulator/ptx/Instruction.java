package dev.cotangent.emulator.ptx;

/**
 * An instruction, ready to run.
 *
 * @param text its source, for messages
 * @param guard the register of the predicate that has to hold, or -1
 * @param negated whether the predicate has to be false instead
 * @param flow what follows
 * @param target the index to which a branch goes
 * @param members the register of the lanes that have to come together, of {@link Flow#WARP_SYNC}
 */
record Instruction(
        String text, int guard, boolean negated, Counts.Kind kind, Flow flow, int target, int members, Step step) {
    /** What an instruction does with the lanes of a mask. */
    @FunctionalInterface
    interface Step {
        void run(Warp warp, int mask);
    }

    static final Step NOTHING = (_, _) -> {};

    /** Where control goes after an instruction. */
    enum Flow {
        NEXT,
        BRANCH,
        EXIT,
        BARRIER,
        WARP_SYNC
    }
}
