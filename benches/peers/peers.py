"""The same job in numpy, numba and torch, each as fast as it comes on one core: of R trials the mean of
L = (1/N) ln(P(seq)/Q(seq)) and the time. `python peers.py numpy|numba|torch` prints a row of JSON a task.

Sequences draw every symbol; counts draw each trial's symbol counts. Chunks are sized to stay in the cache.
"""

import json
import os
import sys
import time

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import numpy as np

TASKS = {
    "coin": ([0.4, 0.6], [0.5, 0.5]),
    "die": ([0.1, 0.2, 0.3, 0.15, 0.05, 0.2], [0.2, 0.1, 0.3, 0.15, 0.05, 0.2]),
}
N = 1_000
SEQUENCES = {"numpy": {"coin": 100_000, "die": 10_000}, "numba": {"coin": 20_000, "die": 10_000}, "torch": {"coin": 100_000, "die": 10_000}}
COUNTS = {"coin": 4_000_000, "die": 400_000}
CHUNK = 32


def numpy_peer():
    rng = np.random.default_rng(1)

    def sequence(p, trials):
        buffer = np.empty((CHUNK, N))
        if len(p) == 2:
            heads = np.empty(trials, dtype=np.int64)
            for start in range(0, trials, CHUNK):
                rng.random(out=buffer)
                heads[start : start + CHUNK] = (buffer < p[0]).sum(axis=1)
            return np.stack([heads, N - heads], axis=1)
        ends = np.cumsum(p)[:-1]
        offsets = np.arange(CHUNK)[:, None] * len(p)
        counts = np.empty((trials, len(p)), dtype=np.int64)
        for start in range(0, trials, CHUNK):
            rng.random(out=buffer)
            symbols = np.searchsorted(ends, buffer, side="right") + offsets
            found = np.bincount(symbols.ravel(), minlength=CHUNK * len(p)).reshape(CHUNK, len(p))
            counts[start : start + CHUNK] = found[: trials - start]
        return counts

    def counts(p, trials):
        if len(p) == 2:
            heads = rng.binomial(N, p[0], size=trials)
            return np.stack([heads, N - heads], axis=1)
        return rng.multinomial(N, p, size=trials)

    return {"sequence": sequence, "counts": counts}, np.__version__


def numba_peer():
    import numba

    @numba.njit(fastmath=True)
    def coin(p, n, trials, seed):
        np.random.seed(seed)
        counts = np.zeros((trials, 2), dtype=np.int64)
        for trial in range(trials):
            heads = 0
            for _ in range(n):
                if np.random.random() < p:
                    heads += 1
            counts[trial, 0] = heads
            counts[trial, 1] = n - heads
        return counts

    @numba.njit(fastmath=True)
    def die(ends, n, trials, seed):
        np.random.seed(seed)
        counts = np.zeros((trials, len(ends) + 1), dtype=np.int64)
        for trial in range(trials):
            for _ in range(n):
                u = np.random.random()
                symbol = 0
                while symbol < len(ends) and u >= ends[symbol]:
                    symbol += 1
                counts[trial, symbol] += 1
        return counts

    @numba.njit
    def binomial(p, n, trials, seed):
        np.random.seed(seed)
        counts = np.zeros((trials, 2), dtype=np.int64)
        for trial in range(trials):
            heads = np.random.binomial(n, p)
            counts[trial, 0] = heads
            counts[trial, 1] = n - heads
        return counts

    @numba.njit
    def multinomial(p, n, trials, seed):
        np.random.seed(seed)
        counts = np.zeros((trials, len(p)), dtype=np.int64)
        for trial in range(trials):
            left, rest = n, 1.0
            for symbol in range(len(p) - 1):
                if left > 0:
                    drawn = np.random.binomial(left, min(1.0, p[symbol] / rest))
                    counts[trial, symbol] = drawn
                    left -= drawn
                    rest -= p[symbol]
            counts[trial, len(p) - 1] = left
        return counts

    def sequence(p, trials):
        return coin(p[0], N, trials, 1) if len(p) == 2 else die(np.cumsum(p)[:-1], N, trials, 1)

    def counts(p, trials):
        return binomial(p[0], N, trials, 1) if len(p) == 2 else multinomial(np.array(p), N, trials, 1)

    return {"sequence": sequence, "counts": counts}, numba.__version__


def torch_peer():
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(1)

    def sequence(p, trials):
        buffer = torch.empty((CHUNK, N))
        ends = torch.cumsum(torch.tensor(p), 0)[:-1]
        offsets = torch.arange(CHUNK)[:, None] * len(p)
        found = []
        for _ in range(0, trials, CHUNK):
            torch.rand((CHUNK, N), out=buffer)
            if len(p) == 2:
                heads = (buffer < p[0]).sum(dim=1)
                found.append(torch.stack([heads, N - heads], dim=1))
            else:
                symbols = torch.bucketize(buffer, ends, right=True) + offsets
                found.append(torch.bincount(symbols.ravel(), minlength=CHUNK * len(p)).reshape(CHUNK, len(p)))
        return torch.cat(found)[:trials].numpy()

    def counts(p, trials):
        if len(p) == 2:
            heads = torch.binomial(torch.full((trials,), float(N)), torch.full((trials,), p[0])).long()
            return torch.stack([heads, N - heads], dim=1).numpy()
        return torch.distributions.Multinomial(N, torch.tensor(p)).sample((trials // 20,)).long().numpy()

    return {"sequence": sequence, "counts": counts}, torch.__version__


def main(name):
    samplers, version = {"numpy": numpy_peer, "numba": numba_peer, "torch": torch_peer}[name]()
    for task, (p, q) in TASKS.items():
        values = np.log(np.array(p) / np.array(q))
        for sampler, draw in samplers.items():
            trials = SEQUENCES[name][task] if sampler == "sequence" else COUNTS[task]
            draw(p, CHUNK)  # compiled, if it must be
            best = float("inf")
            for _ in range(3):
                start = time.perf_counter()
                estimates = draw(p, trials) @ values / N
                mean, variance = float(estimates.mean()), float(estimates.var(ddof=1))
                best = min(best, time.perf_counter() - start)
            row = {"peer": name, "version": version, "task": task, "sampler": sampler, "trials": len(estimates)}
            print(json.dumps(row | {"seconds": best, "mean": mean, "variance": variance}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
