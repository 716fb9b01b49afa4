"""Axes that are turned, cut, joined, repeated and padded; parts of matrices; rows in part sorted."""

from areas.masks import computed
from expected import exact, nearly

TURNS = ["moveaxis({x}_2x3x2, 0, -1)", "moveaxis({x}_2x3x2, [0, 1], [-1, 0])", "moveaxis({x}_3x4, 1, 0)", "moveaxis({x}, 0, 0)",
         "moveaxis({x}_3x4, 2, 0)", "moveaxis({x}_2x3x2, [0, 0], [1, 2])", "moveaxis({x}_2x3x2, [0, 1], [0])",
         "swapaxes({x}_2x3x2, 0, 2)", "swapaxes({x}_3x4, -1, 0)", "swapaxes({x}_3x4, 1, 1)", "{x}_2x3x2.swapaxes(1, 2)", "swapaxes({x}, 0, 1)",
         "swapaxes({x}_0x3, 0, 1)", "rollaxis({x}_2x3x2, 2)", "rollaxis({x}_2x3x2, 0, 3)", "rollaxis({x}_2x3x2, 1, 0)", "rollaxis({x}_2x3x2, -1, 1)",
         "rollaxis({x}_3x4, 2)", "rollaxis({x}_3x4, 0, 4)", "roll({x}, 2)", "roll({x}, -5)", "roll({x}_3x4, 1)", "roll({x}_3x4, 1, axis=0)",
         "roll({x}_3x4, (1, -2), axis=(0, 1))", "roll({x}_3x4, 100, axis=-1)", "roll({x}_3x4, 1, axis=(0, 1))", "roll({x}_3x4, (1, 2), axis=0)",
         "roll({x}_0, 3)", "roll({x}_s, 1)", "roll({x}_3x4, 1, axis=2)", "flip({x})", "flip({x}_3x4)", "flip({x}_3x4, 0)", "flip({x}_3x4, axis=(1, 0))",
         "flip({x}_2x3x2, -1)", "flip({x}_s)", "flip({x}_0x3, 1)", "flip({x}, 1)", "fliplr({x}_3x4)", "fliplr({x}_2x3x2)", "fliplr({x}_0x3)",
         "fliplr({x})", "fliplr({x}_1x4)", "flipud({x}_3x4)", "flipud({x})", "flipud({x}_0)", "flipud({x}_s)", "flipud({x}_2x3x2)",
         "rot90({x}_3x4)", "rot90({x}_3x4, 2)", "rot90({x}_3x4, -1)", "rot90({x}_3x4, 4)", "rot90({x}_2x3x2, 1, (1, 2))", "rot90({x}_2x3x2, axes=(2, 0))",
         "rot90({x})", "rot90({x}_3x4, axes=(0, 0))", "atleast_1d({x}_s)", "atleast_1d({x})", "atleast_1d({x}_3x4)", "atleast_1d({x}_s, {x})", "atleast_1d(5)",
         "atleast_2d({x}_s)", "atleast_2d({x})", "atleast_2d({x}_3x4)", "atleast_2d({x}_0)", "atleast_2d({x}_s, {x})", "atleast_3d({x}_s)", "atleast_3d({x})",
         "atleast_3d({x}_3x4)", "atleast_3d({x}_2x3x2)", "atleast_3d({x}_0)"]
