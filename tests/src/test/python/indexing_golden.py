"""Writes src/test/resources/indexing: random index expressions, what PyTorch makes of them, and their gradients.

Run from the folder of the tests module: python src/test/python/indexing_golden.py. The files have the format of the golden
data (see its README); values and gradients here are the same in every version of PyTorch from 1.13 on.
"""

import json
import pathlib
import random
import struct

import torch

FOLDER = pathlib.Path("src/test/resources/indexing/ops")
KINDS = {torch.float64: "F64", torch.int64: "I64", torch.bool: "BOOL"}
choose = random.Random(20260101)


class Records:
    """The samples of one operator and the tensors they refer to."""

    def __init__(self, op):
        self.op, self.samples, self.tensors = op, [], {}

    def key(self, x, requires_grad=False):
        name = f"k{len(self.tensors)}"
        self.tensors[name] = x.detach().clone().contiguous()
        out = {"t": name}
        if requires_grad:
            out["requires_grad"] = True
        if not x.is_contiguous():
            out["stride"] = list(x.stride())
        return out

    def encode(self, value, leaves):
        if isinstance(value, torch.Tensor):
            out = self.key(value, value.requires_grad)
            leaves[out["t"]] = value
            return out
        if value is Ellipsis:
            return {"ellipsis": True}
        if isinstance(value, slice):
            return {"slice": [value.start, value.stop, value.step]}
        if isinstance(value, tuple):
            return {"tuple": [self.encode(v, leaves) for v in value]}
        return value

    def add(self, function, x, *args, **kwargs):
        leaves = {}
        sample = {"id": f"{self.op}.{len(self.samples)}", "dtype": "float64", "src": "ours"}
        sample["input"] = self.encode(x, leaves)
        sample["args"] = [self.encode(a, leaves) for a in args]
        sample["kwargs"] = kwargs
        try:
            out = function(x, *args, **kwargs)
        except (IndexError, RuntimeError):
            return
        sample["out"] = self.key(out, out.requires_grad)
        wanted = {k: v for k, v in leaves.items() if v.requires_grad}
        if wanted:
            cotangent = torch.randn_like(out)
            grads = torch.autograd.grad(out, list(wanted.values()), cotangent, allow_unused=True)
            sample["cot"] = [self.key(cotangent)]
            sample["grads"] = {k: None if g is None else self.key(g) for k, g in zip(wanted, grads)}
        self.samples.append(sample)

    def write(self):
        FOLDER.mkdir(parents=True, exist_ok=True)
        record = {"op": self.op, "variant": "", "aliases": [], "method": True, "inplace": False}
        record |= {"samples": self.samples, "errors": []}
        (FOLDER / f"{self.op}.json").write_text(json.dumps(record, separators=(",", ":")) + "\n")
        header, data = {}, b""
        for name, x in self.tensors.items():
            raw = x.numpy().tobytes()
            offsets = [len(data), len(data) + len(raw)]
            header[name] = {"dtype": KINDS[x.dtype], "shape": list(x.shape), "data_offsets": offsets}
            data += raw
        text = json.dumps(header, separators=(",", ":")).encode()
        (FOLDER / f"{self.op}.safetensors").write_bytes(struct.pack("<Q", len(text)) + text + data)


def values(shape):
    x = torch.randn(shape, dtype=torch.float64)
    if len(shape) > 1 and choose.random() < 0.3:
        order = choose.sample(range(len(shape)), len(shape))
        back = [order.index(d) for d in range(len(shape))]
        x = torch.randn([shape[d] for d in order], dtype=torch.float64).permute(back)
    return x.requires_grad_()


def shape(least, most):
    return [choose.choice([1, 2, 3, 4]) if choose.random() > 0.05 else 0 for _ in range(choose.randint(least, most))]


def broadcastable(sizes):
    return [s if choose.random() > 0.3 else 1 for s in sizes]


def indices(size, sizes):
    return torch.randint(-size, size, sizes)


def mask(sizes):
    return torch.rand(sizes) < 0.5


def index(sizes):
    """A tuple as between the brackets of x[...]: integers, slices, None, ..., masks and index tensors."""
    together = choose.choice([[2], [3], [2, 3], [1], []])
    parts, d, dots = [], 0, False
    while d < len(sizes) and choose.random() < 0.85:
        kind, size = choose.random(), sizes[d]
        if kind < 0.15 and size:
            parts.append(choose.randint(-size, size - 1))
            d += 1
        elif kind < 0.4:
            bounds = [choose.choice([None, choose.randint(-5, 5)]) for _ in range(2)]
            parts.append(slice(*bounds, choose.choice([None, 1, 2, 3])))
            d += 1
        elif kind < 0.5:
            parts.append(None)
        elif kind < 0.6 and not dots:
            parts.append(...)
            d += choose.randint(0, len(sizes) - d)
            dots = True
            while d < len(sizes):
                whole = choose.random() < 0.5 or not sizes[d]
                parts.append(slice(0, 2) if whole else indices(sizes[d], broadcastable(together)))
                d += 1
        elif kind < 0.7:
            count = choose.randint(1, min(2, len(sizes) - d))
            parts.append(mask(sizes[d : d + count]))
            d += count
        elif kind < 0.74:
            parts.append(torch.tensor(choose.random() < 0.7))
        elif size:
            parts.append(indices(size, broadcastable(together)))
            d += 1
        else:
            parts.append(slice(None))
            d += 1
    return tuple(parts)


def main():
    torch.manual_seed(0)
    get = Records("__getitem__")
    while len(get.samples) < 250:
        x = values(shape(0, 4))
        get.add(lambda t, i: t[i], x, index(x.shape))
    get.write()
    put = Records("index_put")
    while len(put.samples) < 100:
        sizes = [choose.randint(1, 4) for _ in range(choose.randint(1, 4))]
        together = choose.choice([[2], [3], [2, 3]])
        count = choose.randint(1, len(sizes))
        parts = tuple(
            mask([s]) if choose.random() < 0.2 else indices(s, broadcastable(together)) for s in sizes[:count]
        )
        x = values(sizes)
        try:
            result = list(x[parts].shape)
        except IndexError:
            continue
        # What is written twice without being added is up to PyTorch: one value, then.
        accumulate = choose.random() < 0.6
        written = values(broadcastable(result) if accumulate else [])
        put.add(lambda t, i, v, accumulate: t.index_put(i, v, accumulate), x, parts, written, accumulate=accumulate)
    put.write()


main()
