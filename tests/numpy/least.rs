//! Does an expression give the same in the least memory that its plans take?

use super::judge::{bits, built, flatten};
use tilewright::{Array, Kind, Session};
use tilewright_cli::eval::Value;

/// What is wrong with an expression in the least memory: other elements than in plenty of it, or more
/// bytes than were projected.
///
/// # Errors
/// The first difference.
pub fn check(text: &str, inputs: Vec<(String, Array)>) -> Result<(), String> {
    let inputs = inputs.into_iter();
    let inputs = inputs.map(|(name, array)| (name, Value::Array(array)));
    let mut values = Vec::new();
    for value in built(text, inputs.collect())? {
        flatten(value, &mut values);
    }
    let Some((want, projected)) = run(&values, 4 << 30)? else {
        return Err("no plan in plenty of memory".into());
    };
    let (mut refused, mut accepted) = (0, projected.max(1));
    while accepted - refused > 1 {
        let middle = refused + (accepted - refused) / 2;
        match run(&values, middle)? {
            Some((got, _)) if got != want => {
                return Err(format!("other elements in {middle} bytes"));
            }
            Some(_) => accepted = middle,
            None => refused = middle,
        }
    }
    Ok(())
}

/// The bits of all elements and the projected peak of a run in so much memory; `None` where it does
/// not suffice.
fn run(values: &[Value], memory: u64) -> Result<Option<(Vec<u64>, u64)>, String> {
    let session = Session::builder().threads(1).memory(memory).build();
    let arrays = values.iter().filter_map(|value| match value {
        Value::Array(array) => Some(array),
        _ => None,
    });
    let finished = match session.unwrap().job(arrays).run() {
        Ok(finished) => finished,
        Err(error) if error.kind() == Kind::Budget => return Ok(None),
        Err(error) => return Err(format!("in {memory} bytes: {error}")),
    };
    let (peak, projected) = (
        finished.stats.peak_bytes,
        finished.stats.projected_peak_bytes,
    );
    if peak > projected || projected > memory {
        return Err(format!("{peak} bytes of {projected} projected in {memory}"));
    }
    let blocks = finished
        .results
        .iter()
        .flatten()
        .map(|result| result.block());
    let elements = blocks.flat_map(|block| {
        let count = block.shape.iter().product::<i64>() as usize;
        (0..count).map(|k| bits(block.get(k).unwrap()))
    });
    Ok(Some((elements.collect(), projected)))
}
