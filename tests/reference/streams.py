"""The random streams from their definition, in plain Python: prints the frozen draws of the unit tests in
crates/kl-sim/src/simulation/stream.rs and simulation/sampler/symbols/sequence.rs. No packages needed.

Key: SHA-256 over length-prefixed fields. Stream: ChaCha8 with a 64-bit block counter and the block of
trials as its 64-bit nonce.

Up to 16 symbols: Huffman's tree of their weights floor(2^64 p); of equal weights the part with the earlier first symbol comes
first, and the part with the earlier first symbol is the left one. Some trials are drawn at once: 2^15/N of them, rounded down to
a power of two, at most 128; a longer sequence comes in parts of 2^15 symbols. Split after split, each before those of its
sides, the left side's first: a place falls to the left if a uniform number u < p. Level after level, every place that is open
reads one bit, trial after trial, each trial from a new byte on, lowest bit first. It stays open while its bit is p's.

More symbols: Walker's table by Vose's method, of 2^8 columns (2^16 or what the alphabet needs, if there are more than 256 symbols).
The lowest bits of a leading number of two (four) bytes are the column, the next 8 (16, or what is left of 32) the first bits of a fraction, of
which, if they are as the threshold's, the others come from the stream "refine".

Numbers, to 12 digits, as the unit tests in base_sampler.rs have them: batches of 256 words of eight bytes, each a layer and a place in
it. Only those of the layers are made here, None for the others.
"""

import hashlib
import math
import struct
from fractions import Fraction


def chacha8(key, nonce):
    counter = 0
    while True:
        start = list(struct.unpack("<4I", b"expand 32-byte k") + struct.unpack("<8I", key))
        start += [counter & 0xFFFFFFFF, counter >> 32, nonce & 0xFFFFFFFF, nonce >> 32]
        x = start[:]

        def quarter(a, b, c, d):
            for i, j, k, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                x[i] = (x[i] + x[j]) & 0xFFFFFFFF
                y = x[k] ^ x[i]
                x[k] = ((y << turn) | (y >> (32 - turn))) & 0xFFFFFFFF

        for _ in range(4):
            for i in range(4):
                quarter(i, 4 + i, 8 + i, 12 + i)
            for i in range(4):
                quarter(i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4)
        yield from struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(x, start)))
        counter += 1


def stream(role, n, masses, seed=57, block=0):
    fields = [b"kl-runner stream", struct.pack("<I", 3), struct.pack("<Q", seed), role, b"sequence"]
    fields += [struct.pack("<Q", n), b"categorical"] + [struct.pack("<d", float(p)) for p in masses]
    digest = hashlib.sha256(b"".join(struct.pack("<Q", len(field)) + field for field in fields)).digest()
    return chacha8(digest, block)


def pilot_seed(seed):
    """The seed of a pilot: the first word of a stream without parameters, with the highest bit set."""
    fields = [b"kl-runner stream", struct.pack("<I", 3), struct.pack("<Q", seed), b"pilot", b"", struct.pack("<Q", 0), b""]
    digest = hashlib.sha256(b"".join(struct.pack("<Q", len(field)) + field for field in fields)).digest()
    word = chacha8(digest, 0)
    return int.from_bytes(bytes(next(word) for _ in range(8)), "little") | 1 << 63


def tree(masses):
    """The root: a symbol, or a triple of the left side's share, the left side and the right side."""
    parts = [(int(p * 2**64), k, p, k) for k, p in enumerate(masses) if p > 0]
    while len(parts) > 1:
        parts.sort(key=lambda part: part[:2])
        one, other, *parts = parts
        left, right = sorted([one, other], key=lambda part: part[1])
        mass = left[2] + right[2]
        parts.append((left[0] + right[0], left[1], mass, (left[2] / mass, left[3], right[3])))
    return parts[0][3]


def split(source, node, places):
    """The symbols of the places that come to a node: a list of places for each trial."""
    if not isinstance(node, tuple):
        return {place: node for trial in places for place in trial}
    share, left, right = node
    goes_left, open_ = {}, [list(trial) for trial in places]
    while share > 0 and any(open_):
        share *= 2
        bit, share = int(share), share - int(share)
        for j, trial in enumerate(open_):
            byte, still = 0, []
            for rank, place in enumerate(trial):
                byte = next(source) if rank % 8 == 0 else byte
                drawn = byte >> (rank % 8) & 1
                if drawn == bit:
                    still.append(place)
                else:
                    goes_left[place] = drawn < bit
            open_[j] = still
    sides = [[[p for p in trial if goes_left.get(p, False) == side] for trial in places] for side in (True, False)]
    return split(source, left, sides[0]) | split(source, right, sides[1])


