"""Points that are arrays, lines between arrays, functions of indices."""

from areas.masks import computed
from expected import exact

REPEATS = ["repeat({x}, ti4 % 3)", "repeat({x}, array([1, 0, 2, 1, 1, 0, 3, 1, 1, 2, 0, 1]))", "repeat({x}_3x4, ti4[:3] % 3, axis=0)",
           "repeat({x}_3x4, tu1[:4] % 3, axis=-1)", "repeat({x}, b1)", "repeat({x}, ti4_s % 3)", "repeat({x}_3x4, ti4[:1] % 3, axis=1)", "repeat({x}_3x4, ti4 % 2)",
           "repeat({x}, ti4 % 3)[2:5]", "repeat({x}, ti4 % 3).sum()", "repeat({x}, ti4[:5] % 3)", "repeat({x}, tf8)", "repeat({x}, ti4)", "repeat({x}, ti4_3x4 % 3)",
           "repeat({x}_0, ti4_0)", "repeat({x}[ti4 > 0], ti4[ti4 > 0] % 3)", "repeat({x}_3x4, ti4[:3] % 3, axis=2)", "repeat({x}, tu8 % 3)", "repeat({x}, ti4 * 0)",
           "repeat({x}_s, ti4[:1] % 3 + 1)", "repeat({x}, array([2]))", "repeat({x}[:3], array([1, 2]))", "repeat({x}[:3], array([1, -2, 1]))"]
DELETES = ["delete({x}, ti4 % 5)", "delete({x}, array([0, 3, -1]))", "delete({x}_3x4, ti4[:2] % 3, axis=0)", "delete({x}_3x4, ti4[:2] % 3, axis=1)", "delete({x}, {x} > 1)",
           "delete({x}, b1)", "delete({x}_3x4, b1[:3], axis=0)", "delete({x}_3x4, b1[:3], axis=1)", "delete({x}, ti4_s % 5)", "delete({x}, ti4_3x4 % 5)", "delete({x}, ti4)",
           "delete({x}, ti4 + 20)", "delete({x}, tf8)", "delete({x}_3x4, ti4 % 12)", "delete({x}, nonzero({x} > 1)[0])", "delete({x}, ti4_0)", "delete({x}, ti4 % 5)[::-1]",
           "delete({x}, array([True, False, True]))", "delete({x}[:3], array([True, False, True]))", "delete({x}, array(2))", "delete({x}, array([12]))",
           "delete({x}_2x3x2, ti4[:3] % 3, axis=1)", "delete({x}, ti4 % 5, axis=1)"]
INSERTS = ["insert({x}, ti4 % 5, 7)", "insert({x}, ti4 % 5, {x})", "insert({x}, array([0, 3, -1]), [7, 8, 9])", "insert({x}_3x4, ti4[:2] % 3, 7, axis=0)",
           "insert({x}_3x4, ti4[:2] % 3, [[1], [2], [3]], axis=1)", "insert({x}_3x4, ti4[:2] % 3, {x}_2x3x2[..., 0].T, axis=1)", "insert({x}, {x} > 1, 7)",
           "insert({x}_3x4, ti4_s % 3, [7, 8, 9], axis=1)", "insert({x}_3x4, ti4_s % 3, {x}_3x4, axis=0)", "insert({x}_3x4, ti4[:1] % 3, {x}_3x4, axis=0)",
           "insert({x}, ti4[:1] % 3, [7, 8, 9])", "insert({x}, ti4_s % 3, [7, 8, 9])", "insert({x}, array([5, 5, 2, 5]), [1, 2, 3, 4])", "insert({x}, ti4 * 0 + 12, 7)",
           "insert({x}, -(ti4 % 5), 7)", "insert({x}, ti4 + 30, 7)", "insert({x}, tf8, 7)", "insert({x}, ti4_3x4 % 3, 7)", "insert({x}, ti4_0, 7)", "insert({x}_0, ti4[:3] * 0, 7)",
           "insert({x}, ti4 % 5, [1, 2])", "insert({x}_3x4, ti4[:3] % 5, 7)", "insert({x}, ti4 % 5, 7).shape", "insert({x}, array(2), [7, 8])",
           "insert({x}, nonzero({x} > 1)[0], 7)", "insert({x}, ti4 % 5, 7)[3:9]"]
LINES = ["linspace(tf8, tf8[::-1], 5)", "linspace({x}, 10, 3)", "linspace(0, {x}, 4)", "linspace({x}_3x4, {x}_3x4 + 3, 4, axis=1)", "linspace({x}, {x} + 1, 4, axis=-1)",
         "linspace({x}_s, 9, 4)", "linspace({x}.min(), {x}.max(), 5)", "linspace({x}, {x} * 2, 4, endpoint=False)", "linspace({x}, {x}, 3)", "linspace({x}, 10, 1)",
         "linspace({x}, 10, 0)", "linspace({x}, 10, 1, endpoint=False)", "linspace({x}, 10, 5, dtype=int)", "linspace({x}, 10, 5, dtype='f4')", "linspace([0, 1], [4, 8], 5)",
         "linspace([0, 1], 3, 4, retstep=True)", "linspace({x}_3x1, {x}_1x4, 3)", "linspace({x}[:3], {x}[:2], 3)", "linspace({x}, 10, -1)", "linspace({x}_0, 10, 3)",
         "linspace({x}, 10, 3, axis=5)", "linspace({x}, 10, 3, True, True)", "linspace({x}, 10, 1, retstep=True)", "linspace(b1, 2, 3)", "linspace(ti1, {x}, 3, retstep=True)", "linspace(2.5, {x}, 3)", "linspace(True, {x}, 3)", "linspace({x}[{x} > 1], 2, 3)"]
FUNCTIONS = ["fromfunction(add, (2, 3))", "fromfunction(multiply, (3, 4), dtype=int)", "fromfunction(np.subtract, (2, 2), dtype='i4')", "fromfunction(maximum, (2, 3), dtype='f4')",
             "fromfunction(less, (3, 3))", "fromfunction(sqrt, (4,))", "fromfunction(negative, 4, dtype='i1')", "fromfunction(add, (0, 3))", "fromfunction(add, (2,))",
             "fromfunction(add, (2, -3))", "fromfunction(where, (2, 2, 2), dtype=int)", "fromfunction(divmod, (2, 3), dtype=int)", "fromfunction(function=logical_xor, shape=(2, 2))",
             "fromfunction(add, (2, 3))[::-1, 1]", "fromfunction(1, (2, 3))", "fromfunction(lambda_, (2, 3))", "fromfunction(floor_divide, (3, 3), dtype=int)"]


def lines():
    for code in ("i4", "f8", "u1", "f2"):
        full = code in ("i4", "f8")
        for table in (REPEATS, DELETES, INSERTS):
            for form in table if full else table[::4]:
                yield form.format(x=f"t{code}"), computed(exact)
    for code in ("i4", "f8", "f4", "f2", "u1"):
        for form in LINES if code in ("i4", "f8", "f4") else LINES[::3]:
            yield form.format(x=f"t{code}"), computed(exact) if "[{x} >" in form else exact
    for text in FUNCTIONS:
        yield text, exact