JOINS = ["hstack(({x}, {x}))", "hstack([{x}_3x4, {x}_3x1])", "hstack([{x}_s, {x}])", "hstack([{x}_2x3x2, {x}_2x3x2])", "hstack([{x}_3x4, {x}])",
         "hstack([{x}_0, {x}])", "vstack(({x}, {x}))", "vstack([{x}_3x4, {x}_1x4])", "vstack([{x}_3x4, {x}[:4]])", "vstack([{x}_s, {x}_s])",
         "vstack([{x}_3x4, {x}])", "vstack([{x}_0x3, {x}_4x3])", "dstack(({x}, {x}))", "dstack([{x}_3x4, {x}_3x4])", "dstack([{x}_2x3x2, {x}_2x3x2])",
         "dstack([{x}_s, {x}_s])", "dstack([{x}_3x4, {x}])", "column_stack(({x}, {x}))", "column_stack([{x}[:3], {x}_3x4])", "column_stack([{x}_3x4, {x}_3x1])",
         "column_stack([{x}_s, {x}_s])", "column_stack([{x}, {x}_3x4])", "block([{x}, {x}])", "block([[{x}_3x4, {x}_3x1], [{x}_1x4, 5]])", "block({x}_s)",
         "block([[{x}_s, {x}_s], [{x}_s, {x}_s]])", "block([[{x}_3x4], [{x}_3x4]])", "block([[{x}_3x4, {x}_4x3]])", "append({x}, 5)", "append({x}_3x4, {x})",
         "append({x}_3x4, {x}_1x4, axis=0)", "append({x}_3x4, {x}_3x1, axis=1)", "append({x}_3x4, {x}, axis=0)", "append({x}_0, [1, 2])", "append({x}, f8[:2])",
         "insert({x}, 2, 9)", "insert({x}, [1, 5], [7, 8])", "insert({x}, -1, [1, 2])", "insert({x}_3x4, 1, 5, axis=1)", "insert({x}_3x4, 1, [1, 2, 3, 4], axis=0)",
         "insert({x}_3x4, [0, 2], 5, axis=0)", "insert({x}, slice(0, 4, 2), 5)", "insert({x}, 20, 1)", "insert({x}_0, 0, 3)", "insert({x}_3x4, 2, 7)",
         "delete({x}, 2)", "delete({x}, [0, -1, 3])", "delete({x}, slice(None, None, 2))", "delete({x}_3x4, 1, axis=0)", "delete({x}_3x4, [0, 2], axis=1)",
         "delete({x}, 12)", "delete({x}_3x4, 5)", "delete({x}, [])", "delete({x}, [True, False] * 6)"]
CUTS = ["split({x}, 3)", "split({x}, [2, 5])", "split({x}_3x4, 2, axis=1)", "split({x}_3x4, [1], axis=0)", "split({x}, 5)", "split({x}, [3, 20])", "split({x}, [5, 2])",
        "split({x}_0x3, 3, axis=1)", "array_split({x}, 5)", "array_split({x}, 20)[15]", "array_split({x}_3x4, 2)", "array_split({x}_3x4, 3, axis=1)",
        "array_split({x}, [3])", "array_split({x}, 0)", "hsplit({x}_3x4, 2)", "hsplit({x}, 2)", "vsplit({x}_3x4, 3)", "vsplit({x}, 2)", "dsplit({x}_2x3x2, 2)"]
REPEATS = ["repeat({x}, 2)", "repeat({x}_3x4, 2, axis=0)", "repeat({x}_3x4, 3, axis=-1)", "repeat({x}[:3], [1, 0, 2])", "repeat({x}_3x4, [1, 2, 0, 1], axis=1)",
           "repeat({x}_s, 3)", "repeat({x}, 0)", "repeat({x}, -1)", "repeat({x}[:3], [1, 2])", "repeat({x}_0, 4)", "repeat({x}_3x4, 2)",
           "tile({x}, 2)", "tile({x}_3x4, 2)", "tile({x}_3x4, (2, 1))", "tile({x}, (2, 2))", "tile({x}_3x4, (2, 1, 2))", "tile({x}_s, 3)", "tile({x}, 0)",
           "tile({x}_0, 2)", "tile({x}, -1)", "tile({x}, ())"]
