package dev.cotangent.autograd;

/** Whether operations of this thread are recorded, and whether what they make is for inference only. */
public final class GradMode {
    private static final ThreadLocal<GradMode> CURRENT = ThreadLocal.withInitial(GradMode::new);

    private boolean enabled = true;
    private boolean inference;

    private GradMode() {}

    /** Whether operations are recorded. */
    public static boolean isEnabled() {
        return CURRENT.get().enabled;
    }

    /** Whether tensors made now are inference tensors. */
    public static boolean isInference() {
        return CURRENT.get().inference;
    }

    /** Changes both until the guard is closed. */
    public static Guard set(boolean enabled, boolean inference) {
        GradMode mode = CURRENT.get();
        Guard guard = new Guard(mode, mode.enabled, mode.inference);
        mode.enabled = enabled;
        mode.inference = inference;
        return guard;
    }

    /** Changes whether operations are recorded until the guard is closed. */
    public static Guard set(boolean enabled) {
        return set(enabled, isInference());
    }

    /** Puts back what was before; to be closed by the thread that made it. */
    public static final class Guard implements AutoCloseable {
        private final GradMode mode;
        private final boolean enabled;
        private final boolean inference;

        private Guard(GradMode mode, boolean enabled, boolean inference) {
            this.mode = mode;
            this.enabled = enabled;
            this.inference = inference;
        }

        @Override
        public void close() {
            mode.enabled = enabled;
            mode.inference = inference;
        }
    }
}
