"""The random streams from their definition, in plain Python: prints the frozen draws of the unit tests in
src/simulation/stream.rs and src/simulation/sampler/sequence.rs. No packages needed.

Key: SHA-256 over length-prefixed fields. Stream: ChaCha8 with a 64-bit block counter and the block of
trials as its 64-bit nonce. Symbol: of the 2^w values of a leading number of w bits, from the stream "source",
symbol k owns floor(2^w p_k), in symbol order. One of the values left over is settled from the stream "refine":
first by one byte, whose values are owned likewise according to what the symbols still lack, then, if that is
left over too, by a 64-bit number, which is compared with floor(2^64 c_k), c_k the share of the first k symbols.

Numbers, to 12 digits, as the unit tests in base_sampler.rs have them: batches of 256 from 1,024 bytes, each a layer and a
place in it. Only those of the layers are made here, None for the others.
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
    fields = [b"kl-runner stream", struct.pack("<I", 2), struct.pack("<Q", seed), role, b"sequence"]
    fields += [struct.pack("<Q", n), b"categorical"] + [struct.pack("<d", float(p)) for p in masses]
    digest = hashlib.sha256(b"".join(struct.pack("<Q", len(field)) + field for field in fields)).digest()
    return chacha8(digest, block)


def pilot_seed(seed):
    """The seed of a pilot: the first word of a stream without parameters, with the highest bit set."""
    fields = [b"kl-runner stream", struct.pack("<I", 2), struct.pack("<Q", seed), b"pilot", b"", struct.pack("<Q", 0), b""]
    digest = hashlib.sha256(b"".join(struct.pack("<Q", len(field)) + field for field in fields)).digest()
    word = chacha8(digest, 0)
    return int.from_bytes(bytes(next(word) for _ in range(8)), "little") | 1 << 63


def own(masses, bits):
    """One past the last value that each symbol owns, and the shares of what is left over."""
    counts = [int(p * 2**bits) for p in masses]
    left = 2**bits - sum(counts)
    shares = [(p * 2**bits - count) / left if left else Fraction(0) for p, count in zip(masses, counts)]
    return [sum(counts[: k + 1]) for k in range(len(counts))], shares


def symbols(masses, n):
    source, refine = stream(b"source", n, masses), stream(b"refine", n, masses)
    half = masses == [Fraction(1, 2)] * 2
    bits = 1 if half else 8 if len(masses) <= 16 else 16 if len(masses) <= 256 else 32
    owned, rest = own(masses, bits)
    second, rest = own(rest, 8)
    last = [int(sum(rest[: k + 1]) * 2**64) for k in range(len(rest))]
    drawn, spare = [], []
    for _ in range(n):
        if half:
            spare = spare or [(byte >> i) & 1 for byte in [next(source)] for i in range(8)]
            value = spare.pop(0)
        else:
            value = int.from_bytes(bytes(next(source) for _ in range(bits // 8)), "little")
        ends = owned
        if value >= ends[-1]:
            value, ends = next(refine), second
        if value >= ends[-1]:
            value, ends = int.from_bytes(bytes(next(refine) for _ in range(8)), "little"), last
        drawn.append(next(k for k in range(len(ends)) if value < ends[k]))
    return drawn


def longs(source):
    """A batch of numbers of 64 bits: a word of its own, and below it the sum of four others."""
    words = [int.from_bytes(bytes(next(source) for _ in range(4)), "little") for _ in range(256)]
    others = [[words[(j + k) % 256] for k in (1, 7, 18, 43)] for j in range(256)]
    return [word << 32 | a ^ b ^ c ^ d for word, (a, b, c, d) in zip(words, others)]


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
    drawn = []
    for long in longs(stream(b"source", 10, [Fraction(1, 2)] * 2))[:4]:
        place = long % 2**54
        if signed:
            place = 2 * (place - 2**54 * (place >= 2**53))
        layer = long >> 54
        drawn.append(f"{(place | 1) * widths[layer] / 2**54:.12g}" if layer < len(widths) else None)
    return drawn


half = stream(b"source", 10, [Fraction(1, 2)] * 2)
print("[" + ", ".join(f"{next(half):02x}" for _ in range(16)) + "]")
for masses in ([(1, 2)] * 2, [(2, 5), (3, 5)], [(1, 6)] * 6, [(1, 20)] * 20, [(1, 300)] * 300):
    print(symbols([Fraction(*p) for p in masses], 24))
print("[" + ", ".join(f"{pilot_seed(seed):x}" for seed in (0, 57, 2**63 - 1)) + "]")
exponential = layers(1.0, lambda height: -math.log(height))
normal = layers(math.sqrt(math.pi / 2), lambda height: math.sqrt(-2 * math.log(height)))
print(len(exponential), numbers(exponential, False))
print(len(normal), numbers(normal, True))
print("laplace", numbers(exponential, True))
