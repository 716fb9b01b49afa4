"""What masks select."""

import expected
from expected import exact, spread, within
from inputs import DTYPES, INPUTS

EXACT = ["min", "max", "any", "all"]
SUMS = ["sum", "prod"]
SPREADS = ["var", "std"]

# A vector, a matrix and a cube, each with masks of all axes and of leading ones.
MASKS = {"": ["t{c} > 1", "t{c} < 100", "b1", "~b1"],
         "_3x4": ["t{c}_3x4 > 1", "b1_3x4", "b1_3x4[:, 0]", "t{c}_3x4[:, 1] != 5"],
         "_2x3x2": ["t{c}_2x3x2 >= 1", "t{c}_2x3x2[:, :, 0] > 0", "t{c}_2x3x2[:, 1, 1] != 0"]}

AXES = ["t{c}_2x3x2[b1_3x4[:2, :3]].{f}(axis=0)", "t{c}_2x3x2[:, b1_3x4[:, 0]].{f}(axis=1)",
        "t{c}_2x3x2[:, b1_3x4[:, 0]].{f}(axis=(0, 1), keepdims=True)",
        "t{c}_3x4[:, b1[:4]].{f}(axis=1)",
        "t{c}_3x4[1, b1[:4]].{f}()", "t{c}_2x3x2[0, :, b1[1:3]].{f}(0)",
        "t{c}_2x3x2[..., b1[1:3]].{f}(axis=-1, keepdims=True)", "t{c}_3x4[None, b1_3x4].{f}(1)",
        "t{c}_2x3x2[:, b1_3x4[:, 0]].{f}(0).{f}()", "t{c}_3x4[::-1][b1_3x4].{f}()",
        "t{c}[:4][[True, False, True, True]].{f}()"]

NOTHING = ["t{c}[t{c} > 100].{f}()", "t{c}_0[t{c}_0 > 0].{f}()", "t{c}_3x4[t{c}_3x4 > 100].{f}(0)"]

ELEMENTS = ["(tf8[tf8 > 0] * 2).sum()", "(tf8[tf8 > 0] + tf4[tf8 > 0]).sum()",
            "(ti4[b1] > 3).sum()", "sqrt(abs(tf8[b1])).max()", "(ti4[b1] ** 2).sum()",
            "tf8[b1][tf8[b1] > 0].sum()", "abs(ti4_3x4[b1_3x4]).max()", "(-tu1[b1]).sum()",
            "ti4[b1].astype('f4').mean()", "where(ti4[b1] > 2, ti4[b1], 0).sum()",
            "(tf8[b1] - tf8.max()).sum()", "tf8[b1].dtype", "tf8_3x4[b1_3x4].ndim",
            "tf8_2x3x2[b1_3x4[:2, :3]].ndim"]

REFUSED = ["ti4[b1_3x4].sum()", "ti4_3x4[b1].sum()", "ti4_3x4[b1_3x4[:2]].sum()", "ti4_3x4[b1_3x4, 0].sum()",
           "ti4_3x4[:, b1[:3]].sum()", "ti4[b1].sum(axis=1)", "ti4_3x4[b1[:3]].sum(axis=(0, 0))",
           "(tf8[b1] & tf8[b1]).sum()", "ti4[[True, False]]"]

LISTS = ["ti4[:3][[True, False, True]]", "ti4_3x4[[True, False, True]]", "ti4_3x4[:, [True, False, False, True]]",
         "ti4_3x4[[True, False, True], 1]", "ti4_3x4[[True, False, True], ::-1]",
         "ti4_3x4[[True, False, True], [0, 1]]", "ti4_3x4[[[True, False, True, False], [False, False, False, False], [True, True, False, True]]]",
         "ti4_3x4[[False, False, False]]", "ti4_2x3x2[0, [True, True, False]]",
         "ti4_2x3x2[0, :, [True, False]]", "ti4_2x3x2[[True, False], :, [True, True]]",
         "ti4_3x4[array([True, False, True])][:, None]"]


def under(judge, mask):
    """A judge that knows a mask by its values alone, whatever numbers stand for the array's."""

    def judged(text):
        INPUTS["mask"] = expected.evaluate(mask)
        try:
            return judge(text.replace(f"[{mask}]", "[mask]"))
        finally:
            del INPUTS["mask"]

    return judged


def computed(judge):
    """A judge of what NumPy refuses for its elements, which shows when it is computed."""
    return lambda text: ["fails" if line == "refused" else line for line in judge(text)]


def lines():
    for name in EXACT + SUMS + ["mean"] + SPREADS:
        judge = exact if name in EXACT else spread if name in SPREADS else within
        for code in DTYPES:
            for shape, masks in MASKS.items():
                for mask in masks[:2] if code not in ("b1", "u1", "i4", "f4", "f8") else masks:
                    if code == "b1":
                        mask = mask.replace("tb1", "tu1")
                    mask = mask.format(c=code)
                    yield f"t{code}{shape}[{mask}].{name}()", computed(under(judge, mask))
        for code in ["f8", "i4"]:
            for form in AXES:
                # The root of a variance of roots is judged by no exact value.
                if name in SPREADS and form.count("{f}") > 1:
                    continue
                yield form.format(c=code, f=name), judge
            for form in NOTHING:
                text = form.format(c=code, f=name)
                yield text, computed(exact)
    for name in SPREADS:
        yield f"tf8[b1].{name}(ddof=1)", spread
        yield f"ti4_3x4[b1_3x4].{name}(ddof=2.5)", spread
    for x in ["f8", "f4", "i8", "u8"]:
        for name in EXACT:
            yield f"{x}[b1].{name}()", exact
            yield f"{x}[{x} == {x}].{name}()", exact
    for text in ELEMENTS + REFUSED + LISTS:
        yield text, exact