def columns(masses, count):
    """For each column the share of its own symbol, in units of 2^-64, and its other symbol."""
    full = 2**64
    shares = [int(p * count * full) for p in masses] + [0] * (count - len(masses))
    shares[shares.index(max(shares))] += count * full - sum(shares)
    others = list(range(count))
    short = [k for k in reversed(range(count)) if shares[k] < full]
    long = [k for k in reversed(range(count)) if shares[k] >= full]
    while short and long:
        one = short.pop()
        others[one] = long[-1]
        shares[long[-1]] -= full - shares[one]
        if shares[long[-1]] < full:
            short.append(long.pop())
    return shares, others


def symbols(masses, n, trial=0):
    source, refine = stream(b"source", n, masses), stream(b"refine", n, masses)
    if len(masses) <= 16:
        together = max(1, min(128, 2 ** (2**15 // n).bit_length() // 2))
        for first in range(0, trial + 1, together):
            drawn = {}
            for start in range(0, n, 2**15):
                part = range(start, min(n, start + 2**15))
                places = [[(j, place) for place in part] for j in range(first, first + together)]
                drawn |= split(source, tree(masses), places)
        return [drawn[trial, place] for place in range(n)]
    size, bits = (1, 8) if len(masses) <= 256 else (2, 16)
    width = max(8, (len(masses) - 1).bit_length())
    bits = min(bits, 16 * size - width)
    shares, others = columns(masses, 2**width)
    drawn = []
    for _ in range(n):
        lead = int.from_bytes(bytes(next(source) for _ in range(2 * size)), "little")
        column, fraction = lead % 2**width, lead >> width & 2**bits - 1
        own, threshold = shares[column], min(shares[column] >> 64 - bits, 2**bits - 1 if size == 2 else 2**bits)
        if fraction == threshold:
            rest = int.from_bytes(bytes(next(refine) for _ in range(8)), "little") >> bits
            drawn.append(column if rest < own % 2 ** (64 - bits) else others[column])
        else:
            drawn.append(column if fraction < threshold else others[column])
    return drawn


def layers(area, inverse, count=1024):
    """The widths of the layers under a density of this area whose height at 0 is 1."""
    part = area / count
    # The first layer starts at the last height of twelve, each nearer to where its depth times its width is one part.
    widths, depth = [], 1 / count
    for _ in range(12):
        height = 1 - depth
        depth = min(math.sqrt(depth * part / inverse(height)), 0.5)
    while height > part / inverse(height):
        widths.append(inverse(height))
        height -= part / widths[-1]
    return widths


def numbers(widths, signed):
    source, drawn = stream(b"source", 10, [Fraction(1, 2)] * 2), []
    for _ in range(4):
        long = int.from_bytes(bytes(next(source) for _ in range(8)), "little")
        place = long % 2**54
        if signed:
            place = 2 * (place - 2**54 * (place >= 2**53))
        layer = long >> 54
        drawn.append(f"{(place | 1) * widths[layer] / 2**54:.12g}" if layer < len(widths) else None)
    return drawn


half = stream(b"source", 10, [Fraction(1, 2)] * 2)
print("[" + ", ".join(f"{next(half):02x}" for _ in range(16)) + "]")
for masses in ([(1, 2)] * 2, [(2, 5), (3, 5)], [(1, 6)] * 6, [(1, 20)] * 20, [(1, 300)] * 300, [(1, 70_000)] * 70_000):
    print(symbols([Fraction(*p) for p in masses], 24))
print(symbols([Fraction(1, 6)] * 6, 10, 127), symbols([Fraction(1, 6)] * 6, 10, 130))
print(symbols([Fraction(2, 5), Fraction(3, 5)], 40_000, 1)[2**15 - 12 : 2**15 + 12])
print("[" + ", ".join(f"{pilot_seed(seed):x}" for seed in (0, 57, 2**63 - 1)) + "]")
exponential = layers(1.0, lambda height: -math.log(height))
normal = layers(math.sqrt(math.pi / 2), lambda height: math.sqrt(-2 * math.log(height)))
print(len(exponential), numbers(exponential, False))
print(len(normal), numbers(normal, True))
print("laplace", numbers(exponential, True))
