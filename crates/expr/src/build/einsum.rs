//! What do the subscripts of `einsum` say?

use super::diagonal;
use super::products::{Label, Labelled, contract};
use crate::node::Expr;
use tilewright_core::{Error, Kind, Result};

/// Einstein's summation, as `subscripts` say: letters for axes, `...` for those that broadcast,
/// `->` before the result's, which are the letters that occur once in their order without it.
///
/// # Errors
/// [`Kind::Value`] for subscripts that cannot be read or do not fit, [`Kind::Shape`] for lengths
/// that disagree. A letter twice in one array stands for its diagonal.
pub fn einsum(subscripts: &str, operands: &[Expr]) -> Result<Expr> {
    let refuse = |message: String| {
        Error::new(Kind::Value, format!("einsum: {message}")).way_out("for example \"ij,jk->ik\"")
    };
    let text: String = subscripts.chars().filter(|c| !c.is_whitespace()).collect();
    let (inputs, output) = match text.split_once("->") {
        Some((inputs, output)) => (inputs.to_owned(), Some(output.to_owned())),
        None => (text.clone(), None),
    };
    let parts: Vec<&str> = inputs.split(',').collect();
    if parts.len() != operands.len() {
        let (n, m) = (parts.len(), operands.len());
        return Err(refuse(format!("subscripts of {n} arrays for {m}")));
    }
    let most = operands.iter().map(|x| x.shape().len()).max().unwrap_or(0);
    // Axes behind `...` are numbered from the last one on, above all letters.
    let broad =
        |count: usize| -> Vec<Label> { (0..count).rev().map(|k| 1000 + k as Label).collect() };
    let read = |part: &str, ndim: Option<usize>| -> Result<Vec<Label>> {
        let mut labels = Vec::new();
        let dots = part.find("...");
        let letters = part.replacen("...", "", 1);
        if letters.contains('.') || !letters.chars().all(|c| c.is_ascii_alphabetic()) {
            return Err(refuse(format!("{part:?} is no list of letters")));
        }
        let hidden = match (ndim, dots) {
            (Some(ndim), _) if letters.len() > ndim => {
                return Err(refuse(format!("{part:?} for an array of {ndim} axes")));
            }
            (Some(ndim), None) if letters.len() != ndim => {
                return Err(refuse(format!("{part:?} for an array of {ndim} axes")));
            }
            (Some(ndim), Some(_)) => ndim - letters.len(),
            _ => 0,
        };
        for (k, letter) in letters.chars().enumerate() {
            if dots == Some(k) {
                labels.extend(broad(hidden));
            }
            labels.push(letter as Label);
        }
        if dots == Some(letters.len()) {
            labels.extend(broad(hidden));
        }
        Ok(labels)
    };
    let mut named = Vec::new();
    for (part, x) in parts.iter().zip(operands) {
        named.push(read(part, Some(x.shape().len()))?);
    }
    let all: Vec<Label> = named.iter().flatten().copied().collect();
    let deepest = (0..=most)
        .rev()
        .find(|&n| broad(n).iter().all(|l| all.contains(l)));
    let shared = broad(deepest.unwrap_or(0));
    let output: Vec<Label> = match &output {
        Some(output) => {
            let dots = output.find("...");
            let mut labels = read(&output.replacen("...", "", 1), None)?;
            match dots {
                Some(at) => {
                    labels.splice(at..at, shared);
                }
                None if !shared.is_empty() => {
                    return Err(refuse(
                        "the result does not name the axes behind ...".into(),
                    ));
                }
                None => {}
            }
            labels
        }
        None => {
            let once = |l: &&Label| **l < 1000 && all.iter().filter(|k| *k == *l).count() == 1;
            let mut letters: Vec<Label> = all.iter().filter(once).copied().collect();
            letters.sort_unstable();
            shared.into_iter().chain(letters).collect()
        }
    };
    if let Some(label) = output.iter().find(|l| !all.contains(l)) {
        let letter = char::from_u32(*label).unwrap_or('?');
        return Err(refuse(format!(
            "the result names {letter:?}, which no array does"
        )));
    }
    if (1..output.len()).any(|k| output[..k].contains(&output[k])) {
        return Err(refuse("the result names a letter twice".into()));
    }
    let operands = operands.iter().zip(&mut named);
    let operands: Vec<Expr> = operands
        .map(|(x, labels)| diagonals(x, labels))
        .collect::<Result<_>>()?;
    let labelled: Vec<Labelled<'_>> = operands.iter().zip(named).collect();
    contract("einsum", &labelled, &output)
}

/// An array's diagonal along the axes of each letter that it has twice; its labels follow.
fn diagonals(x: &Expr, labels: &mut Vec<Label>) -> Result<Expr> {
    let mut x = x.clone();
    let twice = |labels: &[Label]| {
        let pairs = (0..labels.len()).flat_map(|k| (0..k).map(move |j| (j, k)));
        pairs.into_iter().find(|&(j, k)| labels[j] == labels[k])
    };
    while let Some((j, k)) = twice(labels) {
        let (rows, columns) = (x.shape()[j], x.shape()[k]);
        if rows != columns {
            let letter = char::from_u32(labels[k]).unwrap_or('?');
            let message =
                format!("einsum: axes {j} and {k} of {letter:?} have lengths {rows} and {columns}");
            return Err(
                Error::new(Kind::Shape, message).way_out("axes of one length, or another letter")
            );
        }
        x = diagonal(&x, 0, j as i64, k as i64)?;
        let label = labels.remove(k);
        labels.remove(j);
        labels.push(label);
    }
    Ok(x)
}
