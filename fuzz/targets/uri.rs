//! Does anything that a URI says of a file crash its reader?
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &str| tilewright_fuzz::read_told(query));
