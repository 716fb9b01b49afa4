//! `tilewright ops`: the operator manual.

use super::print;
use crate::eval;
use crate::failure::Failure;
use crate::parse::nearest;
use tilewright::ops;

pub(super) fn ops(name: Option<&str>) -> Result<(), Failure> {
    let Some(name) = name else {
        return print(&format!("{}\n{}", ops::index(), eval::listed()));
    };
    // A function of the command line goes before the row it is made from.
    if let Some(page) = eval::page(name).or_else(|| ops::page(name)) {
        return print(&page);
    }
    let known: Vec<String> = ops::names()
        .map(str::to_owned)
        .chain(eval::names())
        .collect();
    let near = nearest(name, known.iter().map(String::as_str));
    let way_out = near.map_or("tilewright ops".to_owned(), |near| {
        format!("tilewright ops {near}")
    });
    Err(Failure::argument(
        format!("there is no operator {name:?}"),
        way_out,
    ))
}
