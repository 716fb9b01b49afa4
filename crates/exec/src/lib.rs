//! Tilewright's scheduler: tasks under a memory promise
