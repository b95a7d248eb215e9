"""The random streams from their definition, in plain Python: prints the frozen draws of the unit tests in
src/simulation/stream.rs and src/simulation/sampler/sequence.rs. No packages needed.

Key: SHA-256 over length-prefixed fields. Stream: ChaCha8 with a 64-bit block counter and the block of
trials as its 64-bit nonce. Symbol: the number of thresholds floor(2^64 (p_1 + ... + p_k)) that a uniform
64-bit number reaches; its leading 1, 8, 16 or 32 bits come from the stream "source", the rest, only if
they matter, from "refine".
"""

import hashlib
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
    fields = [b"kl-runner stream", struct.pack("<I", 1), struct.pack("<Q", seed), role, b"sequence"]
    fields += [struct.pack("<Q", n), b"categorical"] + [struct.pack("<d", float(p)) for p in masses]
    digest = hashlib.sha256(b"".join(struct.pack("<Q", len(field)) + field for field in fields)).digest()
    return chacha8(digest, block)


def symbols(masses, n):
    source, refine = stream(b"source", n, masses), stream(b"refine", n, masses)
    cuts = [int(sum(masses[: k + 1]) * 2**64) for k in range(len(masses) - 1)]
    drawn, bits_left = [], []
    for _ in range(n):
        if cuts == [2**63]:
            if not bits_left:
                byte = next(source)
                bits_left = [(byte >> i) & 1 for i in range(8)]
            lead, bits = bits_left.pop(0), 1
        else:
            size = 1 if len(masses) <= 16 else 2 if len(masses) <= 256 else 4
            lead, bits = int.from_bytes(bytes(next(source) for _ in range(size)), "little"), 8 * size
        low = lead << (64 - bits)
        high = low | (2 ** (64 - bits) - 1)
        if any(low < cut <= high for cut in cuts):
            low |= int.from_bytes(bytes(next(refine) for _ in range(8)), "little") >> bits
        drawn.append(sum(cut <= low for cut in cuts))
    return drawn


half = stream(b"source", 10, [Fraction(1, 2)] * 2)
print("[" + ", ".join(f"{next(half):02x}" for _ in range(16)) + "]")
for masses in ([(1, 2)] * 2, [(2, 5), (3, 5)], [(1, 6)] * 6, [(1, 20)] * 20, [(1, 300)] * 300):
    print(symbols([Fraction(*p) for p in masses], 24))
