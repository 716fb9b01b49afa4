//! How does an explanation read in 100 columns?

use super::{Explanation, Row, Rule, Section, Stage, Totals, Work};
use std::fmt::Write;
use tilewright_core::DType;
use tilewright_core::error::show_shape;
use tilewright_exec::Runner;
use tilewright_expr::print::table;
use tilewright_expr::print::table::bytes;
use tilewright_plan::build::budget_of;

/// Columns of a line at most.
const WIDTH: usize = 100;

/// Column at which the remark behind a title starts.
const REMARK: usize = 63;

/// Inputs of a stage that are named.
const INPUTS: usize = 8;

// Writing to a String cannot fail, so results of `write!` are dropped.

/// The sections as text.
pub(super) fn text(of: &Explanation, sections: &[Section]) -> String {
    let mut out = String::new();
    for (k, section) in sections.iter().enumerate() {
        if k > 0 {
            out.push('\n');
        }
        match section {
            Section::Logical => {
                title(&mut out, *section, "");
                out.push_str(&table(&of.logical));
                counts(&mut out, &of.counts);
            }
            Section::Optimized => {
                let work = of.work.map(|(before, after)| {
                    format!("work {} -> {} elements", count(before), count(after))
                });
                title(
                    &mut out,
                    *section,
                    work.as_deref().unwrap_or("not optimized"),
                );
                out.push_str(&table(&of.optimized));
                rules(&mut out, &of.rules);
            }
            Section::Physical => {
                title(&mut out, *section, "");
                of.stages
                    .iter()
                    .enumerate()
                    .for_each(|(k, s)| stage(&mut out, k, s));
                totals(&mut out, of);
            }
            Section::Kernels => kernels(&mut out, *section, of, |stage| &stage.kernel),
            Section::Clif => kernels(&mut out, *section, of, |stage| &stage.clif),
        }
    }
    out
}

/// All that is told of a stage.
pub(super) fn of_stage(k: usize, of: &Stage) -> String {
    let mut out = String::new();
    stage(&mut out, k, of);
    out
}

/// `24 chunks, 8.0 MB`; nothing for a row that refers to another.
pub(super) fn amount(row: &Row) -> String {
    match row.chunks {
        0 => String::new(),
        1 => format!("1 chunk, {}", size(row.bytes.unsigned_abs())),
        chunks => format!(
            "{} chunks, {}",
            integer(chunks),
            size(row.bytes.unsigned_abs())
        ),
    }
}

fn title(out: &mut String, section: Section, remark: &str) {
    let title = format!("== {} ==", section.title());
    let line = format!("{title:<REMARK$}{remark}");
    let _ = writeln!(out, "{}", line.trim_end());
}

/// What is counted before: shapes above are the greatest that there may be.
fn counts(out: &mut String, counts: &[String]) {
    if counts.is_empty() {
        return;
    }
    out.push_str("counted first: lengths are at most those shown\n");
    for count in counts {
        let line: String = format!("  {count}").chars().take(WIDTH).collect();
        let _ = writeln!(out, "{line}");
    }
}

fn rules(out: &mut String, rules: &[Rule]) {
    if rules.is_empty() {
        return;
    }
    out.push_str("rules\n");
    let names: Vec<String> = rules
        .iter()
        .map(|rule| match rule.count {
            0 | 1 => rule.name.clone(),
            times => format!("{} ×{times}", rule.name),
        })
        .collect();
    let width = names
        .iter()
        .map(|name| name.chars().count())
        .max()
        .unwrap_or(0);
    for (name, rule) in names.iter().zip(rules) {
        let lead = format!("  {name:<width$}  {:<1}  ", rule.class);
        paragraph(out, &lead, &rule.because);
    }
}

