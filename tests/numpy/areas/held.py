"""Results that are to lie in an array there is; where a mask is false, what lay there stays.

Names are values: each place is an array of its own, which NumPy may change.
"""

from arguments import calls
from areas.masks import computed
from expected import exact, nearly, refused

PLACES = ["zeros(12)", "zeros(12, dtype='f4')", "zeros(12, dtype='f2')", "zeros(12, dtype='i4')", "zeros(12, dtype='i8')", "zeros(12, dtype='u8')",
          "zeros(12, dtype=bool)", "zeros((3, 12))", "zeros((1, 12))", "zeros(11)", "zeros(())", "ones(12)[::-1]", "5", "[0, 1]", "None", "zeros((0, 12))"]
UFUNCS = ["add({x}, {x}, out={z})", "less({x}, 2, out={z})", "negative({x}, out={z})", "sqrt(abs({x}), out={z})", "maximum({x}, 1, {z})",
          "clip({x}, 1, 5, out={z})"]
MASKED = ["add({x}, 1, out=ones(12), where=b1)", "multiply({x}, {x}, where=b1, out=array(tf8))", 
          "add({x}, 1, where=True)", "add({x}, 1, where=False, out=ones(12))", "add({x}, 1, out=ones(12), where=i4)",
          "add({x}[:4], 1, out=ones(4), where=[True, False, True, False])", "add({x}[:4], 1, out=ones(4), where=[1, 0, 1, 0])",
          "add({x}_3x4, 1, out=ones((3, 4)), where=b1_3x1)", "add({x}_1x4, 1, out=ones((3, 4)), where=b1_3x4)", "add({x}_1x4, 1, out=ones((1, 4)), where=b1_3x4)",
          "sqrt(abs({x}), out=full(12, nan), where={x} > 0)", "divide(1, {x}, out=zeros(12), where={x} != 0)", "add({x}, 1, out=ones(12, dtype='i4'), where=b1)",
          "greater({x}, 0, out=zeros(12, dtype=bool), where=b1)", "logical_and({x}, b1, out=zeros(12), where=b1)", "negative({x}_s, out=ones(3), where=[True, False, True])"]
LOOPS = ["add(tf8, 1, out=(zeros(12),))", "add(tf8, 1, out=(zeros(12), zeros(12)))", "add(tf8, 1, out=[zeros(12)])", "add(tf8, 1, out=zeros(12, dtype='i4'), casting='unsafe')",
         "add(tf8, 1, out=zeros(12, dtype='f4'), casting='safe')", "add(ti4, 1, out=zeros(12), dtype='f8')", "add(ti4, 1, out=zeros(12, dtype='f4'), dtype='f8')",
         "add(tf8, 1, zeros(12), out=zeros(12))", "add(tf8, 1, zeros(12), 3)", "divmod(tf8, 2, out=(zeros(12), zeros(12)))", "divmod(tf8, 2, out=(None, zeros(12, dtype='f4')))",
         "divmod(tf8, 2, zeros(12), zeros(12))", "divmod(tf8, 2, out=zeros(12))", "divmod(tf8, 2, out=(zeros(12), zeros(12)), where=b1)", 
         "modf(tf8, out=(zeros(12), zeros(12, dtype='f4')))", "modf(tf8, zeros(12), zeros(12))", "frexp(tf8, out=(zeros(12), zeros(12, dtype='i8')))", "frexp(tf8, out=(zeros(12), zeros(12, dtype='i2')))",
         "divmod(ti4, 5, dtype='f8')", "modf(ti4, dtype='f4')", "divmod(tf4, 2, casting='unsafe', dtype='i4')", "logaddexp(tf4, tf4, dtype='f8')", "float_power(ti4, 2, dtype='f4')",
         "z = zeros(12); y = add(tf8, 1, out=z); y", "exp(zeros(3), out=ones((2, 3)))", "floor_divide(ti4, 3, out=zeros(12), where=ti4 > 0)", "fix(tf8, zeros(12))", "isneginf(f8, out=zeros(12, dtype=bool))",
         "invert(ti4, out=zeros(12, dtype='i8'))", "absolute(ti4, out=zeros(12, dtype='u4'))", "matmul(tf8_3x4, tf8_4x3, dtype='f4')", "matmul(ti4_3x4, ti4_4x3, dtype='f8', casting='safe')",
         "matmul(tf8_3x4, tf8_4x3, dtype='i4')", "matmul(tf8_3x4, tf8_4x3, subok=True, order='C')"]
