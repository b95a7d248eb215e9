"""Recomputes code_lengths.csv: how many bits a sequence takes, coded under P and under Q.

Probabilities are whole numbers of 2^-62 (rounded down, at least 1 where there is mass, what is left over shared by all that have
mass, the first ones taking one more), of the doubles as written, divided by their exact sum. A sequence's code is the shortest
string of bits b such that all numbers that begin with 0.b lie in the sequence's interval of [0, 1). The interval is found twice:

bits_p, bits_q     its lower end as one whole number of any size, with no window and no carries, and its size as a number of 126
                   bits, of which a symbol of weight w takes floor(size/2^62) w: the code of `code_length`, bit for bit
exact_p, exact_q   both ends exactly, as whole numbers of any size: at most 2 bits from the other, for both are within 2 bits of
                   the logarithm of the size

Run it here: `python3 code_lengths.py > code_lengths.csv` writes the file anew. Needs nothing but Python.
"""

import csv
import random
import sys
from fractions import Fraction

WHOLE = 1 << 62


def parts(weights):
    """Where each symbol's part begins, and how wide it is."""
    masses = [Fraction(weight) for weight in weights]
    floors = [max(1, int(mass / sum(masses) * WHOLE)) if mass else 0 for mass in masses]
    left = WHOLE - sum(floors)
    massive = [place for place, floor in enumerate(floors) if floor]
    if left >= 0:
        for rank, place in enumerate(massive):
            floors[place] += left // len(massive) + (rank < left % len(massive))
    else:
        floors[max(massive, key=lambda place: (floors[place], place))] += left
    assert sum(floors) == WHOLE
    return [(sum(floors[:place]), floor) for place, floor in enumerate(floors)]


def widths(tables, symbols):
    """The part of each symbol: from one table, or from one for the first symbol and one for each symbol before."""
    before = 0
    for symbol in symbols:
        yield tables[before if len(tables) > 1 else 0][symbol]
        before = symbol + 1


def shortest(low, size, shift):
    """The number of bits of the shortest code of [low, low + size) / 2^shift."""
    count = max(0, shift - size.bit_length())
    while True:
        step = 1 << max(0, shift - count)
        if -(-low // step) * step + step <= low + size:
            return count
        count += 1


def rounded(tables, symbols):
    low, size, shift = 0, 1 << 126, 126
    for start, width in widths(tables, symbols):
        unit = size >> 62
        low, size = low + unit * start, unit * width
        double = 126 - (size - 1).bit_length()
        low, size, shift = low << double, size << double, shift + double
    return shortest(low, size, shift)


def exact(tables, symbols):
    low, size, shift = 0, 1, 0
    for start, width in widths(tables, symbols):
        low, size, shift = (low << 62) + size * start, size * width, shift + 62
    return shortest(low, size, shift)


def code_lengths(p, q, symbols):
    tables = [[parts(row) for row in law] for law in (p, q)]
    return [length(law, symbols) for length in (rounded, exact) for law in tables]


def main():
    chance = random.Random(57)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["p", "q", "symbols", "bits_p", "bits_q", "exact_p", "exact_q"])
    coin, loaded = [[0.5, 0.5]], [[0.25, 0.75]]
    five = [[0.1, 0.15, 0.2, 0.25, 0.3]]
    skewed = [[0.9, 0.05, 0.03, 0.019999999999, 1e-12]]
    many = [[1 / 300] * 300]
    leaning = [[2 * (place + 1) / (300 * 301) for place in range(300)]]
    # Rows whose doubles are exact, so that dividing them by their sum changes nothing.
    chain = [[0.5, 0.25, 0.25], [0.90625, 0.0625, 0.03125], [0.15625, 0.75, 0.09375], [0.375, 0.0, 0.625]]
    other = [[0.25, 0.25, 0.5], [0.625, 0.25, 0.125], [0.28125, 0.40625, 0.3125], [0.125, 0.25, 0.625]]
    for p, q, lengths in [
        (coin, loaded, [1, 2, 10, 500]),
        (five, skewed, [1, 3, 20, 500, 1000]),
        (skewed, five, [1, 50, 1000]),
        (many, leaning, [1, 7, 500]),
        (chain, other, [1, 2, 10, 1000]),
    ]:
        for length in lengths:
            # Of the chain only steps that it can make.
            symbols = []
            for _ in range(length):
                row = p[symbols[-1] + 1 if symbols and len(p) > 1 else 0]
                symbols.append(chance.choice([symbol for symbol, mass in enumerate(row) if mass]))
            law = lambda rows: ";".join(" ".join(map(repr, row)) for row in rows)
            out.writerow([law(p), law(q), " ".join(map(str, symbols)), *code_lengths(p, q, symbols)])


if __name__ == "__main__":
    main()
