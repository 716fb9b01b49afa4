//! Tilewright's planner: tiles, tasks, kernels and projected memory as data
