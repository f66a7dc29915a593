"""The benchmark's cases in PyTorch, told line by line what to do (see Worker.java)."""

import sys
import time

import torch
import torch.nn.functional as F

DEVICE = torch.device(sys.argv[1])
torch.set_num_threads(int(sys.argv[2]))

MODULUS = 2147483647
WEIGHTS = 99


def values(seed, n):
    """Numbers from 0 to 1 in float64, the same as Inputs.java makes."""
    step = (1000003 + 7919011 * seed) % MODULUS
    return (torch.arange(1, n + 1) * step % MODULUS).double() / MODULUS


def tensor(seed, *sizes, scale=1.0):
    n = torch.Size(sizes).numel()
    return ((values(seed, n) * 2 - 0.75) * scale).float().reshape(sizes).to(DEVICE)


class Work:
    """A case made ready: run() does it once, outcome() gives all that a run leaves behind."""

    def __init__(self, function):
        self.run = function

    def outcome(self):
        return [self.run()]

    def reset(self):
        pass


class MeanBackward(Work):
    def __init__(self, n):
        self.p = tensor(1, n).requires_grad_()
        self.q = tensor(2, n).requires_grad_()

    def run(self):
        self.p.grad = None
        self.q.grad = None
        mean = (self.p * self.q).mean()
        mean.backward()
        return mean

    def outcome(self):
        return [self.run(), self.p.grad, self.q.grad]


UNARY = {
    "mul_scalar": lambda p: p * 1.5,
    "exp": torch.exp,
    "tanh": torch.tanh,
    "gelu": F.gelu,
    "sum": torch.sum,
    "mean": torch.mean,
    "row_sum": lambda x: x.sum(1),
    "column_sum": lambda x: x.sum(0),
    "softmax": lambda x: torch.softmax(x, -1),
    "transposed_copy": lambda x: x.t().contiguous(),
}

BINARY = {
    "add": torch.add,
    "chain": lambda p, q: (-(p * q + 0.5)).exp() * p,
}


def work(name):
    kind, text = name.split("/", 1)
    if kind == "mean_backward":
        return MeanBackward(int(text))
    sizes = [int(s) for s in text.split("x")]
    if kind in ("mm", "bmm"):
        *batch, m, k, n = sizes
        a, b = tensor(1, *batch, m, k), tensor(2, *batch, k, n)
        function = getattr(torch, kind)
        return Work(lambda: function(a, b))
    x = tensor(1, *sizes)
    if kind in UNARY:
        function = UNARY[kind]
        return Work(lambda: function(x))
    if kind in BINARY:
        function, y = BINARY[kind], tensor(2, *sizes)
        return Work(lambda: function(x, y))
    if kind == "broadcast_add":
        row = tensor(2, sizes[1])
        return Work(lambda: x + row)
    if kind == "layer_norm":
        weight, bias = tensor(2, sizes[1]), tensor(3, sizes[1])
        return Work(lambda: F.layer_norm(x, (sizes[1],), weight, bias, 1e-5))
    raise ValueError("no case " + name)


def checksum(outcome):
    size = mixed = 0.0
    for t in outcome:
        flat = t.detach().cpu().double().reshape(-1)
        size += flat.abs().sum().item()
        mixed += flat.dot(values(WEIGHTS, flat.numel())).item()
    return f"ok {size!r} {mixed!r}"


def synchronize():
    if DEVICE.type == "cuda":
        torch.cuda.synchronize(DEVICE)


def seconds(current, runs):
    current.reset()
    synchronize()
    run = current.run
    start = time.perf_counter()
    for _ in range(runs):
        run()
    synchronize()
    return time.perf_counter() - start


def main():
    print("ready PyTorch", torch.__version__, flush=True)
    current = None
    for line in sys.stdin:
        command, argument = line.split()
        try:
            if command == "prepare":
                current = None
                current = work(argument)
                current.reset()
                answer = checksum(current.outcome())
            elif command == "run":
                answer = repr(seconds(current, int(argument)))
            else:
                raise ValueError(command)
        except Exception as e:
            answer = "error " + repr(e).replace("\n", " ")
        print(answer, flush=True)


main()
