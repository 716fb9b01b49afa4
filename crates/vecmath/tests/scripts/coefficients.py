"""Where do the polynomial coefficients in crates/vecmath/src/math come from?

Weighted Remez exchange at 60 digits; prints each coefficient rounded to the nearest f64 and the relative error of the
rounded polynomial. Run: python3 coefficients.py (needs mpmath)."""
from mpmath import mp, mpf, matrix, lu_solve, exp, log, sqrt, pi, cos

mp.dps = 60


def remez(target, weight, low, high, degree, rounds=12, grid=1500):
    """Minimises max |weight * (poly - target)|; coefficients from the constant term up."""
    terms = degree + 1
    xs = [(low + high) / 2 + (high - low) / 2 * cos(pi * (2 * i + 1) / (2 * (terms + 1))) for i in range(terms + 1)]
    xs.sort()
    sample = [low + (high - low) * (1 - cos(pi * i / grid)) / 2 for i in range(grid + 1)]
    values = [(x, target(x), weight(x)) for x in sample]
    for _ in range(rounds):
        system, right = matrix(terms + 1, terms + 1), matrix(terms + 1, 1)
        for row, x in enumerate(xs):
            for column in range(terms):
                system[row, column] = x ** column
            system[row, terms] = (-1) ** row / weight(x)
            right[row] = target(x)
        solution = lu_solve(system, right)
        poly = [solution[i] for i in range(terms)]
        error = [w * (sum_poly(poly, x) - t) for x, t, w in values]
        peaks, start = [], 0
        for i in range(1, len(error) + 1):
            if i == len(error) or (error[i] > 0) != (error[start] > 0):
                peaks.append(max(range(start, i), key=lambda k: abs(error[k])))
                start = i
        while len(peaks) > terms + 1:
            peaks.pop(0 if abs(error[peaks[0]]) < abs(error[peaks[-1]]) else -1)
        if len(peaks) < terms + 1:
            break
        xs = [sample[k] for k in peaks]
    rounded = [mpf(float(c)) for c in poly]
    worst = max(abs(w * (sum_poly(rounded, x) - t)) for x, t, w in values)
    return rounded, worst


def sum_poly(poly, x):
    total = mpf(0)
    for c in reversed(poly):
        total = total * x + c
    return total


def series(first, ratio, x):
    total, term, k = mpf(0), mpf(first), 0
    while abs(term) > mpf(10) ** -58:
        total += term
        k += 1
        term = ratio(term, k, x)
    return total


def exp_tail(r):  # (e^r - 1 - r) / r^2
    return series(mpf(1) / 2, lambda t, k, x: t * x / (k + 2), r)


def series_power(z, skip):  # sum of z^k / (2k + 2 skip + 1)
    total, power, k = mpf(0), mpf(1), 0
    while power > mpf(10) ** -58 or k == 0:
        total += power / (2 * k + 2 * skip + 1)
        power *= z
        k += 1
    return total


def sin_tail(z):  # (sin r - r) / r^3 with z = r^2
    return series(-mpf(1) / 6, lambda t, k, x: -t * x / ((2 * k + 2) * (2 * k + 3)), z)


def cos_tail(z):  # (cos r - 1 + z/2) / z^2
    return series(mpf(1) / 24, lambda t, k, x: -t * x / ((2 * k + 3) * (2 * k + 4)), z)


def show(name, result):
    poly, worst = result
    print(f"{name}: error 2^{float(log(worst, 2)):.2f}")
    for c in poly:
        print(f"    {float(c)!r},")


def parts(name, value, count):
    """value as a sum of f64, each the rest rounded."""
    print(name)
    for _ in range(count):
        part = mpf(float(value))
        print(f"    {float(part)!r}")
        value -= part


if __name__ == "__main__":
    tiny = mpf(10) ** -6  # keeps weights away from zero
    half = log(mpf(2)) / 2 * mpf("1.0001")
    show("exp TAIL", remez(exp_tail, lambda r: (r * r + tiny) / exp(r), -half, half, 10))
    s = (sqrt(mpf(2)) - 1) / (sqrt(mpf(2)) + 1) * mpf("1.0005")
    show("log SERIES", remez(lambda z: 2 * series_power(z, 1), lambda z: z + tiny, mpf(0), s * s, 6))
    show("log DOUBLE_SERIES",
         remez(lambda z: series_power(z, 2), lambda z: z * z + mpf(10) ** -7, mpf(0), s * s, 8))
    quarter = (pi / 4 + mpf("0.01")) ** 2
    show("SIN_TAIL", remez(sin_tail, lambda z: z + tiny, mpf(0), quarter, 5))
    show("COS_TAIL", remez(cos_tail, lambda z: z * z + tiny, mpf(0), quarter, 5))
    high = mp.floor(log(mpf(2)) * 2**32) / 2**32
    parts("LN_2_HIGH: 32 bits of ln 2", high, 1)
    parts("LN_2_LOW", log(mpf(2)) - high, 1)
    parts("1/3", mpf(1) / 3, 2)
    parts("pi/2", pi / 2, 3)
    mp.dps = 420
    words = int(mp.floor(2 / mp.pi * mpf(2) ** (64 * 20)))
    print("TWO_OVER_PI")
    for i in range(20):
        print(f"    0x{(words >> (64 * (19 - i))) & (2**64 - 1):016x},")
