"""The same job in numpy, numba and torch, each as fast as it comes on one core: of R trials the mean of
L = (1/N) ln(P(seq)/Q(seq)) and the time. `python peers.py numpy|plain|numba|torch` prints a row of JSON a task and generator.

Sequences draw every symbol; counts draw each trial's symbol counts. A sampler is made for P and the symbols' values,
draws one chunk of trials, small enough for the cache, and returns their estimates.

A symbol is chosen by a number of BITS random bits against the ends of the symbols' intervals, so a probability is right to
2^-17 = 7.6e-6: coarse beside the runner's, but within the check of the mean at these numbers of trials.
"""

import json
import os
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np

from run import N, TASKS

BITS = 16
WORDS = -(-N // 64)
LAST = np.uint64(2 ** ((N - 1) % 64 + 1) - 1)  # the tosses in a trial's last word
GENERATORS = (np.random.PCG64DXSM, np.random.SFC64)
RUNS = 5
TRIALS = {"sequence": 500_000, "counts": 1_000_000}
SLOW = {"sequence": 20_000, "counts": 200_000}


def ends_of(p):
    return np.rint(np.cumsum(p)[:-1] * 2**BITS).astype(np.uint16)


def of_below(values, below):
    """The estimates from the numbers of symbols below each end: one row an end, one column a trial."""
    return values[-1] + (values[:-1] - values[1:]) @ below / N


def of_counts(values, counts):
    return counts @ values / N


def numpy_peer(generator):
    """Sixty-four tosses a word: u < end for all of them at once, from the lowest bit of u up, with an `and` or an `or` a level."""
    source = generator(1)
    rng = np.random.Generator(source)

    def sequence(p, values):
        ends = [int(end) for end in ends_of(p)]
        lowest = next(level for level in range(BITS) if any(end >> level & 1 for end in ends))
        below = np.empty((len(ends), WORDS, 1_024), dtype=np.uint64)
        steps = [[np.bitwise_or if end >> level & 1 else np.bitwise_and for end in ends] for level in range(lowest, BITS)]

        def draw(trials):
            below.fill(0)
            for step in steps:  # one for a fair coin
                bits = source.random_raw(WORDS * trials).reshape(WORDS, trials)
                for combine, each in zip(step, below[:, :, :trials]):
                    combine(bits, each, out=each)
            below[:, -1] &= LAST
            return of_below(values, np.bitwise_count(below[:, :, :trials]).sum(axis=1, dtype=np.uint16))

        return draw

    def counts(p, values):
        if len(p) == 2:
            return lambda trials: of_below(values, rng.binomial(N, p[0], size=(1, trials)))
        return lambda trials: of_counts(values, rng.multinomial(N, p, size=trials))

    return {"sequence": (sequence, 1_024), "counts": (counts, 16_384)}, np.__version__


def plain_peer(generator):
    """numpy as it is usually written: a floating-point number a symbol."""
    rng = np.random.Generator(generator(1))

    def coin(p, values):
        below = lambda trials: np.count_nonzero(rng.random((trials, N), dtype=np.float32) < np.float32(p[0]), axis=1)
        return lambda trials: of_below(values, below(trials)[None])

    def die(p, values):
        ends = np.cumsum(p)[:-1]

        def draw(trials):
            symbols = np.searchsorted(ends, rng.random((trials, N)), side="right")
            symbols += np.arange(trials)[:, None] * len(p)
            return of_counts(values, np.bincount(symbols.ravel(), minlength=trials * len(p)).reshape(trials, len(p)))

        return draw

    def sequence(p, values):
        return (coin if len(p) == 2 else die)(p, values)

    return {"sequence": (sequence, 32)}, np.__version__


def numba_peer(generator):
    """Compiled loops over numpy's random words."""
    import numba

    source = generator(1)
    rng = np.random.Generator(source)

    @numba.njit
    def ones(words):
        found = np.zeros((1, words.shape[0]))
        for trial in range(words.shape[0]):
            heads = np.uint64(0)
            for place in range(words.shape[1]):  # LLVM knows this as a popcount
                word = words[trial, place]
                word -= (word >> np.uint64(1)) & np.uint64(0x5555555555555555)
                word = (word & np.uint64(0x3333333333333333)) + ((word >> np.uint64(2)) & np.uint64(0x3333333333333333))
                word = (word + (word >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
                heads += (word * np.uint64(0x0101010101010101)) >> np.uint64(56)
            found[0, trial] = heads
        return found

    @numba.njit
    def numbers_below(numbers, ends):
        found = np.zeros((len(ends), numbers.shape[0]))
        for trial in range(numbers.shape[0]):
            for symbol in range(len(ends)):
                below, end = 0, ends[symbol]
                for toss in range(numbers.shape[1]):
                    below += numbers[trial, toss] < end
                found[symbol, trial] = below
        return found

    @numba.njit
    def binomials(rng, p, n, trials):
        found = np.zeros((len(p) - 1, trials))
        for trial in range(trials):
            left, rest, below = n, 1.0, 0
            for symbol in range(len(p) - 1):
                drawn = rng.binomial(left, min(1.0, p[symbol] / rest)) if left > 0 else 0
                left -= drawn
                below += drawn
                rest -= p[symbol]
                found[symbol, trial] = below
        return found

    def fair(values):
        def draw(trials):
            words = source.random_raw(WORDS * trials).reshape(trials, WORDS)
            words[:, -1] &= LAST
            return of_below(values, ones(words))

        return draw

    def sequence(p, values):
        if p == [0.5, 0.5]:
            return fair(values)
        ends = ends_of(p)

        def draw(trials):
            numbers = source.random_raw(-(-N * trials // 4)).view(np.uint16)[: N * trials]
            return of_below(values, numbers_below(numbers.reshape(trials, N), ends))

        return draw

    def counts(p, values):
        p = np.array(p)
        return lambda trials: of_below(values, binomials(rng, p, N, trials))

    return {"sequence": (sequence, 256), "counts": (counts, 4_096)}, numba.__version__


def torch_peer(_):
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)

    def coin(p, values):
        return lambda trials: of_below(values, (torch.rand((trials, N)) < p[0]).sum(dim=1).numpy()[None])

    def die(p, values):
        ends = torch.cumsum(torch.tensor(p), 0)[:-1]

        def draw(trials):
            symbols = torch.bucketize(torch.rand((trials, N)), ends, right=True)
            symbols += torch.arange(trials)[:, None] * len(p)
            return of_counts(values, torch.bincount(symbols.ravel(), minlength=trials * len(p)).reshape(trials, len(p)).numpy())

        return draw

    def sequence(p, values):
        return (coin if len(p) == 2 else die)(p, values)

    def counts(p, values):
        if len(p) == 2:
            return lambda trials: of_below(values, torch.binomial(torch.full((1, trials), float(N)), torch.full((1, trials), p[0])).numpy())
        law = torch.distributions.Multinomial(N, torch.tensor(p))
        return lambda trials: of_counts(values, law.sample((trials,)).double().numpy())

    return {"sequence": (sequence, 32), "counts": (counts, 4_096)}, torch.__version__


def measured(draw, chunk, trials):
    """The seconds of the quickest run, and the last run's mean."""
    draw(chunk)  # compiled, if it must be
    best = float("inf")
    for _ in range(RUNS):
        start = time.perf_counter()
        total = squares = 0.0
        for first in range(0, trials, chunk):
            estimates = draw(min(chunk, trials - first))
            total += estimates.sum()
            squares += estimates @ estimates
        mean = total / trials
        variance = (squares - total * mean) / (trials - 1)
        best = min(best, time.perf_counter() - start)
    return {"trials": trials, "seconds": best, "mean": float(mean), "variance": float(variance)}


def main(name):
    peer = {"numpy": numpy_peer, "plain": plain_peer, "numba": numba_peer, "torch": torch_peer}[name]
    for generator in [None] if name == "torch" else GENERATORS:
        samplers, version = peer(generator)
        for task, (sampler, p, q) in TASKS.items():
            if sampler not in samplers:
                continue
            values = np.log(np.array(p) / np.array(q))
            make, chunk = samplers[sampler]
            trials = (SLOW if name in ("plain", "torch") else TRIALS)[sampler]
            if (name, task) == ("torch", "counts of six"):  # symbol by symbol
                trials //= 20
            row = {"peer": name, "version": version, "generator": generator and generator.__name__, "task": task}
            print(json.dumps(row | measured(make(p, values), chunk, trials)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