fn stage(out: &mut String, k: usize, stage: &Stage) {
    let lead = format!("stage {k}  ");
    let outputs: Vec<String> = stage.outputs.iter().map(|(d, s)| array(*d, s)).collect();
    paragraph(
        out,
        &lead,
        &format!("{} -> {}", stage.label, outputs.join(", ")),
    );
    if !stage.inputs.is_empty() {
        let mut names: Vec<String> = stage
            .inputs
            .iter()
            .take(INPUTS)
            .map(|input| format!("{} {}", input.name, array(input.dtype, &input.shape)))
            .collect();
        if stage.inputs.len() > INPUTS {
            names.push(format!("… {} in all", stage.inputs.len()));
        }
        paragraph(out, "  reads  ", &names.join(", "));
    }
    let tile = match stage.tile.is_empty() {
        true => "one result".to_owned(),
        false => show_shape(&stage.tile),
    };
    paragraph(out, "  tile   ", &format!("{tile}: {}", stage.because));
    let work = &stage.estimated;
    let mut parts = vec![match (stage.within, stage.abreast) {
        (Some(reader), _) => format!("in the tasks of stage {reader}"),
        (None, Some(first)) => format!("{} in turn with stage {first}'s", tasks(work.tasks)),
        (None, None) => format!(
            "{}, {} each at most",
            tasks(work.tasks),
            size(work.task_bytes)
        ),
    }];
    parts.extend(amounts(work));
    if stage.runner == Runner::Interpreter {
        parts.push(stage.runner.name().to_owned());
    }
    paragraph(out, "  work   ", &parts.join("; "));
    for stored in &stage.stores {
        let plural = if stored.chunks == 1 { "" } else { "s" };
        let text = format!(
            "{}: {}, {} in {} chunk{plural} of {}",
            stored.name,
            stored.format,
            array(stored.dtype, &stored.shape),
            integer(stored.chunks),
            show_shape(&stored.chunk)
        );
        paragraph(out, "  into   ", &text);
    }
    for again in &stage.again {
        let text = format!(
            "{}: chunks are read {} times each; once with --memory {}",
            again.name,
            times(again.times),
            budget_of(again.enough)
        );
        paragraph(out, "  again  ", &text);
    }
    if let Some(measured) = &stage.measured {
        let done = Done {
            tasks: measured.tasks,
            elements: measured.elements_computed,
            drawn: measured.elements_generated,
            chunks: measured.chunks_read,
            read: measured.bytes_decoded,
            peak: measured.peak_bytes,
            time: measured.wall_s,
        };
        comparison(out, work, stage.peak_bytes, String::new(), &done);
        let kernels = format!("{}, all threads together", seconds(measured.kernel_s));
        line(out, "kernels", "", &kernels);
    }
    if let Some(rates) = &stage.rates {
        let bytes = size(rates.bytes_per_s as u64);
        let rate = format!("{bytes}/s; {} elements/s", count(rates.elements_per_s));
        line(out, "rate", "", &rate);
        let share = format!(
            "{:.0} % of the time by the table of costs",
            rates.share * 100.0
        );
        line(out, "bound", rates.bound.name(), &share);
    }
}

fn totals(out: &mut String, of: &Explanation) {
    let Totals {
        work,
        cost_s,
        peak_bytes,
        threads,
        memory,
    } = &of.totals;
    out.push_str("totals\n");
    if let Some(run) = &of.measured {
        let cost = cost_s.map_or(String::new(), |cost| {
            format!("{} on one thread", seconds(cost))
        });
        let done = Done {
            tasks: run.tasks,
            elements: run.elements_computed,
            drawn: run.elements_generated,
            chunks: run.chunks_read,
            read: run.bytes_decoded,
            peak: run.peak_bytes,
            time: run.wall_s,
        };
        comparison(out, work, *peak_bytes, cost, &done);
        return;
    }
    let mut parts = vec![tasks(work.tasks)];
    parts.extend(amounts(work));
    paragraph(out, "  work   ", &parts.join("; "));
    for (name, stages) in of.read_again() {
        let stages: Vec<String> = stages.iter().map(usize::to_string).collect();
        let text = format!("{name} is read by stages {}", stages.join(", "));
        paragraph(out, "  again  ", &text);
    }
    let plural = if *threads == 1 { "" } else { "s" };
    let budget = memory.map_or(String::new(), |memory| {
        format!(", of a budget of {}", size(memory))
    });
    let peak = format!(
        "≤ {} with {threads} thread{plural}{budget}",
        size(*peak_bytes)
    );
    paragraph(out, "  peak   ", &peak);
}

