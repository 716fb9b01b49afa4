//! What do commands that store have in common?
//!
//! Absent: what is stored.

use super::program;
use crate::args::To;
use crate::eval::{self, Value};
use crate::failure::Failure;
use crate::parse::{self, Spanned};
use tilewright::{CancelToken, Item, Store};

/// Where each array goes, in order; none where nothing is said.
pub(super) fn stores(
    to: &To,
    roots: &[Spanned<Value>],
    arrays: usize,
) -> Result<Vec<Store>, Failure> {
    let chunks = to.chunks.as_deref().map(read_chunks).transpose()?;
    let region = to.region.as_deref().map(read_region).transpose()?;
    if to.output.is_empty() {
        return Ok(Vec::new());
    }
    if to.output.len() != arrays {
        let plural = if arrays == 1 { "" } else { "s" };
        let message = format!("{} -o for {arrays} array{plural}", to.output.len());
        return Err(Failure::argument(
            message,
            "one -o for each array, in order",
        ));
    }
    let plain = |root: &&Spanned<Value>| !matches!(root.node, Value::Array(_));
    if let Some(root) = roots.iter().find(plain) {
        let error = program::no_array(&root.node);
        return Err(Failure::argument(
            error.message(),
            "no -o for a plain value",
        ));
    }
    let store = |uri: &String| {
        let mut store = Store::to(uri).overwrite(to.overwrite);
        if let Some(chunks) = &chunks {
            store = store.chunks(chunks.clone());
        }
        in_part(store, region.as_deref(), to.append)
    };
    Ok(to.output.iter().map(store).collect())
}

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
