"""Writes what NumPy prints and saves, for the tests of NdArray: numpy_golden.py FOLDER [RANDOM_ARRAYS].

FOLDER/numpy-text.jsonl has one array and its str() per line: dtype, shape, text, and its elements either as `data` (flat)
or, for long ones, as `arange` (start, step), the element i being start + i * step in float64. The .npy files are named
after what they hold. Made with NumPy 1.24.4.
"""

import json
import math
import random
import sys
from pathlib import Path

import numpy as np

FLOATS = ["float64", "float32", "float16"]
INTS = ["int64", "int32", "int16", "int8", "uint8"]

SCALARS = [0.0, -0.0, 1.0, -2.5, 4.0, 0.1, 1 / 3, 1e-4, 9.999e-5, 1e-5, 12345678.9, 1e8, 1e15, 1e16, 123456.789e12,
           65504.0, 5e-324, 1.7976931348623157e308, 2e23, 6e-8, math.nan, math.inf, -math.inf]
ROWS = [
    [4.0], [1.0, 2.0], [0.1, 0.25], [1 / 3, 2 / 3], [-1.0, 1.0], [0.0, 0.0], [-0.0], [0.1 + 0.2], [1e-4], [9e-5], [0.1, 100.0],
    [0.1, 100.1], [1.0, 1000.0], [1.0, 1001.0], [99999999.0], [1e8], [1e8, 1.0], [123456.789, 0.5], [1e-10, 1.0], [1e-100, 1e100],
    [1e-310, 5e-324], [2e23], [0.1, 1.23456795e-5], [math.nan], [math.nan, 1.0], [math.inf, -math.inf], [math.inf, 1.5], [-math.inf, 1e-9],
    [math.nan, -math.inf, 0.0], [1.123456789, 1.0], [0.123456789123], [9.999999999], [0.999999999], [1234567.123456789, 1e7],
    [2.5, -12.125, 100.0], [0.00010001, 0.5], [65504.0, 1.0], [6e-8, 6e-5], [1e22, 1e23], [0.5, 0.125, 0.0625, -0.03125],
    [1.00000001, 2.0], [1.000000005, 2.0], [0.123456785, 0.5], [4.35, 4.349999999999999], [1.0, 1e-5, -1e-5],
]


def number(x):
    if isinstance(x, float) and not math.isfinite(x):
        return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"
    return x


def record(array):
    return {"dtype": str(array.dtype), "shape": list(array.shape),
            "data": [number(x) for x in array.reshape(-1).tolist()], "text": str(array)}


def arange(dtype, shape, start, step):
    count = math.prod(shape)
    array = (start + np.arange(count, dtype=np.float64) * step).astype(dtype).reshape(shape)
    return {"dtype": dtype, "shape": shape, "arange": [start, step], "text": str(array)}


def chosen():
    with np.errstate(over="ignore"):
        for dtype in FLOATS:
            for x in SCALARS:
                yield record(np.array(x, dtype=dtype))
            for row in ROWS:
                yield record(np.array(row, dtype=dtype))
    for dtype in INTS:
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        yield record(np.array(high, dtype=dtype))
        yield record(np.array([low, 0, high], dtype=dtype))
        yield record(np.arange(12, dtype=dtype).reshape(3, 4))
        yield record(np.arange(60, dtype=dtype))
    yield record(np.array(True))
    yield record(np.array([True, False]))
    yield record(np.array([[True, False], [False, False]]))
    yield record(np.ones((2, 30), dtype=bool))
    for shape in [(0,), (0, 3), (3, 0), (2, 0, 2)]:
        yield record(np.zeros(shape))
    yield arange("int64", [1000], 0, 1)
    yield arange("int64", [1001], 0, 1)
    yield arange("int64", [1001], -500, 1)
    yield arange("float32", [1001], 0, 0.5)
    yield arange("float64", [1001], -1, 1e-3)
    yield arange("float64", [40, 40], 0, 0.25)
    yield arange("float32", [7, 150], 0, 1)
    yield arange("int32", [6, 6, 6, 6], 0, 1)
    yield arange("float64", [8, 8, 8, 8], 0, 0.125)
    yield arange("int64", [2, 600], 0, 1)
    yield arange("float64", [3, 3, 3, 3], 0, 1)
    yield arange("float64", [2, 2, 2, 2, 2], 0, 0.5)
    yield arange("float64", [1, 1100], 1, 1.0 / 3)
    yield arange("int64", [1100, 1], 0, 1)


def some(dice):
    dtype = dice.choice(FLOATS * 2 + INTS + ["bool"])
    shape = [dice.choice([1, 1, 2, 3, 4, 5, 7, 13]) for _ in range(dice.randint(0, 3))]
    count = math.prod(shape)
    if dtype == "bool":
        values = [dice.random() < 0.5 for _ in range(count)]
    elif dtype in INTS:
        info = np.iinfo(dtype)
        reach = dice.choice([9, 100, info.max])
        values = [dice.randint(max(info.min, -reach), min(info.max, reach)) for _ in range(count)]
    else:
        scale = 10.0 ** dice.uniform(-6, 9)
        kind = dice.random()
        spread = dice.choice([1, 3, 12, 300])
        values = []
        for _ in range(count):
            x = dice.gauss(0, 1) * scale
            if kind < 0.2:
                x = float(round(x))
            elif kind < 0.4:
                x = round(x * 8) / 8
            elif kind < 0.55:
                x = dice.choice([-1, 1]) * 10.0 ** dice.uniform(-spread / 2, spread / 2)
            elif kind < 0.7:
                x = dice.randint(-30, 30) / dice.choice([1, 2, 10, 1000, 20000])
            elif kind < 0.8 and dice.random() < 0.3:
                x = dice.choice([math.nan, math.inf, -math.inf, 0.0, -0.0])
            values.append(x)
    with np.errstate(over="ignore"):
        return record(np.array(values, dtype=dtype).reshape(shape))


def files(folder):
    grid = np.arange(6).reshape(2, 3)
    for dtype in FLOATS + INTS:
        np.save(folder / f"{dtype}.npy", (grid - 2).astype(dtype))
    np.save(folder / "bool.npy", grid % 2 == 0)
    for dtype in [">f8", ">f4", ">f2", ">i8", ">i4", ">i2"]:
        np.save(folder / f"big-{np.dtype(dtype).name}.npy", (grid - 2).astype(dtype))
    np.save(folder / "fortran.npy", np.asfortranarray(grid.astype("float32")))
    np.save(folder / "scalar.npy", np.array(2.5))
    np.save(folder / "vector.npy", np.arange(3.0))
    np.save(folder / "empty.npy", np.zeros((0, 3), dtype="float32"))
    for version in [(2, 0), (3, 0)]:
        with open(folder / f"version-{version[0]}.npy", "wb") as file:
            np.lib.format.write_array(file, grid.astype("float32"), version=version)
    np.save(folder / "refused-complex128.npy", np.ones(2, dtype=complex))
    np.save(folder / "refused-uint16.npy", np.ones(2, dtype="uint16"))
    np.save(folder / "refused-structured.npy", np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
    np.save(folder / "refused-bfloat16.npy", np.zeros(2, dtype="V2"))


def main():
    folder = Path(sys.argv[1])
    dice = random.Random(0)
    records = list(chosen()) + [some(dice) for _ in range(int(sys.argv[2]) if len(sys.argv) > 2 else 150)]
    with open(folder / "numpy-text.jsonl", "w") as file:
        for r in records:
            file.write(json.dumps(r, allow_nan=False) + "\n")
    files(folder)


if __name__ == "__main__":
    main()
