"""Tables of operators with their arguments, one module an area.

Each has `lines()`: pairs of an expression and how its expected value is made.
"""
