package dev.cotangent.benchmarks.operators;

import dev.cotangent.Tensors;
import java.util.List;
import java.util.stream.Stream;

/** Complex numbers, made of real operands. */
final class ComplexRows {
    private ComplexRows() {}

    static Stream<Operator> rows() {
        return Stream.of(parts(), arithmetic()).flatMap(List::stream);
    }

    private static List<Operator> parts() {
        var t = Section.forward(Section.SLOW);
        t.op(
                "complex",
                "x: torch.view_as_real(torch.complex(x, x))",
                a -> Tensors.complex(a, a).viewAsReal());
        t.op(
                "polar",
                "x: torch.view_as_real(torch.polar(x, x))",
                a -> Tensors.polar(a, a).viewAsReal());
        t.op("imag", "x: torch.complex(x, x).imag", a -> Tensors.complex(a, a).imag());
        t.op(
                "view_as_complex",
                "x: torch.view_as_complex(x.view(-1, 2)).real",
                a -> a.view(-1, 2).viewAsComplex().real());
        t.op("cfloat", "x: x.cfloat().real", a -> a.toCfloat().real());
        t.op("cdouble", "x: x.cdouble().real", a -> a.toCdouble().real());
        return t.rows();
    }

    private static List<Operator> arithmetic() {
        var t = Section.forward(Section.SLOW);
        t.op(
                "complex_mul",
                "x, y: (torch.complex(x, y) * torch.complex(y, x)).imag",
                (a, b) -> Tensors.complex(a, b).mul(Tensors.complex(b, a)).imag());
        t.op(
                "complex_abs",
                "x, y: torch.complex(x, y).abs()",
                (a, b) -> Tensors.complex(a, b).abs());
        t.op(
                "complex_exp",
                "x, y: torch.complex(x, y).exp().real",
                (a, b) -> Tensors.complex(a, b).exp().real());
        return t.rows();
    }
}
