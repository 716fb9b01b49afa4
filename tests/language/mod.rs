//! How does a test write expressions? In the command line's language.

use tilewright::{Array, Block};
use tilewright_cli::eval::{Value, evaluate};
use tilewright_cli::parse;

/// The arrays of a program's roots.
///
/// # Errors
/// The message a user would see.
pub fn arrays(text: &str) -> Result<Vec<Array>, String> {
    let program = parse::program(text).map_err(|error| parse::render(text, &error))?;
    let roots = evaluate(&program, Vec::new()).map_err(|error| error.render(text))?;
    let array = |value: Value| match value {
        Value::Array(array) => Ok(array),
        other => Err(format!("error: {} is not an array\n", other.kind())),
    };
    roots.into_iter().map(|root| array(root.node)).collect()
}

/// The array of a program with one root.
#[allow(dead_code, reason = "not every test file needs it")]
pub fn array(text: &str) -> Array {
    let mut all = arrays(text).unwrap_or_else(|error| panic!("{text}\n{error}"));
    assert_eq!(all.len(), 1, "{text}");
    all.remove(0)
}

/// The bits of an array, all NaNs the same.
#[allow(dead_code, reason = "not every test file needs it")]
pub fn bits(block: &Block) -> Vec<u64> {
    let one = |k| {
        let scalar = block.get(k).unwrap();
        let nan = scalar.dtype().is_float() && scalar.to_f64().is_nan();
        if nan { u64::MAX } else { scalar.bits() }
    };
    (0..block.len()).map(one).collect()
}
