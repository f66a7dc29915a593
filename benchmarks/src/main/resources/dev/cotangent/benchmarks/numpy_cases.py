"""The benchmark's matrix products in NumPy."""

import os
import sys
import time

# NumPy's BLAS reads this when it is loaded.
os.environ["OPENBLAS_NUM_THREADS"] = sys.argv[2]

import numpy

from peer import MODULUS, WEIGHTS, numerators, serve


def values(seed, n):
    return numerators(seed, numpy.arange(1, n + 1, dtype=numpy.int64)) / MODULUS


def array(seed, *sizes):
    n = int(numpy.prod(sizes))
    return (values(seed, n) * 2 - 0.75).astype(numpy.float32).reshape(sizes)


class Product:
    """A product into preallocated memory, since a new result would cost page faults."""

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
        return float(size), float(mixed)

    def seconds(self, runs):
        start = time.perf_counter()
        for _ in range(runs):
            self.run()
        return time.perf_counter() - start


def product(case, operation=None):
    if operation:
        return None
    kind, sizes = case.split("/", 1)
    return Product(*(int(s) for s in sizes.split("x"))) if kind in ("mm", "bmm") else None


blas = numpy.show_config(mode="dicts")["Build Dependencies"]["blas"]
serve(f"NumPy {numpy.__version__} with {blas['name']} {blas['version']}", product)
