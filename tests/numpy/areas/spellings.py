"""Other names and forms of what other areas hold: methods of functions, attributes, orders, one array as a list."""

from areas.masks import computed
from arguments import calls
from expected import exact, nearly

UFUNCS = ["{f}.reduce({x})", "{f}.reduce({x}_3x4)", "{f}.reduce({x}_3x4, 1)", "{f}.reduce({x}_3x4, axis=None)", "{f}.reduce({x}_3x4, axis=-1, keepdims=True)", "{f}.reduce({x}_2x3x2, axis=(0, 2))", "{f}.reduce({x}_s)",
          "{f}.outer({x}, {x}[:3])", "{f}.outer({x}_1x4, {x}_3x1)", "{f}.outer({x}_s, {x})", "{f}.outer([1, 2], 3)"]
SCANS = ["{f}.accumulate({x})", "{f}.accumulate({x}_3x4)", "{f}.accumulate({x}_3x4, axis=1)", "{f}.accumulate({x}_0)"]
OUTER = ["subtract.outer({x}, {x})", "less.outer({x}, {x})", "hypot.outer({x}[:2], {x}[:3])", "power.outer({x}[:2], [1, 2])", "subtract.outer(3, {x})"]
NOT = ["add.nothing({x})", "sqrt.reduce({x})", "sqrt.outer({x}, {x})", "add.reduce()", "add.outer({x})", "add.reduce({x}, 1)", "add({x}).reduce()", "sum.reduce({x})"]
SHAPES = ["shape({x})", "ndim({x})", "size({x})", "size({x}_3x4, 1)", "size({x}_3x4, -1)", "size({x}_3x4, 2)", "shape({x}_s)", "ndim(3)", "shape([[1, 2]])", "size([[1, 2], [3, 4]], axis=0)", "size({x}_0x3)", "np.shape({x}_2x3x2)",
          "{x}.flat[3]", "{x}_3x4.flat[5]", "{x}_3x4.flat[2:9:3]", "{x}_3x4.T.flat[1]", "{x}_3x4.flat[99]", "{x}.dtype.kind", "{x}.view()", "{x}.copy(order='K')", "copy({x}_3x4, 'F')", "{x}.copy('X')", "{x}.conj()", "b1.conjugate()"]
ORDERS = ["{x}_3x4.ravel('{o}')", "ravel({x}_3x4, order='{o}')", "{x}_3x4.flatten('{o}')", "{x}_2x3x2.reshape(3, 4, order='{o}')", "reshape({x}_3x4, (2, -1), order='{o}')", "{x}.ravel(order='{o}')", "unravel_index([1, 5], (3, 4), '{o}')"]
LISTS = ["hstack({x}_3x4)", "vstack({x}_3x4)", "dstack({x}_3x4)", "column_stack({x}_3x4)", "stack({x}_3x4)", "stack({x}_3x4, axis=1)", "concatenate({x}_3x4)", "concatenate({x}_2x3x2)", "concatenate({x}_2x3x2, axis=1)",
         "concatenate({x}_2x3x2, axis=None)", "concatenate({x})", "stack({x})", "hstack({x})", "vstack({x})", "hstack({x}_s)", "concatenate({x}_s)", "concatenate({x}_0x3)", "vstack({x}_2x3x2)"]
MESHES = ["{x}_3x4[ix_([0, 2], [1, 3])]", "{x}_3x4[ix_([2, 0, 2], [0])]", "{x}_3x4[ix_([True, False, True], [0, 1])]", "{x}_2x3x2[ix_([1], [0, 2], [1, 0])]", "ix_([0, 2], [1])", "ix_([])", "ix_(3)", "ix_([[1]])",
          "{x}_3x4[((0, 1), (1, 3))]", "{x}_3x4[(0, 1), (1, 3)]", "{x}_3x4[(0, 1),]", "{x}_3x4[((0, 2),)]", "{x}_3x4[(0, 1), 2]", "{x}[array([])]", "{x}[array([0.0])]", "{x}[[]]", "{x}_3x4[[], [0]]",
          "x = {x}_3x4; x[ix_([0, 2], [1, 3])] = 0; x"]
METHODS = ["{x}.compress([True, False, True])", "{x}_3x4.compress([True, False, True], axis=0)", "{x}_3x4.compress([0, 1, 1, 0], axis=1)", "{x}_3x4.compress([True], axis=None)", "{x}_3x4.compress(b1_3x4[0], 1)",
           "{x}.compress(condition=[True])", "{x}.compress()"]
