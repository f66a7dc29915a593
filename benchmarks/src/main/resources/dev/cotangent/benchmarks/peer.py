"""Inputs and protocol of the benchmark's peers in Python (see Worker.java)."""

import sys

MODULUS = 2147483647
WEIGHTS = 99


def numerators(seed, indices):
    """Numerators of the numbers of Inputs.java, whose denominator is MODULUS. Indices are int64 and start at 1."""
    step = (1000003 + 7919011 * seed) % MODULUS
    return indices * step % MODULUS


def serve(name, prepare):
    """Answers requests line by line.

    prepare creates a case from its name and an optional expression, or returns None if there is no such case.
    checksum() of a case runs it and returns its size and mixed sum; seconds(runs) returns the time of the runs.
    """
    print("ready", name, flush=True)
    current = None
    for line in sys.stdin:
        command, *arguments = line.split(None, 2)
        try:
            if command == "prepare":
                current = None
                current = prepare(*arguments)
                answer = "ok {!r} {!r}".format(*current.checksum()) if current else "absent"
            elif command == "run":
                answer = repr(current.seconds(int(*arguments)))
            elif command == "compiled":
                answer = "0"
            else:
                raise ValueError(command)
        except Exception as e:
            answer = "error " + repr(e).replace("\n", " ")
        print(answer, flush=True)
