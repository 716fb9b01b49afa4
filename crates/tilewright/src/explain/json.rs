//! How does an explanation look to programs?
//!
//! Numbers are numbers, in bytes, elements and seconds; absent sections are absent keys.

use super::{Explanation, Row, Section, Stage, Work};
use serde_json::{Map, Value, json};

/// The sections as one object.
pub(super) fn json(of: &Explanation, sections: &[Section]) -> Value {
    let mut out = Map::new();
    let rows = |rows: &[Row]| Value::Array(rows.iter().map(row).collect());
    for section in sections {
        match section {
            Section::Logical => {
                out.insert("logical".into(), rows(&of.logical));
                if !of.counts.is_empty() {
                    out.insert("counted_first".into(), json!(of.counts));
                }
            }
            Section::Optimized => {
                out.insert("optimized".into(), rows(&of.optimized));
                let rules = of.rules.iter().map(|rule| {
                    json!({
                        "name": rule.name, "class": rule.class, "group": rule.group,
                        "because": rule.because, "count": rule.count,
                    })
                });
                out.insert("rules".into(), rules.collect());
                let work = of
                    .work
                    .map(|(before, after)| json!({"before": before, "after": after}));
                out.insert("work".into(), json!(work));
            }
            Section::Physical => {
                out.insert("stages".into(), of.stages.iter().map(stage).collect());
                out.insert("totals".into(), totals(of));
            }
            Section::Kernels => {
                let kernels = of.stages.iter().map(|stage| stage.kernel.clone());
                out.insert("kernels".into(), kernels.collect());
            }
            Section::Clif => {
                let clif = of.stages.iter().map(|stage| stage.clif.clone());
                out.insert("clif".into(), clif.collect());
            }
        }
    }
    Value::Object(out)
}

fn row(row: &Row) -> Value {
    json!({
        "depth": super::graph::depth(row), "what": row.what, "dtype": row.dtype.name(),
        "shape": row.shape, "chunks": row.chunks, "bytes": row.bytes, "note": row.note,
    })
}

fn stage(stage: &Stage) -> Value {
    let inputs = stage.inputs.iter().map(|input| {
        json!({
            "name": input.name, "dtype": input.dtype.name(), "shape": input.shape,
            "stored": input.stored,
        })
    });
    let outputs = stage
        .outputs
        .iter()
        .map(|(dtype, shape)| json!({"dtype": dtype.name(), "shape": shape}));
    json!({
        "label": stage.label,
        "inputs": inputs.collect::<Vec<_>>(),
        "outputs": outputs.collect::<Vec<_>>(),
        "stores": stage.stores.iter().map(|stored| json!({
            "name": stored.name, "format": stored.format, "dtype": stored.dtype.name(),
            "shape": stored.shape, "chunk": stored.chunk, "chunks": stored.chunks,
        })).collect::<Vec<_>>(),
        "domain": stage.domain,
        "kept": stage.kept,
        "tile": stage.tile,
        "because": stage.because,
        "within": stage.within,
        "abreast": stage.abreast,
        "estimated": work(&stage.estimated),
        "projected_peak_bytes": stage.peak_bytes,
        "again": stage.again.iter().map(|again| json!({
            "array": again.name, "times": again.times, "enough": again.enough,
        })).collect::<Vec<_>>(),
        "runs": stage.runner.name(),
        "measured": stage.measured,
        "rates": stage.rates,
    })
}

fn work(work: &Work) -> Value {
    json!({
        "tasks": work.tasks, "task_bytes": work.task_bytes, "output_bytes": work.output_bytes,
        "elements": work.elements, "elements_generated": work.drawn,
        "chunks_read": work.chunks, "bytes_decoded": work.bytes_read,
        "bytes_loaded": work.bytes_loaded, "bytes_stored": work.bytes_stored,
    })
}

fn totals(of: &Explanation) -> Value {
    json!({
        "estimated": work(&of.totals.work),
        "cost_s": of.totals.cost_s,
        "projected_peak_bytes": of.totals.peak_bytes,
        "threads": of.totals.threads,
        "memory": of.totals.memory,
        "measured": of.measured,
    })
}
