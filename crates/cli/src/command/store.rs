//! What do commands that store have in common?
//!
//! Absent: what is stored.

use crate::eval::{self, Value};
use crate::failure::Failure;
use crate::parse::{self, Spanned};
use tilewright::{CancelToken, Item, Store};

/// `--chunks`, in the language of expressions: `1000`, `1000, -1`, `auto`.
pub(super) fn read_chunks(text: &str) -> Result<tilewright::Chunks, Failure> {
    if text == "auto" {
        return Ok(tilewright::Chunks::Auto);
    }
    let refuse = || {
        Failure::argument(
            format!("--chunks {text:?} are no chunks"),
            "1000, \"(1000, -1)\", -1 for a whole axis, or auto",
        )
    };
    let program = parse::program(text).map_err(|_| refuse())?;
    let roots = eval::evaluate(&program, Vec::new()).map_err(|_| refuse())?;
    // `1000, -1` are two roots.
    let value = match &roots[..] {
        [only] => only.clone(),
        several => Spanned::new(
            Value::Tuple(several.iter().map(|root| root.node.clone()).collect()),
            parse::Span::default(),
        ),
    };
    eval::chunks(&value).map_err(|_| refuse())
}

/// `--region`, as it would stand between brackets: `0:10, :`.
pub(super) fn read_region(text: &str) -> Result<Vec<Item>, Failure> {
    eval::items(text).ok_or_else(|| {
        let message = format!("--region {text:?} is no subscript");
        Failure::argument(message, "slices, such as \"10:20, :\"")
    })
}

/// The store into the part of an array that is asked for, if one is.
pub(super) fn in_part(mut store: Store, region: Option<&[Item]>, append: Option<i64>) -> Store {
    if let Some(region) = region {
        store = store.region(region);
    }
    if let Some(axis) = append {
        store = store.append(axis);
    }
    store
}

/// A token that Ctrl-C cancels; a second Ctrl-C ends the process at once.
pub(super) fn cancel_on_interrupt() -> Result<CancelToken, Failure> {
    let token = CancelToken::default();
    let handler = token.clone();
    let set = ctrlc::set_handler(move || {
        if handler.is_cancelled() {
            std::process::exit(130);
        }
        handler.cancel();
    });
    set.map_err(|error| Failure {
        text: format!("error: Ctrl-C cannot be caught: {error}\n"),
        status: 1,
    })?;
    Ok(token)
}
