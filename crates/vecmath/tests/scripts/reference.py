"""What are the functions and the normal quantile at hard points?

Writes tests/reference.txt: function, operands as f64 bits, the value rounded to f64 as bits, and what rounding left,
in units of its last place. 400 digits or more, so the argument reduction is exact. Run in crates/vecmath:
python3 tests/scripts/reference.py > tests/reference.txt (needs mpmath)."""
import random
import struct
import mpmath
from mpmath import mp, mpf, exp, log, sin, cos, pi, floor, nint, erfinv, sqrt, ln

mp.prec = 1400
random.seed(20260)


def bits(x):
    return struct.unpack("<Q", struct.pack("<d", x))[0]


def real(b):
    return struct.unpack("<d", struct.pack("<Q", b))[0]


def rounded(value):
    """(f64 nearest to value, rest in units in the last place); subnormal results included."""
    if value == 0:
        return 0.0, 0.0
    exponent = max(int(floor(log(abs(value), 2))), -1022)
    unit = mpf(2) ** (exponent - 52)
    count = nint(value / unit)
    return float(count * unit), float(value / unit - count)


def emit(name, value, a, b=None):
    near, rest = rounded(value)
    if near in (float("inf"), float("-inf")):
        return
    second = "" if b is None else f" {bits(b):016x}"
    print(f"{name} {bits(a):016x}{second} {bits(near):016x} {rest:.6f}")


def neighbours(x, count=1):
    b = bits(x)
    return [real(b + d) for d in range(-count, count + 1)]


def logarithmic(low, high):
    return 2.0 ** random.uniform(low, high)


def main():
    points = [s * logarithmic(-60, 9.4) for s in (1, -1) for _ in range(70)]
    points += [random.uniform(-745.1, 709.7) for _ in range(150)] + [random.uniform(-745.1, -708) for _ in range(60)]
    points += [x for k in range(-1074, 1024, 61) for x in neighbours(float((mpf(k) + mpf(1) / 2) * log(mpf(2))))]
    points += neighbours(709.782712893384) + neighbours(-745.1332191019411) + neighbours(-708.3964185322641)
    for x in points:
        if x < 709.7827128933840 and x > -745.13321910194:
            emit("exp", exp(mpf(x)), x)

    points = [logarithmic(-1074, 1024) for _ in range(150)] + [random.uniform(0.5, 2) for _ in range(200)]
    points += [1 + s * logarithmic(-52, -1) for s in (1, -1) for _ in range(80)]
    points += [x for k in range(-1074, 1024, 97) for x in neighbours(2.0 ** k) + neighbours(2.0 ** (k + 0.5)) if x > 0]
    for x in points:
        if x != 1:
            emit("log", log(mpf(x)), x)

    points = [s * logarithmic(-30, 10) for s in (1, -1) for _ in range(100)] + [logarithmic(10, 1024) for _ in range(150)]
    points += [logarithmic(38, 42) for _ in range(40)] + [2.0 ** k for k in range(-20, 1024, 29)]
    for k in [1, 2, 3, 4, 5, 7, 100, 355, 710, 2 ** 20 + 1, 2 ** 39, 2 ** 41 + 1, 10 ** 15] + [
            random.randrange(2 ** e) for e in range(4, 52)]:
        points += neighbours(float(k * pi / 2)) + neighbours(float(k * pi / 4))
    # The double nearest to a multiple of pi/2, and others near one (Muller, Elementary Functions, section 11.2).
    points += [6381956970095103.0 * 2.0 ** 797, 5.319372648326541e255, 1.7976931348623157e308, 8.192e11, 1e22]
    for x in points:
        if x != 0:
            emit("sin", sin(mpf(x)), x)
            emit("cos", cos(mpf(x)), x)

    pairs = [(logarithmic(-20, 20), random.uniform(-30, 30)) for _ in range(250)]
    pairs += [(1 + s * logarithmic(-52, -3), t * logarithmic(0, 60)) for s in (1, -1) for t in (1, -1) for _ in range(60)]
    for _ in range(250):
        x = logarithmic(-1074, 1024)
        pairs.append((x, random.choice([1, -1]) * random.uniform(0, 1074) / abs(float(log(mpf(x), 2)))))
    pairs += [(-logarithmic(-10, 10), float(random.randrange(-60, 60))) for _ in range(60)]
    pairs += [(logarithmic(-1074, 1024), y) for y in (0.5, -0.5, 2.0, 3.0, -1.0, 1 / 3) for _ in range(8)]
    for x, y in pairs:
        size = mpf(y) * log(abs(mpf(x)), 2)
        if -1074 < size < 1023.99999:
            value = exp(mpf(y) * log(abs(mpf(x))))
            emit("pow", -value if x < 0 and y % 2 == 1 else value, x, y)

    mp.prec = 500
    one_operand()
    two_operands()

    # The operand is u − 1/2, as the crate has it.
    mp.prec = 200
    points = [random.uniform(-0.5, 0.5) for _ in range(60)] + [0.425, -0.425, real(bits(0.425) + 1)]
    points += [0.5 - (2 * random.randrange(2 ** k) + 1) * 2.0 ** -54 for k in range(0, 50) for _ in range(2)]
    for q in points:
        tail = mpf(1) / 2 - abs(mpf(q))
        z = sqrt(mpf(2)) * erfinv(2 * abs(mpf(q))) if tail > mpf(2) ** -20 else tail_quantile(tail)
        emit("quantile", z if q > 0 else -z, q)


def sizes(low, high, count):
    return [s * logarithmic(low, high) for s in (1, -1) for _ in range(count)]


def even(low, high, count):
    return [random.uniform(low, high) for _ in range(count)]


def near(center, count):
    return [center + x for x in sizes(-52, -2, count)]


