package dev.cotangent.nn;

import dev.cotangent.CotangentException;
import dev.cotangent.Tensor;
import dev.cotangent.autograd.Context;
import dev.cotangent.autograd.Function;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The hooks of a module and how a call runs them. */
final class ModuleHooks {
    final List<Module.ForwardPreHook> forwardPre = new ArrayList<>();
    final List<Module.ForwardHook> forward = new ArrayList<>();
    final List<Module.BackwardPreHook> backwardPre = new ArrayList<>();
    final List<Module.BackwardHook> backward = new ArrayList<>();

    /** Adds a hook; returns what removes it. */
    static <H> Runnable add(List<H> hooks, H hook) {
        hooks.add(hook);
        return () -> hooks.removeIf(h -> h == hook);
    }

    /** Calls a module's forward with hooks around it. */
    Tensor call(Module module, Tensor[] given, java.util.function.Function<Tensor[], Tensor> forwardOf) {
        Tensor[] inputs = given;
        for (Module.ForwardPreHook hook : List.copyOf(forwardPre)) {
            Tensor[] changed = hook.apply(module, inputs);
            if (changed == null) continue;
            if (changed.length != given.length) {
                throw new CotangentException("forward pre-hook must return None or a tuple of the new args and kwargs,"
                        + " but got " + changed.length + " tensors for " + given.length + " inputs");
            }
            inputs = changed;
        }
        boolean both = !backward.isEmpty() || !backwardPre.isEmpty();
        Pass pass = both ? new Pass(module) : null;
        if (pass != null) inputs = pass.ofInputs(inputs);
        Tensor output = forwardOf.apply(inputs);
        for (Module.ForwardHook hook : List.copyOf(forward)) {
            Tensor changed = hook.apply(module, inputs, output);
            if (changed != null) output = changed;
        }
        return pass == null ? output : pass.ofOutput(output);
    }

    /** The gradients of one call: identities around the forward show them to the hooks. */
    private final class Pass {
        private final Module module;
        private int inputs;
        private boolean watched;
        private @Nullable Tensor output;

        Pass(Module module) {
            this.module = module;
        }

        Tensor[] ofInputs(Tensor[] given) {
            inputs = given.length;
            int[] places = java.util.stream.IntStream.range(0, given.length)
                    .filter(i -> given[i].requiresGrad())
                    .toArray();
            if (places.length == 0) return given;
            watched = true;
            Tensor[] chosen = Arrays.stream(places).mapToObj(i -> given[i]).toArray(Tensor[]::new);
            Tensor[] shown = new BackwardHookFunction(g -> inputGradients(g, places)).applyAll(chosen);
            Tensor[] all = given.clone();
            for (int i = 0; i < places.length; i++) all[places[i]] = shown[i];
            return all;
        }

        Tensor ofOutput(Tensor given) {
            return given.requiresGrad() ? new BackwardHookFunction(this::outputGradient).apply(given) : given;
        }

        private @Nullable Tensor[] outputGradient(@Nullable Tensor[] grads) {
            @Nullable Tensor[] now = grads;
            for (Module.BackwardPreHook hook : List.copyOf(backwardPre)) {
                Tensor changed = hook.apply(module, now[0]);
                if (changed != null) now = new Tensor[] {changed};
            }
            output = now[0];
            // Hooks on inputs without gradient run when the output's gradient is known.
            if (!watched) run(new Tensor[inputs]);
            return now;
        }

        private @Nullable Tensor[] inputGradients(@Nullable Tensor[] grads, int[] places) {
            @Nullable Tensor[] all = new Tensor[inputs];
            for (int i = 0; i < places.length; i++) all[places[i]] = grads[i];
            @Nullable Tensor[] changed = run(all);
            return Arrays.stream(places).mapToObj(i -> changed[i]).toArray(Tensor[]::new);
        }

        private @Nullable Tensor[] run(@Nullable Tensor[] gradInputs) {
            @Nullable Tensor[] now = gradInputs;
            for (Module.BackwardHook hook : List.copyOf(backward)) {
                @Nullable Tensor @Nullable [] changed = hook.apply(module, now, output);
                if (changed == null) continue;
                if (changed.length != now.length) {
                    throw new CotangentException("Backward hook returned an invalid number of grad_input, got "
                            + changed.length + ", but expected " + now.length);
                }
                now = changed;
            }
            return now;
        }
    }

    /** Returns its inputs; its backward shows the gradients. */
    private static final class BackwardHookFunction extends Function {
        private final UnaryOperator<@Nullable Tensor[]> hook;

        BackwardHookFunction(UnaryOperator<@Nullable Tensor[]> hook) {
            this.hook = hook;
        }

        @Override
        protected Tensor[] forward(Context ctx, Tensor... inputs) {
            return inputs.clone();
        }

        @Override
        protected @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... grads) {
            return hook.apply(grads);
        }
    }
}
