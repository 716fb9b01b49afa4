//! Tilewright's optimizer: an e-graph finds the cheapest equal expression
