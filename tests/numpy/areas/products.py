"""Products of arrays, and covariances; of numbers whose sums are exact."""

from expected import exact

NAMES = ["matmul", "dot", "inner", "outer", "kron", "vdot"]
P = "array([[1.0, 2.0, -3.0], [0.5, 4.0, 0.25]])"
Q = "array([[2.0, 0.5], [1.0, -1.0], [4.0, 8.0]])"
V = "array([1.0, -2.0, 0.5])"
T = "arange(24).reshape(2, 3, 4)"
B = "array([True, False, True, True])"
PAIRS = [
    (P, Q), (P, V), (V, Q), (V, V), (P, P), (Q, P), (P, "2.0"), ("3", "4"), (B, B), (T, "arange(4)"),
    ("array([[1, 2]], dtype=int8)", "array([[100], [100]], dtype=int8)"),
    (T, "arange(8).reshape(4, 2)"), ("arange(6).reshape(1, 2, 3)", "arange(30).reshape(5, 3, 2)"),
    ("array([[1.0, 2.0]], dtype=float32)", "array([[1], [2]])"), ("zeros((2, 0))", "zeros((0, 3))"),
    ("ti4_3x4", "ti4_4x3"), ("tf8_3x4", "tf8_4x3"), ("tf4_3x4", "ti2_4x3"), ("tu1_3x4", "tu1_4x3"),
    ("tb1_3x4", "tb1_4x3"), ("tf8_3x4", "tf8_1x4"), ("ti4_2x3x2", "ti4_1x4"), ("tf8_s", "tf8_3x4"),
]


def sums():
    x = f"{T}, {T}"
    yield from [
        f"{P} @ {Q}", "ti4_3x4 @ ti4_4x3", "tf8_3x4.T @ tf8_3x4", f"tensordot({P}, {Q}, axes=1)",
        f"tensordot({x})", f"tensordot({x}, axes=([0, 1], [0, 1]))",
        f"tensordot({x}, axes=([0, 2], [0, 2]))", f"tensordot({x}, axes=(2, 2))",
        f"tensordot({P}, {V}, axes=0)", f"tensordot({P}, {P}, axes=1)", f"tensordot({x}, axes=([0], [0, 1]))",
    ]
    for text in [
        f"'ij,jk->ik', {P}, {Q}", f"'ij,jk', {P}, {Q}", f"'ij->ji', {P}", f"'ij->', {P}", f"'ij->j', {P}",
        f"'i,i', {V}, {V}", f"'i,j', {V}, {V}", f"'...j,jk->...k', {T}, arange(8).reshape(4, 2)",
        f"'...i->i...', {T}", f"'ij,ij->i', {P}, {P}", f"'ij,kj,k->i', {P}, {P}, array([1.0, 2.0])",
        f"'ij,jk->il', {P}, {Q}", f"'ij,jk', {P}", f"'ij,ij', {P}, {Q}", f"'ba', {P}", f"'ij->ii', {P}",
        "'ijk->', array([[[1, 2]]], dtype=int8) * 100", "'ij,jk->ki', ti4_3x4, ti4_4x3",
        "'abc,b->ac', ti4_2x3x2, array([1, 2, 3])", "'ii->i', ti4_3x4[:, :3]", "'ii', ti4_3x4[:, :3]",
        "'ii->', tf8_3x4[:, :3]", "'iij->ij', ti4_3x4[:, :3, None]", "'iji->j', ti4_3x4[:3, :3, None] * ti4_1x3",
        "'ii,i->i', ti4_3x4[:, :3], array([1, 2, 3])", "'iii->i', arange(27).reshape(3, 3, 3)", "'ii->i', ti4_3x4",
        "'aab,b->a', arange(12).reshape(2, 2, 3), array([1, 0, 2])", "'...ii->...i', arange(18).reshape(2, 3, 3)",
    ]:
        yield f"einsum({text})"
    rows = "array([[0.0, 1.0, 2.0, 5.0], [2.0, 1.0, 0.0, 1.0]])"
    for x in [rows, "array([1.0, 2.0, 4.0, 9.0])", "array([[1, 2], [3, 5], [6, 8]])"]:
        yield from [f"cov({x})", f"cov({x}, rowvar=False)", f"cov({x}, bias=True)", f"cov({x}, ddof=0)"]
    yield from [f"cov({rows}, [1.0, 3.0, 2.0, 2.0])", "cov(zeros((2, 2, 2)))"]


def lines():
    for name in NAMES:
        for a, b in PAIRS:
            yield f"{name}({a}, {b})", exact
    yield from [(text, exact) for text in sums()]
