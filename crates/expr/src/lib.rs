//! Tilewright's operators, lazy expressions and their reference meaning
