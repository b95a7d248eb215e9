"""Writes student.csv: 2 P(T >= t) of Student's t with so many degrees of freedom, to 25 digits.

By mpmath: the regularised incomplete beta function at 50 digits, held against the integral of the density.
scipy.stats.t.sf gives the same to its own accuracy.

    python3 tests/reference/student.py > tests/reference/student.csv
"""

from mpmath import betainc, exp, log, log1p, loggamma, mp, mpf, nstr, pi, quad

mp.dps = 50

DEGREES = [999, 1_023, 3_001, 9_999, 10_001, 31_622, 99_999, 100_001, 316_227, 999_999, 10**9 - 1, 10**12 - 1, 10**15 - 1]
VALUES = ["1e-9", "0.001", "0.5", "1", "1.7", "1.75", "2.5", "4.9", "7", "12", "20", "30", "36.5", "45", "60"]


def tail(t, degrees):
    """2 P(T >= t): the density at t, times the integral of what it falls by, which is of the size of 1."""
    power = (degrees + 1) / 2
    density = exp(loggamma(power) - loggamma(degrees / 2) - log(degrees * pi) / 2 - power * log1p(t * t / degrees))
    fall = lambda x: exp(-power * log1p((x - t) * (x + t) / (degrees + t * t)))
    step = 1 / max(t, mpf(1))
    return 2 * density * quad(fall, [t + k * step for k in [*range(0, 160, 4), *range(160, 1_000, 40)]])


print("degrees,t,p")
for degrees in map(mpf, DEGREES):
    for text in VALUES:
        t = mpf(float(text))
        p = tail(t, degrees)
        if degrees <= 3_001:
            other = betainc(degrees / 2, mpf(1) / 2, 0, degrees / (degrees + t * t), regularized=True)
            assert abs(p / other - 1) < mpf(10) ** -25, (degrees, t, p, other)
        if p > mpf(10) ** -305:
            print(f"{int(degrees)},{text},{nstr(p, 25)}")
