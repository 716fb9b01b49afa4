//! Rows: what the optimizer makes. No one writes these.

use super::{Doc, Family, OpDef, StageKind};

/// An argument of a stage.
pub static INPUT: OpDef = OpDef {
    name: "input",
    family: Family::Stage(StageKind::Input),
    params: &[],
    options: &[],
    doc: Doc {
        formula: "argument k of the fused stage around it",
        edges: "",
        source: "docs/architecture.md",
    },
};

/// One pass over the inputs.
pub static FUSED: OpDef = OpDef {
    name: "fused",
    family: Family::Stage(StageKind::Fused),
    params: &["inputs"],
    options: &[],
    doc: Doc {
        formula: "its body over its inputs, in one pass",
        edges: "",
        source: "docs/architecture.md",
    },
};

/// An output of a stage.
pub static GET: OpDef = OpDef {
    name: "get",
    family: Family::Stage(StageKind::Get),
    params: &["stage"],
    options: &[],
    doc: Doc {
        formula: "one output of a stage that has several",
        edges: "",
        source: "docs/architecture.md",
    },
};
