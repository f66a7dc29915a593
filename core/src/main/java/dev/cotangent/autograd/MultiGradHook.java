package dev.cotangent.autograd;

import dev.cotangent.Tensor;
import dev.cotangent.internal.Internals;
import dev.cotangent.internal.engine.Edge;
import dev.cotangent.internal.engine.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Hooks on several tensors, counted separately in each backward pass. */
public final class MultiGradHook {
    private final List<Tensor> tensors;
    private final Consumer<List<@Nullable Tensor>> hook;

    private MultiGradHook(List<Tensor> tensors, Consumer<List<@Nullable Tensor>> hook) {
        this.tensors = tensors;
        this.hook = hook;
    }

    /** The gradients that have arrived in one backward pass. */
    private static final class Progress {
        int expected = -1;
        int arrived;

        @Nullable
        Tensor[] grads = {};
    }

    /**
     * Calls a hook once per backward pass, after the gradients of all tensors that the pass computes have arrived.
     *
     * @return removes the hook
     */
    public static Runnable all(List<Tensor> tensors, Consumer<List<@Nullable Tensor>> hook) {
        MultiGradHook all = new MultiGradHook(List.copyOf(tensors), hook);
        List<Runnable> handles = new ArrayList<>();
        for (int i = 0; i < all.tensors.size(); i++) {
            int number = i;
            handles.add(all.tensors.get(i).registerHook(g -> all.arrived(number, g)));
        }
        return () -> handles.forEach(Runnable::run);
    }

    /**
     * Calls a hook once per backward pass, with the first gradient that reaches one of the tensors.
     *
     * @return removes the hook
     */
    public static Runnable any(List<Tensor> tensors, Consumer<Tensor> hook) {
        Object key = new Object();
        List<Runnable> handles = new ArrayList<>();
        for (Tensor t : tensors) {
            if (!t.requiresGrad()) continue;
            handles.add(t.registerHook(g -> {
                Progress p = run().attachment(key, Progress.class, Progress::new);
                if (p.arrived++ == 0 && g != null) hook.accept(g);
                return null;
            }));
        }
        return () -> handles.forEach(Runnable::run);
    }

    private static Engine run() {
        Engine run = Engine.current();
        if (run == null) throw new IllegalStateException("expected this hook to be called inside a backward call");
        return run;
    }

    private @Nullable Tensor arrived(int number, @Nullable Tensor gradient) {
        Engine run = run();
        Progress p = run.attachment(this, Progress.class, Progress::new);
        if (p.expected < 0) {
            p.expected = 0;
            p.grads = new Tensor[tensors.size()];
            for (Tensor t : tensors) {
                Edge e = Internals.edge(t);
                if (e != null && run.willRun(e.node())) p.expected++;
            }
        }
        p.grads[number] = gradient;
        if (++p.arrived == p.expected) hook.accept(Arrays.asList(p.grads.clone()));
        return null;
    }
}