PADS = ["pad({x}, 2)", "pad({x}, (1, 2))", "pad({x}_3x4, ((1, 0), (0, 2)))", "pad({x}_3x4, 1, constant_values=7)", "pad({x}, (1, 2), constant_values=(5, 6))",
        "pad({x}_3x4, ((1, 2), (0, 1)), constant_values=((1, 2), (3, 4)))", "pad({x}_s, 1)", "pad({x}_0, 2)", "pad({x}, -1)", "pad({x}, 2, mode='edge')",
        "pad({x}_3x4, ((1, 2), (2, 1)), mode='edge')", "pad({x}_0, 2, mode='edge')", "pad({x}, 3, mode='linear_ramp')", "pad({x}, 3, mode='linear_ramp', end_values=(4, -4))",
        "pad({x}_3x4, 2, mode='linear_ramp')", "pad({x}, 2, mode='maximum')", "pad({x}_3x4, 1, mode='maximum', stat_length=2)", "pad({x}, 2, mode='minimum')",
        "pad({x}_3x4, ((0, 1), (2, 0)), mode='minimum')", "pad({x}, 2, mode='mean')", "pad({x}, 2, mode='mean', stat_length=(2, 4))", "pad({x}, 2, mode='reflect')",
        "pad({x}, 30, mode='reflect')", "pad({x}_3x4, ((2, 5), (1, 7)), mode='reflect')", "pad({x}_1, 2, mode='reflect')", "pad({x}, 2, mode='symmetric')",
        "pad({x}_3x4, ((2, 7), (9, 1)), mode='symmetric')", "pad({x}, 2, mode='wrap')", "pad({x}, 30, mode='wrap')", "pad({x}_3x4, ((4, 1), (0, 9)), mode='wrap')",
        "pad({x}, 2, mode='nearest')", "pad({x}, ((1, 2), (3, 4)))", "pad({x}_3x4, ((1, 2),))", "pad({x}_3x4, ((1,), (2,)), mode='edge')", "pad({x}_3x4, [1, 2, 3])",
        "pad({x}, 2, mode='median')", "pad({x}_3x4, ((1, 2), (2, 0)), mode='median')", "pad({x}_3x4, 1, mode='median', stat_length=((2, 1), (3, 2)))",
        "pad({x}_2x3x2, 1, mode='median')", "pad({x}_0, 1, mode='median')", "pad({x}, 2, mode='empty').shape", "pad({x}_0, 2, mode='empty').dtype",
        "pad({x}, 2, mode='reflect', reflect_type='odd')", "pad({x}, (30, 4), mode='reflect', reflect_type='odd')", "pad({x}[:2], 5, mode='reflect', reflect_type='odd')",
        "pad({x}_3x4, ((2, 5), (1, 7)), mode='reflect', reflect_type='odd')", "pad({x}_1, 2, mode='reflect', reflect_type='odd')", "pad({x}_1x4, 2, mode='reflect', reflect_type='odd')", "pad({x}_3x1, 1, mode='symmetric', reflect_type='odd')",
        "pad({x}, 2, mode='symmetric', reflect_type='odd')", "pad({x}_3x4, ((2, 7), (9, 1)), mode='symmetric', reflect_type='odd')",
        "pad({x}[:2], (3, 9), mode='symmetric', reflect_type='odd')", "pad({x}_1, 2, mode='symmetric', reflect_type='odd')", "pad({x}, 2, mode='reflect', reflect_type='even')",
        "pad({x}_0, 1, mode='reflect', reflect_type='odd')", "pad({x}, 2, mode='edge', constant_values=1)",
        "pad({x}, 2, stat_length=2)", "pad({x}, 2, mode='wrap', reflect_type='odd')", "pad({x}, 2, mode='maximum', stat_length=0)",
        "pad({x} > 2, 1, mode='mean')", "pad({x} > 2, 1, mode='median')", "pad({x} > 2, 3, mode='reflect', reflect_type='odd')"]
