//! NumPy-style expressions over chunked, larger-than-memory arrays, optimized and compiled
