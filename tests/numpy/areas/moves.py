"""Shapes: elements move, and none is computed."""

from expected import exact

MOVES = {
    "transpose": ["i4_3x4", "i4", "i4_2x3x2", "i4_2x3x2, (1, 0, 2)", "i4_2x3x2, (2, 0, 1)", "i4_3x4, (0, 1)",
                  "f8_s", "f8_0x3", "i4_2x3x2, (-1, 0, 1)", "i4_3x4, (0,)", "i4_3x4, (0, 0)",
                  "i4_3x4, (0, 2)", "i4_3x4[::-1, ::2]", "i4_2x3x2, axes=(0, 2, 1)", "i4_3x4, None",
                  "[[1, 2], [3, 4]]", "i4_2x3x2, [1, 2, 0]"],
    "permute_dims": ["i4_2x3x2, (1, 0, 2)", "i4_3x4, (1, 0)"],
    "reshape": ["i4, (3, 4)", "i4, (4, 3)", "i4, -1", "i4_3x4, (2, 6)", "i4_3x4, (-1, 2)", "i4_3x4, (12,)",
                "i4_3x4, 12", "i4_3x4.T, (3, 4)", "i4_3x4.T, (12,)", "i4_3x4[::-1], (4, 3)", "f8_0, (0, 5)",
                "f8_0x3, (3, 0)", "f8_0x3, (2, 0, 7)", "f8_0x3, -1", "f8_s, ()", "f8_s, (1, 1)", "f8_s, -1",
                "f8_1, ()", "i4, (5, 3)", "i4, (-1, 5)", "i4, (-1, -1)", "f8_0, (0, -1)",
                "i4_2x3x2, (3, 2, 2)", "i4_2x3x2, (2, 1, 3, 1, 2)", "i4_2x3x2[::-1, :, ::-1], (6, 2)",
                "[1, 2, 3, 4], (2, 2)", "i4, [3, 4]", "i4, (2, 3, 2)", "i4_3x4, shape=(6, 2)"],
    "ravel": ["i4_3x4", "i4_3x4.T", "f8_s", "f8_0x3", "i4_2x3x2[::-1]", "[[1, 2], [3, 4]]", "5"],
    "squeeze": ["f8_1x4", "f8_3x1", "f8_1", "f8_s", "f8_3x4", "f8_1x4, 0", "f8_1x4, axis=0", "f8_1x4, axis=1",
                "f8_3x1, axis=-1", "f8_3x1, axis=(1,)", "f8_1x4[:, None], (0, 1)", "f8_1x4, axis=2",
                "f8_1x4, axis=()", "f8_1x4[:, None], (0, 0)", "i4[None, :, None]"],
    "expand_dims": ["i4, 0", "i4, 1", "i4, -1", "i4_3x4, (0, 2)", "i4_3x4, (0, -1)", "f8_s, 0", "f8_0, 1",
                    "i4, 2", "i4, -3", "i4, (0, 0)", "i4_3x4, axis=1", "i4_3x4, axis=(1, 2)", "[1, 2], 0",
                    "i4_3x4, ()"],
    "broadcast_to": ["i4_1, (3, 4)", "f8_s, (2, 2)", "f8_s, ()", "f8_1x4, (3, 4)", "f8_3x1, (3, 4)",
                     "f8_3x1, (2, 3, 4)", "i4, (2, 12)", "i4, (12, 2)", "i4_3x4, (3, 3)", "i4_3x4, (4,)",
                     "f8_0, (3, 0)", "f8_1, (0,)", "f8_1, 5", "i4_1x4[:, ::-1], (2, 4)", "5, (2, 2)",
                     "i4_3x4, shape=(2, 3, 4)", "f8_1x4, (-1, 4)", "[1, 2], (2, 2)"],
    "concatenate": ["[i4, i4]", "[i4_3x4, i4_3x4]", "[i4_3x4, i4_3x4], 1", "[i4_3x4, i4_1x4]",
                    "[i4_3x4, f4_1x4[:, ::-1]]", "[i4_3x4, i4_3x1], axis=1", "[i4_3x4, i4_3x1], axis=-1",
                    "(i1, u1)", "(i1, u1, f4)", "(b1, i1)", "[f8_0, f8]", "[f8_0x3, f8_0x3]", "[i4]",
                    "[i4_3x4, i4]", "[i4_3x4, i4_4x3]", "[f8_s, f8_s]", "[i4, i4], 1", "[]", "[i4, i4], axis=-2",
                    "[i4[::-1], i4[::2]]", "[i8, u8]", "[[1, 2], [3, 4]]", "[[1, 2], i4]", "[[1.5], i4]",
                    "[i4_3x4.T, i4_4x3[::-1]], axis=1", "[i4, i8]", "[u2, i1, f4]", "[f4, u2, i1]", "[i4, u1, f4]",
                    "[i4_3x4, i4], axis=None", "[i4_3x4.T, f8_s], None", "[f8_s, f8_s], axis=None",
                    "[i4, f4], dtype='f4'", "[i4, u1], dtype='i2'", "[i4, u1], dtype='u1'", "[f4, f8], dtype='i4'",
                    "[i4_3x4, b1], axis=None, dtype=float"],
    "concat": ["[i4, i4]", "[i4_3x4, i4_3x4], axis=1"],
    "stack": ["[i4, i4]", "[i4, i4], 1", "[i4, i4], axis=-1", "[i4_3x4, i4_3x4], 2", "[i4_3x4, i4_3x4[::-1]], 1",
              "[i1, u1]", "[i4, f4, b1]", "[f8_s, f8_s]", "[f8_0, f8_0], 1", "[i4, i4], 2", "[i4, i4], -3",
              "[i4, f8_0]", "[i4_3x4, i4_4x3]", "[]", "[i4]", "(i4_3x4.T, i4_4x3)", "[1, 2, 3]",
              "[i4, i4, i4], axis=0", "[u2, i1, f4]", "[i4, i4], dtype='f4'",
              "[f4, f4], dtype='i4'"],
}

