//! Does any npy file crash its reader?
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| tilewright_fuzz::read_file(bytes, "npy"));
