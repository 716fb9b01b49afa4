"""Dtypes: every pair of them under every kind of operator, Python's numbers, and casts."""

from divergences import saturated
from expected import exact
from inputs import DTYPES

PAIRS = ["{a} + {b}", "{a} * {b}", "{a} / {b}", "{a} // {b}", "{a} < {b}", "{a} & {b}",
         "where(b1, {a}, {b})[0]"]

NUMBERS = ["True", "3", "-1", "200", "2**31", "2**63", "-2**63", "2**64", "2.5", "1e300", "inf", "nan"]
WEAK = ["{a} + {n}", "{n} - {a}", "{a} * {n}", "{a} > {n}", "{a} == {n}", "{n} / {a}"]

CASTS = ["{a}.astype({b})", "{a}_3x4.astype({b})"]
SPELLINGS = ["'i1'", "'f2'", "'e'", "'<f2'", "'half'", "half", "'float16'", "np.float16", "'f4'", "'<f8'", "'u2'", "'?'", "'int64'", "'float32'", "'bool'", "'uint8'", "int",
             "float", "bool", "np.int16", "np.float64", "np.bool_", "'double'", "'single'", "'short'",
             "'byte'", "'ubyte'", "'uint'", "'intp'", "'q'", "'d'", "'f'", "'b'", "'B'", "'h'", "'H'",
             "'l'", "'L'", "'i'", "'I'", "'Q'", "'=i4'", "'|b1'", "'nonsense'", "'i3'", "'f16'",
             "'float'", "'int'", "double", "single", "short", "ushort", "intc", "byte", "ubyte", "intp",
             "uint", "int_", "longlong", "ulonglong", "long", "ulong", "uintc", "uintp", "float32(1).dtype",
             "ti2.dtype", "dtype('f4')", "dtype(int)", "result_type('i4', 'f4')", "result_type('i1', 'f2')", "result_type('u2', 'f2')", "result_type(tu1, 1.5)",
             "promote_types('i1', 'u1')", "result_type(ti1, 3)", "result_type(ti1, 2.5)", "result_type(1, 2.0)",
             "result_type(b1, 1)", "result_type(ti4, 'f4', 1)", "result_type()", "result_type(tu1, ti1)",
             "result_type('u2', 'i1', 'f4')", "result_type('f4', 'i4', 'u1')", "result_type('u4', 'i1', 'f4', 1)"]


def lines():
    for form in PAIRS:
        for a in DTYPES:
            for b in DTYPES:
                yield form.format(a=f"{a}_s", b=f"{b}_s"), exact
    for form in WEAK:
        for a in DTYPES:
            for number in NUMBERS:
                # NumPy's comparisons with what no int64 holds are by value, but for bool.
                if a == "b1" and number in ("2**63", "2**64") and ("==" in form or ">" in form):
                    continue
                yield form.format(a=f"t{a}_s", n=number if number[0] != "-" else f"({number})"), exact
    for a in DTYPES:
        for b in DTYPES:
            yield f"{a}.astype({'bool' if b == 'b1' else repr(b)})", saturated
    for spelling in SPELLINGS:
        yield f"ti4.astype({spelling})", exact
        yield f"zeros(2, dtype={spelling})", exact
    for code in DTYPES:
        yield f"{code}.dtype", exact
        yield f"{code}.itemsize", exact
        yield f"{code}_3x4.nbytes", exact