# The first of the inputs hardest to round that V. Lefevre's search found (testlibm, update of 2020-11-27).
HARD_TANGENTS = """0x1.0004b89dcb553p-11 0x1.00452f0e0134dp-13 0x1.005c4ae44e6cp+0 0x1.0070ebbf6ca19p-3
0x1.02a3ad2ef6f44p-24 0x1.0be301576111ap+0 0x1.1140f2f98f6aep-7 0x1.1ac7f7dce8e28p-11 0x1.244c710c12906p-1
0x1.2f01c54585f7dp-22 0x1.3759625b0fb96p-2 0x1.40d9df94f1bdcp-24 0x1.47945fad13f03p-4 0x1.4e03be84c115ep-1
0x1.5bce979ccf4aep-23 0x1.66982328f5e5fp-1""".split()


def one_operand():
    """The functions of one operand beside exp, log, sin and cos."""
    tiny = [1e-300, -1e-300, 1e-310, -1e-310]
    unit = even(-1, 1, 60) + sizes(-60, -1, 20) + near(1, 20) + near(-1, 20) + neighbours(0.5) + tiny
    wide = even(-20, 20, 60) + sizes(-60, 9, 40) + even(-700, 700, 30) + tiny
    positive = [logarithmic(-1074, 1024) for _ in range(60)] + even(0.5, 2, 60) + near(1, 30)
    angles = sizes(-30, 40, 40) + even(-7, 7, 60) + [float.fromhex(x) for x in HARD_TANGENTS]
    lattice = [x for k in range(1, 12) for x in neighbours(k * 0.5) + neighbours(-k - 0.5)]
    gammas = even(0, 10, 60) + even(-10, 0, 40) + sizes(-40, 1, 20) + near(1, 30) + near(2, 30) + lattice
    tables = {
        "exp2": (lambda x: mpf(2) ** x, even(-1074, 1023.9, 80) + even(-2, 2, 60) + sizes(-60, 0, 20)),
        "expm1": (mpmath.expm1, even(-3, 3, 60) + sizes(-60, 2, 40) + even(-50, 709, 40) + tiny),
        "log2": (lambda x: log(x, 2), positive),
        "log10": (mpmath.log10, positive + [10.0 ** k for k in range(-20, 23, 3)]),
        "log1p": (mpmath.log1p, even(-1, 3, 60) + sizes(-60, -1, 40) + [logarithmic(0, 1023) for _ in range(30)] + tiny),
        "cbrt": (lambda x: mpmath.cbrt(x) if x > 0 else -mpmath.cbrt(-x), sizes(-1074, 1023, 60) + even(-8, 8, 40)),
        "tan": (mpmath.tan, angles + [float(k * pi / 4) for k in range(1, 40)]),
        "asin": (mpmath.asin, unit),
        "acos": (mpmath.acos, unit),
        "atan": (mpmath.atan, even(-3, 3, 60) + sizes(-60, 60, 40) + neighbours(2 ** 0.5 - 1) + neighbours(2 ** 0.5 + 1) + tiny),
        "sinh": (mpmath.sinh, wide + [710.4, -710.4]),
        "cosh": (mpmath.cosh, wide + [710.4, -710.4]),
        "tanh": (mpmath.tanh, wide),
        "asinh": (mpmath.asinh, even(-4, 4, 60) + sizes(-60, 1000, 40) + tiny),
        "acosh": (mpmath.acosh, [1 + abs(x) for x in sizes(-52, 4, 40)] + [logarithmic(0, 1000) for _ in range(40)]),
        "atanh": (mpmath.atanh, unit),
        "erf": (mpmath.erf, even(-7, 7, 80) + sizes(-60, 1, 30) + neighbours(0.8125) + tiny),
        "erfc": (mpmath.erfc, even(-7, 7, 60) + even(0, 27.2, 80) + sizes(-60, 1, 20) + neighbours(0.8125)),
        "gamma": (mpmath.gamma, gammas + even(8, 171.6, 50) + even(-178, -8, 50) + [1e-300, -1e-300]),
        "gammaln": (lambda x: mpmath.loggamma(x).real,
                    gammas + even(8, 200, 40) + sizes(8, 40, 20) + [logarithmic(8, 1000) for _ in range(30)] + tiny),
    }
    outside = {"log1p": lambda x: x <= -1, "acosh": lambda x: x < 1}
    for name, (function, points) in tables.items():
        refused = outside.get(name, lambda x: False)
        for x in points:
            if name in ("asin", "acos") and abs(x) > 1 or name == "atanh" and abs(x) >= 1 or refused(x):
                continue
            if name in ("gamma", "gammaln") and x <= 0 and x == int(x):
                continue
            emit(name, function(mpf(x)), x)


def two_operands():
    pairs = list(zip(even(-2, 2, 60), even(-2, 2, 60)))
    pairs += [(x * logarithmic(-60, 60), x) for x in sizes(-900, 900, 40)]
    pairs += [(1e-310, 1.5), (1.5, 1e-310), (1e-310, 2e-310), (1e-320, -1e-310), (1e300, 1e-20), (1e308, 1e308)]
    for a, b in pairs:
        emit("hypot", sqrt(mpf(a) ** 2 + mpf(b) ** 2), a, b)
        emit("atan2", mpmath.atan2(mpf(a), mpf(b)), a, b)


def tail_quantile(tail):
    """The upper quantile of a small probability by Newton's method on erfc."""
    z = sqrt(-2 * ln(tail))
    for _ in range(60):
        step = (mp.erfc(z / sqrt(mpf(2))) / 2 - tail) / (mp.npdf(z))
        z += step
        if abs(step) < mpf(2) ** -120:
            break
    return z


main()