MATRICES = ["tril({x}_3x4)", "tril({x}_3x4, 1)", "tril({x}_4x3, -1)", "tril({x}_2x3x2)", "tril({x}[:3])", "tril({x}_0x3)", "tril({x}_3x4, 9)", "triu({x}_3x4)",
            "triu({x}_3x4, 1)", "triu({x}_4x3, -1)", "triu({x}_2x3x2)", "triu({x}[:3])", "triu({x}_0x3)", "triu({x}_3x4, -9)", "diag({x}[:3])", "diag({x}[:3], 1)",
            "diag({x}[:3], -2)", "diag({x}_3x4)", "diag({x}_3x4, 2)", "diag({x}_3x4, -5)", "diag({x}_2x3x2)", "diag({x}_0)", "diagonal({x}_3x4)",
            "diagonal({x}_3x4, 1)", "diagonal({x}_2x3x2, 0, 1, 2)", "diagonal({x}_2x3x2, offset=-1, axis1=2, axis2=1)", "diagonal({x}_2x3x2)", "diagonal({x})",
            "diagonal({x}_3x4, 0, 0, 0)", "fill_diagonal({x}_3x4, 5)", "fill_diagonal({x}_4x3, [1, 2])", "fill_diagonal({x}_4x3, 5, wrap=True)",
            "fill_diagonal(tile({x}[:3], (5, 1)), 9, wrap=True)", "fill_diagonal({x}, 5)", "fill_diagonal({x}_3x4, {x}[:3])", "empty((2, 3)).shape", "empty(0).dtype",
            "empty((2,), dtype='i4').dtype", "empty_like({x}_3x4).shape", "empty_like({x}, dtype='f4').dtype", "empty(-1)", "empty_like({x}, shape=(2, 2)).shape",
            "empty_like({x}_s).shape", "take_along_axis({x}_3x4, argsort({x}_3x4, axis=1), axis=1)", "take_along_axis({x}, array([2, 0, -1]), 0)",
            "take_along_axis({x}_3x4, array([[0], [1], [2]]), axis=1)", "take_along_axis({x}_3x4, array([[3, 1]]), 1)",
            "take_along_axis({x}_3x4, array([5, 0]), axis=None)", "take_along_axis({x}_3x4, array([0, 1]), axis=1)", "take_along_axis({x}_3x4, array([[4]]), axis=1)"]
PARTS = ["sort(partition({x}, 4)[:4])", "partition({x}, 4)[4]", "sort(partition({x}, -3)[-3:])", "partition({x}_3x4, 1, axis=1)[:, 1]", "partition({x}_3x4, 2, axis=0)[2]",
         "partition({x}, [2, 5])[2]", "partition({x}, [2, 5])[5]", "sort(partition({x}_3x4, 3, axis=None)[:3])", "partition({x}, 12)", "partition({x}_3x4, 5)",
         "{x}[argpartition({x}, 4)[4]]", "topk({x}, 3)", "topk({x}, -3)", "topk({x}_3x4, 2, axis=0)", "topk({x}_3x4, -2)", "topk({x}, 1)", "topk({x}, 12)", "argtopk({x}, 3)",
         "argtopk({x}, -3)", "argtopk({x}_3x4, 2, axis=0)", "argtopk({x}_3x4, -1)", "argtopk({x}, 12)"]
CHOICES = ["piecewise({x}, [{x} < 0, {x} > 3], [-1, 1])", "piecewise({x}, [{x} < 0], [-1, 1])", "piecewise({x}_3x4, [{x}_3x4 > 1], [7])",
           "piecewise({x}, [{x} < 0, {x} > 3], [1])", "piecewise({x}_0, [{x}_0 > 0], [1, 2])"]
NEAR = ["nanpercentile({x}, 30)", "nanpercentile({x}_3x4, [10, 50], axis=1)", "nanpercentile({x}_3x4, 100, axis=0, keepdims=True)", "nanpercentile({x}, 101)",
        "nanpercentile({x}_3x4, 25, method='hazen')", "corrcoef({x}_3x4)", "corrcoef({x}, {x}[::-1])", "corrcoef({x}_3x4, dtype='f4')", "corrcoef({x})"]


def lines():
    exactly = TURNS + JOINS + CUTS + REPEATS + PADS + MATRICES + PARTS + CHOICES
    for code in ("i4", "f8", "u1", "f2"):
        # Rows that are sorted in part hold distinct elements; means of few are exact.
        for form in exactly if code in ("i4", "f8") else exactly[::4]:
            yield form.format(x=f"t{code}"), computed(exact) if "array_split({x}, 20)" in form else exact
    for code in ("i4", "f8"):
        for form in NEAR:
            yield form.format(x=f"t{code}"), nearly(64)