ROUNDED = ["round({x}, {d}, out=zeros(12))", "round({x}, {d}, out=zeros(12, dtype='f4'))", "round({x}, {d}, out=zeros(12, dtype='f2'))", "round({x}, {d}, out=zeros(12, dtype='i4'))", "round({x}, {d}, out=zeros(12, dtype='i1'))",
           "round({x}, {d}, out=zeros((2, 12)))", "round({x}, {d}, out=zeros(11))", "around({x}, {d}, zeros(12))", "{x}.round({d}, out=zeros(12, dtype='f4'))", "round({x}_3x4, {d}, out=zeros((3, 4)))", "round({x}, {d}, out=3)"]
FOLDS = ["sum", "prod", "min", "max", "any", "all", "mean", "median", "nansum", "nanprod", "nanmin", "nanmax", "nanmedian"]
WHERE = ["{name}({x}_3x4, axis=0, out=zeros(4))", "{name}({x}_3x4, axis=0, out=zeros(4, dtype='f4'))", "{name}({x}_3x4, axis=0, out=zeros((1, 4)))",
         "{name}({x}_3x4, axis=0, out=zeros(3))", "{name}({x}_3x4, axis=1, keepdims=True, out=zeros((3, 1)))", "{name}({x}_3x4, out=zeros(()))", "{name}({x}_3x4, axis=0, out=3)"]
