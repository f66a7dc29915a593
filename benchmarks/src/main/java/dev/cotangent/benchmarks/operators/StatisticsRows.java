package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensors;
import java.util.List;
import java.util.stream.Stream;

/** Covariances, histograms, distances and windows. */
final class StatisticsRows {
    private StatisticsRows() {}

    static Stream<Operator> rows() {
        return Stream.of(differentiable(), pairs(), counts(), windows()).flatMap(List::stream);
    }

    private static List<Operator> differentiable() {
        var t = Section.differentiable(Section.SLOW);
        t.op("gradient", "m: torch.gradient(m)[0]", a -> a.gradient().getFirst());
        return t.rows();
    }

    private static List<Operator> pairs() {
        var t = Section.differentiable(Section.SMALL);
        t.op("cov", "m: torch.cov(m)", a -> a.cov());
        t.op("corrcoef", "m: torch.corrcoef(m)", a -> a.corrcoef());
        t.op(
                "cdist",
                "m: torch.cdist(m, m.detach() + 1)",
                a -> a.cdist(a.detach().add(1)));
        t.op("pdist", "m: F.pdist(m)", a -> a.pdist());
        return t.rows();
    }

    private static List<Operator> counts() {
        var t = Section.forward(Section.SLOW);
        t.op("bincount", "whole: torch.bincount(whole)", a -> a.bincount());
        t.op("histc", "x: torch.histc(x, 100)", a -> a.histc(100));
        t.op("histogram", "x: torch.histogram(x, 100)[0]", a -> a.histogram(100).hist());
        t.op(
                "histogramdd",
                "x: torch.histogramdd(x.view(-1, 2), [10, 10])[0]",
                a -> a.view(-1, 2).histogramdd(new long[] {10, 10}).hist());
        t.op("nonzero_static", "mask: torch.nonzero_static(mask, size=100)", a -> a.nonzeroStatic(100));
        t.op(
                "unravel_index",
                "whole: torch.unravel_index(whole, (10, 10))[0]",
                a -> a.unravelIndex(10, 10).getFirst());
        return t.rows();
    }

    private static List<Operator> windows() {
        var t = Section.forward(Section.SLOW);
        t.op(
                "bartlett_window",
                "x: torch.bartlett_window(x.numel(), device=x.device)",
                a -> Tensors.bartlettWindow(a.numel(), true, a.device()));
        t.op(
                "blackman_window",
                "x: torch.blackman_window(x.numel(), device=x.device)",
                a -> Tensors.blackmanWindow(a.numel(), true, a.device()));
        t.op(
                "hann_window",
                "x: torch.hann_window(x.numel(), device=x.device)",
                a -> Tensors.hannWindow(a.numel(), true, a.device()));
        t.op(
                "hamming_window",
                "x: torch.hamming_window(x.numel(), device=x.device)",
                a -> Tensors.hammingWindow(a.numel(), true, 0.54, 0.46, a.device()));
        t.op(
                "kaiser_window",
                "x: torch.kaiser_window(x.numel(), device=x.device)",
                a -> Tensors.kaiserWindow(a.numel(), true, 12, a.device()));
        return t.rows();
    }
}
