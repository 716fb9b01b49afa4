//! What would a run do, and why?
//!
//! One struct holds every stage of the road; text, json and graphs are made from it and never the
//! other way round. It is the same in every process: no addresses, no times but measured ones.
//!
//! | file | question |
//! |---|---|
//! | `make` | what is known of the expressions, the rules and the plan? |
//! | `rates` | how fast was a stage, and what bounds it? |
//! | `text` | how does it read in 100 columns? |
//! | `json` | … for programs? |
//! | `graph` | which nodes and edges has it? |
//! | `dot` | … as a graph, for Graphviz? |
//! | `svg` | … as a picture? |
//! | `html` | … as a page? |

mod dot;
mod graph;
mod html;
mod json;
mod make;
mod rates;
mod svg;
mod text;

pub(crate) use make::build;

use crate::Stats;
use tilewright_core::{DType, Result, Shape};
use tilewright_exec::{Runner, StageStats};
use tilewright_opt::Nominal;

pub use rates::{Bound, Rates};
pub use tilewright_expr::print::Row;

/// A part of an explanation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// The expression as it was built.
    Logical,
    /// The expression as it is run, and the rules that fired.
    Optimized,
    /// Stages, their tiles and tasks; totals.
    Physical,
    /// The kernels in the kernel language.
    Kernels,
    /// The kernels as they are handed to Cranelift.
    Clif,
}

impl Section {
    /// Every section, in the order of the road.
    pub const ALL: [Section; 5] = [
        Section::Logical,
        Section::Optimized,
        Section::Physical,
        Section::Kernels,
        Section::Clif,
    ];

    /// What is shown where nothing is said: all but the kernels.
    pub const USUAL: [Section; 3] = [Section::Logical, Section::Optimized, Section::Physical];

    /// Its title.
    pub fn title(self) -> &'static str {
        match self {
            Section::Logical => "logical",
            Section::Optimized => "optimized",
            Section::Physical => "physical",
            Section::Kernels => "kernels",
            Section::Clif => "clif",
        }
    }
}

/// What a run would do.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The expression as it was built, one row per node.
    pub logical: Vec<Row>,
    /// The expression as it is run.
    pub optimized: Vec<Row>,
    /// The rules that fired; empty where nothing was optimized.
    pub rules: Vec<Rule>,
    /// Work before and after optimizing, in elements; `None` where nothing was optimized.
    pub work: Option<(f64, f64)>,
    /// What is counted in passes before, where data decide lengths: the rest is explained for the
    /// greatest.
    pub counts: Vec<String>,
    /// The stages of the plan, in order.
    pub stages: Vec<Stage>,
    /// Sums over all stages.
    pub totals: Totals,
    /// What the whole run did, if it was run.
    pub measured: Option<Stats>,
}

/// A rewrite rule that fired.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name.
    pub name: String,
    /// Its class of exactness: E, I, O, V, B or R.
    pub class: String,
    /// Its group.
    pub group: String,
    /// Why it is right.
    pub because: String,
    /// How many times it fired.
    pub count: u64,
}

/// A stage: one pass over its inputs.
#[derive(Clone, Debug)]
pub struct Stage {
    /// What it does.
    pub label: String,
    /// What it reads.
    pub inputs: Vec<Input>,
    /// What it makes.
    pub outputs: Vec<(DType, Shape)>,
    /// Where what it makes is stored.
    pub stores: Vec<Stored>,
    /// Lengths of its iteration axes, kept ones first.
    pub domain: Shape,
    /// How many of them are kept.
    pub kept: usize,
    /// The largest tile along each kept axis.
    pub tile: Shape,
    /// Why it is cut so.
    pub because: String,
    /// The stage within whose tasks it is computed, if it has none of its own; what it takes is
    /// counted there, too.
    pub within: Option<usize>,
    /// The earlier stage with whose tasks its own alternate, so that both read a chunk once; what it
    /// takes is counted there, too.
    pub abreast: Option<usize>,
    /// What is estimated.
    pub estimated: Work,
    /// Stored arrays whose chunks it reads more than once.
    pub again: Vec<Again>,
    /// What its time goes to by the table of costs.
    pub nominal: Nominal,
    /// What runs its kernel.
    pub runner: Runner,
    /// Most bytes at once, with the threads and the budget of the session.
    pub peak_bytes: u64,
    /// What was measured, if it was run.
    pub measured: Option<StageStats>,
    /// How fast it was, if it was run.
    pub rates: Option<Rates>,
    /// The kernel in the kernel language.
    pub kernel: String,
    /// The kernel as it is handed to Cranelift, or why it is interpreted.
    pub clif: String,
}