/// How often, to the tenth.
fn times(times: f64) -> String {
    format!("{times:.1}").trim_end_matches(".0").to_owned()
}

/// What was measured, of a stage or of all.
struct Done {
    tasks: u64,
    elements: u64,
    drawn: u64,
    chunks: u64,
    read: u64,
    peak: u64,
    time: f64,
}

/// Estimates beside measurements.
fn comparison(out: &mut String, work: &Work, peak: u64, cost: String, done: &Done) {
    let rows = [
        ("", "estimated".to_owned(), "measured".to_owned()),
        ("tasks", integer(work.tasks), done.tasks.to_string()),
        (
            "elements",
            count(work.elements),
            count(done.elements as f64),
        ),
        ("drawn", count(work.drawn), count(done.drawn as f64)),
        ("chunks", at_most(work.chunks), done.chunks.to_string()),
        (
            "read",
            format!("≤ {}", size(work.bytes_read as u64)),
            size(done.read),
        ),
        ("peak", format!("≤ {}", size(peak)), size(done.peak)),
        ("time", cost, seconds(done.time)),
    ];
    for (label, estimated, measured) in rows {
        line(out, label, &estimated, &measured);
    }
}

/// One line of a comparison.
fn line(out: &mut String, label: &str, estimated: &str, measured: &str) {
    let line = format!("  {label:<9}{estimated:<22}{measured}");
    let _ = writeln!(out, "{}", line.trim_end());
}

fn kernels(
    out: &mut String,
    section: Section,
    of: &Explanation,
    kernel: impl Fn(&Stage) -> &String,
) {
    title(out, section, "");
    for (k, stage) in of.stages.iter().enumerate() {
        paragraph(out, &format!("stage {k}  "), &stage.label);
        for line in kernel(stage).lines() {
            let _ = writeln!(out, "{}", format!("  {line}").trim_end());
        }
    }
}

/// What there is to do, without what there is nothing of.
fn amounts(work: &Work) -> Vec<String> {
    let mut parts = vec![format!("{} elements", count(work.elements))];
    if work.drawn > 0.0 {
        parts.push(format!("{} numbers drawn", count(work.drawn)));
    }
    if work.chunks > 0.0 {
        let read = size(work.bytes_read as u64);
        parts.push(format!(
            "{} stored chunks read, ≤ {read}",
            at_most(work.chunks)
        ));
    }
    parts
}

pub(super) fn tasks(tasks: i64) -> String {
    format!(
        "{} task{}",
        integer(tasks),
        if tasks == 1 { "" } else { "s" }
    )
}

fn at_most(number: f64) -> String {
    format!("≤ {}", integer(number as i64))
}

/// A count in full while it is short.
fn integer(number: i64) -> String {
    if number < 1_000_000 {
        number.to_string()
    } else {
        format!("{:.1e}", number as f64)
    }
}

/// A number of elements: `800`, `1.0e6`.
fn count(number: f64) -> String {
    if number < 10_000.0 {
        format!("{number:.0}")
    } else {
        format!("{number:.1e}")
    }
}

fn seconds(time: f64) -> String {
    match time {
        t if t < 1e-3 => format!("{:.0} µs", t * 1e6),
        t if t < 1.0 => format!("{:.1} ms", t * 1e3),
        t => format!("{t:.2} s"),
    }
}

fn size(count: u64) -> String {
    bytes(i64::try_from(count).unwrap_or(i64::MAX))
}

fn array(dtype: DType, shape: &[i64]) -> String {
    format!("{dtype}{}", show_shape(shape))
}

/// Text behind a lead, wrapped to the width, further lines below its start.
fn paragraph(out: &mut String, lead: &str, text: &str) {
    let indent = lead.chars().count();
    let room = WIDTH.saturating_sub(indent).max(20);
    let mut line = String::new();
    let mut lead = lead.to_owned();
    for word in text.split_whitespace() {
        let length = line.chars().count();
        if length > 0 && length + 1 + word.chars().count() > room {
            let _ = writeln!(out, "{lead}{line}");
            lead = " ".repeat(indent);
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    let _ = writeln!(out, "{}", format!("{lead}{line}").trim_end());
}
