"""Where do the polynomial coefficients in crates/vecmath/src/math come from?

Weighted Remez exchange at 60 digits; prints each coefficient rounded to the nearest f64 and the relative error of the
rounded polynomial. Run: python3 coefficients.py (needs mpmath)."""
import mpmath
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


def odd_tail(function, first, second):
    """(f(r) - r) / r^3 in z = r^2, with the first terms of the series for z near 0."""
    def tail(z):
        if z < mpf(10) ** -12:
            return mpf(first) + mpf(second) * z
        r = sqrt(z)
        return (function(r) - r) / (r * z)
    return tail


def cosh_tail(z):  # (cosh r - 1 - z/2) / z^2
    return series(mpf(1) / 24, lambda t, k, x: t * x / ((2 * k + 3) * (2 * k + 4)), z)


def erf_tail(z):  # erf(r) / r - 1
    if z < mpf(10) ** -20:
        return 2 / sqrt(pi) - 1
    return mpmath.erf(sqrt(z)) / sqrt(z) - 1


def erfc_scaled(t):  # exp(x^2) erfc(x) (x + 3/8) with t = (x - 2) / (x + 2)
    x = 2 * (1 + t) / (1 - t)
    return exp(x * x) * mpmath.erfc(x) * (x + mpf(3) / 8)


def stirling(w):  # (ln Gamma(y) - (y - 1/2) ln y + y - ln(2 pi)/2) y with w = 1/y^2
    if w < mpf(10) ** -14:
        return mpf(1) / 12 - w / 360
    y = 1 / sqrt(w)
    return (mpmath.loggamma(y) - (y - mpf(1) / 2) * log(y) + y - log(2 * pi) / 2) * y


def gammaln_near_2(t):  # ln Gamma(2 + t) / t
    return 1 - mp.euler if abs(t) < mpf(10) ** -20 else mpmath.loggamma(2 + t) / t


def i0_near(z):  # (I0(x) - 1) / z with z = x^2/4
    return 1 + z / 4 if z < mpf(10) ** -20 else (mpmath.besseli(0, 2 * sqrt(z)) - 1) / z


def i0_far(u):  # I0(x) sqrt(x) exp(-x) with u = 1/x
    if u < mpf(10) ** -6:
        return (1 + u / 8 + 9 * u * u / 128 + 225 * u**3 / 3072) / sqrt(2 * pi)
    return mpmath.besseli(0, 1 / u) * exp(-1 / u) / sqrt(u)


def functions(tiny):
    """The polynomials of the functions beside exp, log, sin and cos."""
    relative, odd = (lambda f: lambda x: 1 / f(x)), lambda z: z + tiny
    half = (log(mpf(2)) / 2 * mpf("1.0001")) ** 2
    show("SINH_TAIL", remez(odd_tail(mpmath.sinh, mpf(1) / 6, mpf(1) / 120), odd, mpf(0), half, 4))
    show("COSH_TAIL", remez(cosh_tail, lambda z: z * z + tiny, mpf(0), half, 4))
    quarter = (pi / 4 + mpf("0.01")) ** 2
    show("SIN_TAIL_LONG", remez(sin_tail, odd, mpf(0), quarter, 6))
    eighth = (sqrt(mpf(2)) - 1) ** 2 * mpf("1.0001")
    show("ATAN_TAIL", remez(odd_tail(mpmath.atan, -mpf(1) / 3, mpf(1) / 5), odd, mpf(0), eighth, 10))
    quarter = mpf("0.2500001")
    show("ASIN_TAIL", remez(odd_tail(mpmath.asin, mpf(1) / 6, mpf(3) / 40), odd, mpf(0), quarter, 12))
    show("ASINH_TAIL", remez(odd_tail(mpmath.asinh, -mpf(1) / 6, mpf(3) / 40), odd, mpf(0), quarter, 11))
    show("INVERSE_CUBE_ROOT", remez(lambda m: 1 / mpmath.cbrt(m), mpmath.cbrt, mpf(1), mpf(2), 4))
    near = mpf("0.8126")
    show("ERF_FIRST, ERF_SECOND, ERF_REST", remez(erf_tail, lambda z: mpf(1), mpf(0), near * near, 11))
    low, high = [(x - 2) / (x + 2) for x in (mpf("0.8124"), mpf(28))]
    show("ERFC_FIRST, ERFC_REST", remez(erfc_scaled, relative(erfc_scaled), low, high, 20))
    show("STIRLING", remez(stirling, lambda w: mpf(1), mpf(0), mpf(1) / 64, 6))
    show("NEAR_2", remez(gammaln_near_2, lambda t: mpf(1), -mpf("0.2"), mpf("0.2"), 12))
    show("I0 NEAR", remez(i0_near, relative(i0_near), mpf(0), mpf(16), 15))
    show("I0 FAR", remez(i0_far, relative(i0_far), mpf(0), mpf(1) / 8, 21))


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
    functions(tiny)
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
