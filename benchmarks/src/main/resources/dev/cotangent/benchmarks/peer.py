"""What the benchmark's peers in Python share: their numbers, and how they are told what to do (see Worker.java)."""

import sys

MODULUS = 2147483647
WEIGHTS = 99


def numerators(seed, indices):
    """Of the numbers from 0 to 1 that Inputs.java makes; the denominator is MODULUS. Indices count from 1, in int64."""
    step = (1000003 + 7919011 * seed) % MODULUS
    return indices * step % MODULUS


def serve(name, prepare):
    """Answers line by line.

    prepare makes a case, given its name and perhaps what to compute: checksum() runs it and gives its size and mixed
    sum, seconds(runs) the time it takes. It gives None where there is no such case.
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
