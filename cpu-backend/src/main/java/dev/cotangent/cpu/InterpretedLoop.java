package dev.cotangent.cpu;

/** Runs the steps of a compiled program in sequence, each over all elements of a block. */
final class InterpretedLoop extends RowLoop {
    private final CompiledProgram.Step[] steps;
    private final Loop[] loops;

    /** Takes the loops that suit that many elements. */
    InterpretedLoop(CompiledProgram code, long numel) {
        steps = code.steps;
        loops = new Loop[steps.length];
        for (int s = 0; s < loops.length; s++) loops[s] = steps[s].choose(numel);
    }

    @Override
    public void run(Object[] arrays, int[] offsets, int[] strides, int rows, int n) {
        if (rows == 1) {
            row(arrays, offsets, n);
            return;
        }
        int[] at = offsets.clone();
        for (int r = 0; r < rows; r++) {
            row(arrays, at, n);
            for (int s = 0; s < at.length; s++) at[s] += strides[s];
        }
    }

    private void row(Object[] arrays, int[] offsets, int n) {
        for (int s = 0; s < loops.length; s++) {
            CompiledProgram.Step step = steps[s];
            int a = step.a();
            int b = step.b();
            int c = step.c();
            int out = step.out();
            loops[s].run(
                    arrays[out], offsets[out], arrays[a], offsets[a], arrays[b], offsets[b], arrays[c], offsets[c], n);
        }
    }
}
