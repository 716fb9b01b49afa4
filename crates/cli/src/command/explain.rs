//! `tilewright explain`: shows what computing an expression would do.

use super::store::stores;
use super::{print, program, session};
use crate::args::{self, Explain};
use crate::failure::Failure;
use tilewright::Section;

pub(super) fn explain(args: &Explain) -> Result<(), Failure> {
    let roots = program::evaluate(&args.input)?;
    let arrays = program::arrays(&roots);
    if arrays.is_empty() {
        let message = match roots.first() {
            Some(root) => program::no_array(&root.node).message().to_owned(),
            None => "there is nothing to explain".to_owned(),
        };
        return Err(Failure::argument(message, "an expression over arrays"));
    }
    let mut job = session(&args.how)?.job(&arrays);
    for (k, store) in stores(&args.to, &roots, arrays.len())?
        .into_iter()
        .enumerate()
    {
        job = job.store(k, store);
    }
    let explanation = if args.analyze {
        job.analyze().map(|(explanation, _)| explanation)
    } else {
        job.explain()
    };
    let explanation = explanation.map_err(|error| Failure::computing(&error))?;
    let one;
    let sections: &[Section] = match args.stage {
        None => &Section::USUAL,
        Some(args::Stage::All) => &Section::ALL,
        Some(stage) => {
            one = [match stage {
                args::Stage::Logical => Section::Logical,
                args::Stage::Optimized => Section::Optimized,
                args::Stage::Physical | args::Stage::All => Section::Physical,
                args::Stage::Kernels => Section::Kernels,
                args::Stage::Clif => Section::Clif,
            }];
            &one
        }
    };
    let shown = match args.format {
        args::Format::Text => Ok(explanation.text(sections)),
        args::Format::Json => Ok(format!("{:#}\n", explanation.json(sections))),
        args::Format::Dot => Ok(explanation.dot(sections)),
        args::Format::Svg => explanation.svg(sections),
        args::Format::Html => explanation.html(sections),
    };
    print(&shown.map_err(|error| Failure::computing(&error))?)
}