/// Where a result is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// A URI, or what else takes it.
    pub name: String,
    /// The format.
    pub format: &'static str,
    /// Element type.
    pub dtype: DType,
    /// Shape of what is stored: of the part, where it goes into an array that exists.
    pub shape: Shape,
    /// Lengths of the largest chunk.
    pub chunk: Shape,
    /// Chunks that are written.
    pub chunks: i64,
}

/// What a stage reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// A URI, `memory array`, `literal` or `stage 0`.
    pub name: String,
    /// Element type.
    pub dtype: DType,
    /// Shape of the whole.
    pub shape: Shape,
    /// Whether it is read from storage.
    pub stored: bool,
}

/// A stored array whose chunks a stage reads more than once: several tasks take of them, and memory
/// does not hold them until the last one has.
#[derive(Clone, Debug, PartialEq)]
pub struct Again {
    /// Its URI.
    pub name: String,
    /// How often a chunk is read, on average and at most.
    pub times: f64,
    /// The budget in bytes within which each is read once.
    pub enough: u64,
}

/// What a stage is estimated to take; stored chunks and bytes are upper bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Work {
    /// Tasks.
    pub tasks: i64,
    /// Bytes that one running task needs.
    pub task_bytes: u64,
    /// Bytes of outputs kept in memory.
    pub output_bytes: u64,
    /// Element steps.
    pub elements: f64,
    /// Random numbers drawn.
    pub drawn: f64,
    /// Stored chunks read.
    pub chunks: f64,
    /// Bytes decoded.
    pub bytes_read: f64,
    /// Bytes loaded from arrays in memory, each element of an operand once.
    pub bytes_loaded: f64,
    /// Bytes of outputs.
    pub bytes_stored: f64,
}

/// Sums over all stages.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Totals {
    /// Sums of the stages' estimates; `task_bytes` is the largest.
    pub work: Work,
    /// Estimated time in seconds for one thread, from the optimizer's fixed table.
    pub cost_s: Option<f64>,
    /// Most bytes at once.
    pub peak_bytes: u64,
    /// Tasks that run at once at most.
    pub threads: usize,
    /// Bytes that the run may hold, if the session was told: the default differs between moments.
    pub memory: Option<u64>,
}

impl Explanation {
    /// As text of at most 100 columns (kernels may be wider).
    pub fn text(&self, sections: &[Section]) -> String {
        text::text(self, sections)
    }

    /// As one JSON value.
    pub fn json(&self, sections: &[Section]) -> serde_json::Value {
        json::json(self, sections)
    }

    /// As a graph in Graphviz's language; kernels have none.
    pub fn dot(&self, sections: &[Section]) -> String {
        dot::dot(self, sections)
    }

    /// As a picture of that graph, in SVG.
    ///
    /// # Errors
    /// [`Kind::Internal`](tilewright_core::Kind::Internal) if the graph is not laid out.
    pub fn svg(&self, sections: &[Section]) -> Result<String> {
        svg::svg(self, sections)
    }

    /// As one page of HTML that loads nothing: the pictures, and the text.
    ///
    /// # Errors
    /// As [`Explanation::svg`].
    pub fn html(&self, sections: &[Section]) -> Result<String> {
        html::html(self, sections)
    }

    /// Stored arrays that more than one stage reads, with these stages: what a result needs whole
    /// before its second pass, and memory does not keep.
    pub fn read_again(&self) -> Vec<(&str, Vec<usize>)> {
        let mut readers: Vec<(&str, Vec<usize>)> = Vec::new();
        for (k, stage) in self.stages.iter().enumerate() {
            let reader = stage.within.unwrap_or(k);
            let reader = self.stages[reader].abreast.unwrap_or(reader);
            for input in stage.inputs.iter().filter(|input| input.stored) {
                match readers.iter_mut().find(|(name, _)| *name == input.name) {
                    Some((_, stages)) if stages.contains(&reader) => {}
                    Some((_, stages)) => stages.push(reader),
                    None => readers.push((&input.name, vec![reader])),
                }
            }
        }
        readers.retain(|(_, stages)| stages.len() > 1);
        readers
    }

    /// Sets what was measured beside what was estimated.
    pub(crate) fn measure(&mut self, stages: &[StageStats], run: &Stats) {
        let ran = self.stages.iter_mut().zip(stages);
        for (stage, measured) in ran.filter(|(stage, _)| stage.has_turn()) {
            stage.measured = Some(*measured);
            stage.rates = Some(rates::rates(stage, measured));
        }
        self.measured = Some(*run);
    }
}

impl Stage {
    /// Whether what it takes is told here, and not with another stage.
    fn has_turn(&self) -> bool {
        self.within.is_none() && self.abreast.is_none()
    }
}

impl std::fmt::Display for Explanation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text(&Section::USUAL))
    }
}
