//! Shared helpers of the workspace benches.
