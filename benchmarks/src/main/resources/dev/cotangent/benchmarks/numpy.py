"""The benchmark's matrix products in NumPy, told line by line what to do (see Worker.java)."""

import os
import sys
import time

# The library of its products reads this when it is loaded.
os.environ["OPENBLAS_NUM_THREADS"] = sys.argv[2]

import numpy

MODULUS = 2147483647
WEIGHTS = 99


def values(seed, n):
    """Numbers from 0 to 1 in float64, the same as Inputs.java makes."""
    step = (1000003 + 7919011 * seed) % MODULUS
    return (numpy.arange(1, n + 1, dtype=numpy.int64) * step % MODULUS) / MODULUS


def array(seed, *sizes):
    n = int(numpy.prod(sizes))
    return (values(seed, n) * 2 - 0.75).astype(numpy.float32).reshape(sizes)


class Product:
    """A product that writes to the same memory every time: a fresh result would cost page faults."""

    def __init__(self, *sizes):
        *batch, m, k, n = sizes
        self.a, self.b = array(1, *batch, m, k), array(2, *batch, k, n)
        self.out = numpy.empty((*batch, m, n), numpy.float32)

    def run(self):
        numpy.matmul(self.a, self.b, out=self.out)

    def checksum(self):
        self.run()
        flat = self.out.astype(numpy.float64).reshape(-1)
        size, mixed = numpy.abs(flat).sum(), flat.dot(values(WEIGHTS, flat.size))
        return f"ok {float(size)!r} {float(mixed)!r}"


def seconds(product, runs):
    start = time.perf_counter()
    for _ in range(runs):
        product.run()
    return time.perf_counter() - start


def main():
    blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
    print("ready NumPy", numpy.__version__, "with", blas["name"], blas["version"], flush=True)
    product = None
    for line in sys.stdin:
        command, *arguments = line.split()
        try:
            if command == "prepare":
                kind, sizes = arguments[0].split("/", 1)
                if kind in ("mm", "bmm"):
                    product = Product(*(int(s) for s in sizes.split("x")))
                    answer = product.checksum()
                else:
                    answer = "absent"
            elif command == "run":
                answer = repr(seconds(product, int(*arguments)))
            elif command == "compiled":
                answer = "0"
            else:
                raise ValueError(command)
        except Exception as e:
            answer = "error " + repr(e).replace("\n", " ")
        print(answer, flush=True)


main()