SORTS = ["sort({x}, kind='{k}')", "argsort({x}_3x4, kind='{k}')", "sort({x}, kind='{k}', stable=True)"]
KINDS = ["quicksort", "mergesort", "heapsort", "stable", "nonsense"]
PLAIN = ["-[1, 2]", "+[1, 2]", "~[1, 2]", "-(1, 2)", "float([1, 2])", "int((1, 2))", "float(None)", "negative(2**64 - 1)", "absolute(2**63)", "square(2**64 - 1)", "isfinite(2**64 - 1)", "invert(2**63)", "sqrt(2**64 - 1)",
         "add(2**63, 1)", "linalg.norm([3, 4])", "linalg.nothing(1)", "ascontiguousarray(5)", "ascontiguousarray([1, 2], dtype='f4')", "asarray([1, 2], copy=True)", "b1 ** 2", "b1 ** 3", "power(b1, 2)",
         "b1 ** True", "ti4 ** array([1, 2])[0]", "array([2, 3]) ** array([1, -1])", "array([2, 3]) ** array([1, 2])", "power([2, 3], [-1, 1])", "array([2, 3]) ** array([-1.0, 1])", "ti4 ** abs(ti4)", "ti4 ** ti4", "tu1 ** tu1", "ti4 ** ti4[::-1]",
         "ldexp(1, [1, 2])", "ldexp(True, ti4)", "ldexp(1.0, [1, 2])", "ldexp([1], 2)", "ldexp(2, 3)", "argpartition(zeros((0, 3)), 1, axis=0)", "partition(zeros((0, 3)), 5)", "partition([], 0)", "partition(ti4, 12)",
         "partition(ti4, 2, kind='introselect')", "partition(ti4, 2, kind='quicksort')"]

GRIDS = ["np.r_[1:4, 0, 4]", "np.r_[{x}, 0, {x}[:2]]", "r_[0:1:0.25]", "np.r_[5:0:-2]", "np.r_[:3]", "np.r_[{x}_3x4, {x}_3x4]", "np.r_[{x}_3x4, 1]", "np.r_[[1, 2], 0.5]", "np.r_[3]", "np.r_[True, 2]", "np.r_[ti1, 300]", "np.c_[{x}, {x}]", "np.c_[{x}_3x4, {x}[:3]]",
         "np.c_[1, 2]", "np.c_[{x}_3x4, {x}_3x4]", "np.c_[[1, 2], [3, 4]]", "np.c_[{x}, {x}[:2]]", "mgrid[0:3, 0:2]", "np.mgrid[:3]", "np.mgrid[1:4:2, 0:1:0.5]", "np.mgrid[2:0:-1, 0:2]", "np.mgrid[0:2, 0:2, 0:2].shape", "np.ogrid[0:3, 0:2]",
         "np.ogrid[0:3]", "x, y = np.mgrid[0:3, 0:2]; x * y", "x, y = np.ogrid[:3, :4]; x + y", "np.mgrid[3]", "np.mgrid['a']", "np.r_['a', 1]", "{x}[np.s_[1:3]]", "{x}_3x4[np.s_[1:, ::2]]", "{x}_3x4[s_[..., 0]]", "{x}_3x4[index_exp[:, None, 1]]", "r_", "s_[0]"]
# Dictionaries by axes, and negative lengths.
AXES = ["pad({x}_3x4, {{0: (1, 2)}})", "pad({x}_3x4, {{-1: 2}}, mode='edge')", "pad({x}_2x3x2, {{0: 1, 2: (0, 1)}}, constant_values=7)", "pad({x}_3x4, {{5: 1}})", "pad({x}_3x4, {{}})", "pad({x}_3x4, {{'a': 1}})",
        "coarsen(sum, {x}_3x4, {{1: 2}})", "coarsen(max, {x}_3x4, {{0: 3, 1: 2}})", "coarsen('min', {x}_3x4, {{0: 2}})", "coarsen(np.sum, {x}, {{0: 4}})", "coarsen(sum, {x}_3x4, {{2: 2}})", "coarsen(sum, {x}_3x4, {{}})",
        "{x}_3x4.reshape(2, -5)", "reshape({x}_3x4, (-2, 6))", "reshape({x}_3x4, (-2, -3))", "reshape({x}_3x4, (2, 6), 'F')", "reshape({x}_3x4, 12, copy=1)", "sum({{1: 2}})", "{{1: 2}} + {x}", "isclose({x}, {x}, equal_nan=1)",
        "roll({x}_3x4, 2, axis=())", "add({x}, 1, casting='nothing')", "add({x}, 1, order='X')", "add({x}, 1, order='K')", "cumulative_sum(5)", "cumulative_prod({x}_s)", "asarray({x}, device='cpu')", "bool([1])", "bool([])", "bool(None)", "histogram_bin_edges({x}, 3, weights=[1, 2])"]


def lines():
    for f in ["add", "multiply", "maximum", "minimum", "logical_and", "logical_or"]:
        for x in ["ti4", "tf8", "b1"]:
            for form in UFUNCS + (SCANS if f in ("add", "multiply") else []):
                yield form.format(f=f, x=x), exact
    for x in ["ti4", "tf8"]:
        for form in OUTER:
            yield form.format(x=x), nearly(2) if "power" in form or "hypot" in form else exact
        for form in NOT + SHAPES + AXES + GRIDS:
            yield form.format(x=x), exact
        for form in LISTS + MESHES + METHODS:
            yield form.format(x=x), computed(exact)
        for form in ORDERS:
            for order in "CFAKX":
                yield form.format(x=x, o=order), exact
    for x in ["ti4", "tf8"]:
        for form in SORTS:
            for kind in KINDS:
                yield form.format(x=x, k=kind), exact
    for text in PLAIN:
        yield text, computed(exact) if "ti4 ** " in text else nearly(1) if "sqrt" in text or "norm" in text else exact