METHODS = ["i4_3x4.mT", "i4_2x3x2.mT", "i4.mT", "f8_s.mT", "f8_0x3.mT", "i4_3x4.T", "i4.T", "f8_s.T", "i4_2x3x2.T", "i4_3x4.transpose()", "i4_2x3x2.transpose(1, 0, 2)",
           "i4_2x3x2.transpose((1, 0, 2))", "i4_2x3x2.transpose([2, 1, 0])", "i4_3x4.transpose(None)",
           "i4.reshape(3, 4)", "i4.reshape((3, 4))", "i4.reshape(-1, 2)", "i4.reshape([4, 3])", "i4.reshape(12)",
           "i4.reshape(5, 3)", "f8_1.reshape(())", "i4_3x4.ravel()", "i4_3x4.flatten()", "i4_3x4.T.flatten()",
           "f8_1x4.squeeze()", "f8_1x4.squeeze(0)", "f8_1x4.squeeze(axis=0)", "f8_1x4.squeeze(1)",
           "i4_3x4.shape", "i4_3x4.ndim", "i4_3x4.size", "f8_s.shape", "f8_s.ndim", "f8_0x3.size", "f8_0.shape",
           "i4_3x4.T.shape", "i4_3x4.shape[0]", "i4_3x4.shape[-1]", "i4_3x4.shape[::-1]", "i4_3x4.shape[2]",
           "i4_3x4.copy()", "i4_3x4.shape + (1,)", "i4_3x4.reshape(i4_3x4.shape[::-1])",
           "zeros(i4_3x4.shape)", "i4.reshape(i4.size // 4, 4)", "i4.reshape(i4.size / 4, 4)"]


def lines():
    for name, arguments in MOVES.items():
        for text in arguments:
            yield f"{name}({text})", exact
    for text in METHODS:
        yield text, exact
    for code in ["b1", "u1", "i8", "f4", "f8"]:
        for form in ["{}_3x4.T", "reshape({}_3x4.T, (2, 6))", "concatenate([{}_3x4, {}_1x4])", "stack([{}, {}], 1)",
                     "broadcast_to({}_3x1, (3, 2))", "expand_dims({}, 0)"]:
            yield form.replace("{}", code), exact
