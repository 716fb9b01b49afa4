"""What are exp, log, sin, cos, pow and the normal quantile at hard points?

Writes tests/reference.txt: function, operands as f64 bits, the value rounded to f64 as bits, and what rounding left,
in units of its last place. 400 digits or more, so the argument reduction is exact. Run in crates/vecmath:
python3 tests/scripts/reference.py > tests/reference.txt (needs mpmath)."""
import random
import struct
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

    # The operand is u − 1/2, as the crate has it.
    mp.prec = 200
    points = [random.uniform(-0.5, 0.5) for _ in range(60)] + [0.425, -0.425, real(bits(0.425) + 1)]
    points += [0.5 - (2 * random.randrange(2 ** k) + 1) * 2.0 ** -54 for k in range(0, 50) for _ in range(2)]
    for q in points:
        tail = mpf(1) / 2 - abs(mpf(q))
        z = sqrt(mpf(2)) * erfinv(2 * abs(mpf(q))) if tail > mpf(2) ** -20 else tail_quantile(tail)
        emit("quantile", z if q > 0 else -z, q)


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
