//! Arrays print as NumPy prints them; `printing/make.py` wrote what is expected.

#![allow(clippy::unwrap_used, reason = "tests")]

use serde::Deserialize;
use std::sync::Arc;
use tilewright::{Block, Computed, DType};
use tilewright_cli::output::array;

#[derive(Deserialize)]
struct Case {
    dtype: String,
    shape: Vec<i64>,
    bytes: String,
    text: String,
}

#[test]
fn arrays_print_as_numpy_prints_them() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("printing/expected.json")).unwrap();
    assert!(cases.len() > 300);
    for case in &cases {
        let dtype = DType::parse(&case.dtype).unwrap();
        let mut block = Block::zeros(dtype, &case.shape).unwrap();
        for (k, byte) in block.data.as_bytes_mut().iter_mut().enumerate() {
            *byte = u8::from_str_radix(&case.bytes[2 * k..2 * k + 2], 16).unwrap();
        }
        let text = array::text(&Computed::from(Arc::new(block)));
        assert!(
            text == case.text,
            "{}{:?}\n{text}\n{}",
            case.dtype,
            case.shape,
            case.text
        );
    }
}