INTO = ["sum(tf8_3x4, 0, None, zeros(4))", "sum(ti4_3x4, axis=0, out=zeros(4, dtype='i1'))", "sum(tf8_3x4, axis=0, dtype='f4', out=zeros(4))", "tf8_3x4.sum(axis=0, out=zeros(4))",
        "tf8_3x4.max(axis=1, out=zeros(3, dtype='f4'))", "sum(tf8_3x4, axis=0, where=b1_3x4, out=zeros(4))", "max(tf8_3x4, axis=0, initial=1, out=zeros(4, dtype='i4'))",
        "var(tf8_3x4, axis=0, out=zeros(4))", "std(tf8_3x4, axis=0, out=zeros(4, dtype='f4'))", "std(tf8_3x4, axis=0, out=zeros(4, dtype='i4'))", "nanstd(tf8_3x4, axis=0, out=zeros(4))",
        "nanmean(tf8_3x4, axis=0, out=zeros(4, dtype='i4'))", "nanvar(tf8_3x4, axis=0, out=zeros(4, dtype='f4'))", "ptp(tf8_3x4, axis=0, out=zeros(4))", "ptp(tf8_3x4, axis=0, out=zeros(4, dtype='i4'))",
        "argmax(tf8_3x4, axis=0, out=zeros(4, dtype='i8'))", "argmax(tf8_3x4, axis=0, out=zeros(4, dtype='i4'))", "argmax(tf8_3x4, axis=0, out=zeros(4))", "argmin(tf8_3x4, axis=0, out=zeros(4, dtype='u8'))",
        "nanargmin(tf8_3x4, axis=0, out=zeros(4, dtype='i8'))", "cumsum(tf8_3x4, axis=0, out=zeros((3, 4)))", "cumsum(tf8, out=zeros(12, dtype='i4'))", "cumprod(ti4_3x4, axis=1, out=zeros((3, 4)))",
        "cumsum(tf8_3x4, axis=0, out=zeros(4))", "nancumsum(tf8, out=zeros(12))", "cumulative_sum(tf8, out=zeros(12))", "trace(tf8_3x4, out=zeros(()))", "trace(tf8_3x4, out=zeros(3))",
        "quantile(tf8_3x4, 0.5, axis=0, out=zeros(4))", "percentile(tf8_3x4, [25, 50], axis=0, out=zeros((2, 4)))", "quantile(tf8_3x4, 0.5, axis=0, out=zeros(4, dtype='i4'))", "nanquantile(tf8_3x4, 0.5, axis=0, out=zeros(4, dtype='f4'))",
        "take(tf8_3x4, [0, 2], axis=0, out=zeros((2, 4)))", "take(tf8_3x4, [0, 2], axis=0, out=zeros((2, 4), dtype='i4'))", "take(tf8_3x4, [0, 2], axis=0, out=zeros((3, 4)))", "tf8.take([0, 2], out=zeros(2))",
        "choose([0, 1, 1], [1, 2], out=zeros(3))", "choose([0, 1, 1], [1, 2], out=zeros(3, dtype='i2'))", "compress([True, False, True], tf8_3x4, axis=0, out=zeros((2, 4)))",
        "concatenate([tf8, tf8], out=zeros(24))", "concatenate([tf8, tf8], out=zeros(24, dtype='f4'))", "concatenate([tf8, tf8], out=zeros(24, dtype='i4'))", "concatenate([tf8, tf8], out=zeros(24, dtype='i4'), casting='unsafe')",
        "concatenate([tf8, tf8], out=zeros(23))", "stack([tf8, tf8], out=zeros((2, 12), dtype='f4'))", "dot(tf8_3x4, tf8_4x3, out=zeros((3, 3)))", "dot(tf8_3x4, tf8_4x3, out=zeros((3, 3), dtype='f4'))",
        "dot(tf8_3x4, tf8_4x3, zeros((3, 3)))", "matmul(tf8_3x4, tf8_4x3, out=zeros((3, 3), dtype='f4'))", "matmul(tf8_3x4, tf8_4x3, out=zeros((3, 3), dtype='i4'))", "matmul(tf8_3x4, tf8_4x3, zeros((3, 3)))",
        "outer(tf8, tf8, out=zeros((12, 12)))", "einsum('ij->i', tf8_3x4, out=zeros(3))", "einsum('ij->i', tf8_3x4, out=zeros(3, dtype='f4'))", "inner(tf8, tf8, out=zeros(()))", "vdot(tf8, tf8, out=zeros(()))",
        "count_nonzero(tf8, out=zeros(()))", "diff(tf8, out=zeros(11))", "amax(tf8, out=zeros(()))", "concat([tf8, tf8], out=zeros(24))"]


# NumPy gives what lay in memory there.
UNSAID = ["add(tf8, 1, where=b1)", "add(ti4, 1, where=False)", "divmod(tf8, 2, where=b1)", "sqrt(tf8, where=tf8 > 0)"]


def lines():
    for text in UNSAID:
        yield text, refused
    for x in ["tf8", "ti4", "tf4", "tu1"]:
        for form in UFUNCS:
            for z in PLACES:
                yield form.format(x=x, z=z), nearly(1) if "sqrt" in form else exact
        for form in MASKED:
            yield form.format(x=x), nearly(1) if "sqrt" in form else exact
    for x in ["tf8 * 7.7", "ti4 * 13", "tf4 / 3", "tu1"]:
        for form in ROUNDED:
            for d in ["0", "1", "-1"]:
                if "{x}." not in form and "{x}_" not in form or x == "tu1":
                    yield form.format(x=x, d=d), exact
    for text in LOOPS:
        yield text, nearly(2)
    for name in FOLDS:
        for x in ["tf8", "ti4"]:
            for form in WHERE:
                # NumPy's broadcasts here.
                if name != "nanmedian" or "1, 4" not in form:
                    yield form.format(name=name, x=x), exact
    for text in INTO:
        yield text, computed(nearly(16)) if "compress" in text else nearly(16)
    yield from calls("exp", ["tf8, out=zeros(12, dtype='f4')"], nearly(1))
