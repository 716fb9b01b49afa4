//! Does anything that a stack of npy files says of itself crash its reader?
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| tilewright_fuzz::read_stack(bytes));
