//! The road from stage expressions to a plan.
//!
//! | file | question |
//! |---|---|
//! | `blocks` | which blocks does a stage of a function of blocks take? |
//! | `functions` | which rows does a stage of functions of rows take? |
//! | `inputs` | which arrays does a stage's body name? |
//! | `iterations` | over which box does a stage iterate? |
//! | `stage` | how does one fused node become a stage? |
//! | `matrices` | which reductions are products of matrices? |
//! | `lanes` | along which axis do a kernel's lanes run? |
//! | `work` | what does a stage cost, in closed form from shapes? |
//! | `within` | which stages are computed within the tasks of another? |

mod blocks;
mod functions;
mod inputs;
mod iterations;
mod lanes;
mod matrices;
mod stage;
mod within;
pub(crate) mod work;

use crate::plan::{Plan, Source, Stage, StageOutput, VERSION};
use crate::tile::TARGET;
use crate::{abreast, budget, memory, reads};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tilewright_core::{Error, Grid, Kind, Result};
use tilewright_expr::attr::{Attr, MemoryArray, UserSource};
use tilewright_expr::blocks::BlockFunction;
use tilewright_expr::op::{Family, StageKind};
use tilewright_expr::{Expr, walk};
use within::Several;

/// What planning may use.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Bytes that a run may hold; unlimited without.
    pub memory: Option<u64>,
    /// For each root that goes to a store, how it is written there.
    pub stores: Vec<Option<SinkShape>>,
}

/// How a root is stored.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SinkShape {
    /// The chunks that are written.
    pub grid: Grid,
    /// Upper bound of the bytes that encoding one of them takes beside it.
    pub encode_bytes: u64,
}

/// What a plan names of this process.
#[derive(Clone, Debug, Default)]
pub struct Handles {
    /// The arrays behind [`crate::plan::Place::Memory`].
    pub arrays: Vec<MemoryArray>,
    /// The user's sources behind [`crate::plan::Place::Stored`].
    pub sources: Vec<UserSource>,
    /// The functions that [`crate::plan::Blocks::function`] numbers.
    pub functions: Vec<BlockFunction>,
}

/// A plan, and what it names of this process.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The plan.
    pub plan: Arc<Plan>,
    /// What it names of this process.
    pub handles: Handles,
}

impl Planned {
    /// The plan of a template, bound to the things of one run: those whose places it names.
    #[must_use]
    pub fn bind(&self, things: &Handles) -> Planned {
        let own = &self.handles;
        let arrays = own.arrays.iter().map(|array| array.bind(&things.arrays));
        let sources = own
            .sources
            .iter()
            .map(|source| source.bind(&things.sources));
        let functions = own.functions.iter();
        let functions = functions.map(|function| function.bind(&things.functions));
        Planned {
            plan: self.plan.clone(),
            handles: Handles {
                arrays: arrays.collect(),
                sources: sources.collect(),
                functions: functions.collect(),
            },
        }
    }
}

/// Iterations per task that are tried before a plan is refused.
const TARGETS: [i64; 3] = [TARGET, TARGET >> 4, TARGET >> 8];

/// How many wider tasks must fit at once, whatever runs them.
const WIDE: u64 = 2;
/// How much wider the next ones are that are tried, and how many times.
const WIDER: i64 = 2;
const WIDENINGS: usize = 16;

/// Plans stage expressions: `fused` and `get` nodes, as the optimizer gives them.
///
/// # Errors
/// [`Kind::Budget`] if no tiling fits the memory, naming the stage, its need and a way out;
/// [`Kind::Internal`] if the expressions are not stages.
pub fn plan(roots: &[Expr], options: &Options) -> Result<Planned> {
    let sinks: Vec<bool> = (0..roots.len())
        .map(|k| options.stores.get(k).is_some_and(Option::is_some))
        .collect();
    let mut refusal = None;
    let many = TARGETS.map(|target| (target, Several::Many));
    for (target, several) in [(TARGET, Several::Few)].into_iter().chain(many) {
        let targets = Targets::of(target, several);
        let planned = attempt(roots, options, &targets)?;
        planned.plan.check()?;
        let Some(budget) = options.memory else {
            return Ok(planned);
        };
        let bytes = memory::stages(&planned.plan, &sinks);
        if bytes.iter().all(|b| budget::slots(b, 1, budget) > 0) {
            // Results in memory follow the chunks that are read.
            let mut planned = match sinks.contains(&true) {
                false => planned,
                true => widened(roots, options, targets, planned, budget)?,
            };
            abreast::choose(Arc::make_mut(&mut planned.plan), &sinks, WIDE, budget);
            planned.plan.check()?;
            return Ok(planned);
        }
        let needs = bytes.iter().map(memory::StageBytes::need).enumerate();
        let most = needs.max_by_key(|&(stage, need)| (need, usize::MAX - stage));
        if let Some((stage, need)) = most
            && refusal.as_ref().is_none_or(|(least, _)| need < *least)
        {
            refusal = Some((need, refuse(&planned.plan, stage, &bytes[stage], budget)));
        }
    }
    let refusal = refusal.map(|(_, error)| error);
    Err(refusal.unwrap_or_else(|| Error::new(Kind::Budget, "no plan fits the budget")))
}

/// The plan with wider tasks where stored chunks would be read again and again: as wide as a few of
/// them fit the memory, and as far as that saves reads.
fn widened(
    roots: &[Expr],
    options: &Options,
    mut targets: Targets,
    planned: Planned,
    budget: u64,
) -> Result<Planned> {
    let sinks: Vec<bool> = options.stores.iter().map(Option::is_some).collect();
    let mut best = (planned, f64::INFINITY);
    let mut tried = best.0.clone();
    for _ in 0..=WIDENINGS {
        let bytes = memory::stages(&tried.plan, &sinks);
        let again = |k: usize| reads::again(&tried.plan, k, &bytes[k], WIDE, budget);
        let again: Vec<Vec<reads::Again>> = (0..bytes.len()).map(again).collect();
        let sources = || again.iter().flatten();
        let read: f64 = sources().map(|s| s.times * s.bytes as f64).sum();
        let fits = |b: &memory::StageBytes| budget::slots(b, WIDE, budget) == WIDE;
        let wide = (targets.stages.keys()).all(|&k| bytes.get(k).is_some_and(fits));
        if !wide && !targets.stages.is_empty() {
            return Ok(best.0);
        }
        if read < best.1 {
            best = (tried, read);
        }
        let aligned = |k: usize| best.0.plan.stages[k].store_bytes > 0;
        let more: Vec<usize> = (0..again.len())
            .filter(|&k| !again[k].is_empty() && aligned(k))
            .collect();
        if more.is_empty() {
            return Ok(best.0);
        }
        for k in more {
            let wider = targets.stages.entry(k).or_insert(targets.all);
            *wider = wider.saturating_mul(WIDER);
        }
        tried = attempt(roots, options, &targets)?;
    }
    Ok(best.0)
}

fn refuse(plan: &Plan, stage: usize, bytes: &memory::StageBytes, budget: u64) -> Error {
    let need = bytes.need();
    let label = &plan.stages[stage].label;
    Error::new(
        Kind::Budget,
        format!(
            "this plan needs {} and the budget is {}",
            size(need),
            size(budget)
        ),
    )
    .fact("stage", format!("{stage} {label}"))
    .fact(
        "array",
        format!(
            "{} kept in memory",
            size(bytes.live.saturating_add(bytes.outputs))
        ),
    )
    .fact("task", format!("{} for one task", size(bytes.task)))
    .way_out(
        if plan.stages[stage].rows.is_some()
            && bytes.task > bytes.live.saturating_add(bytes.outputs)
        {
            format!(
                "fewer elements along the axis, whose rows are taken whole, or --memory {}",
                budget_of(need)
            )
        } else if bytes.task > bytes.live.saturating_add(bytes.outputs) {
            format!("smaller chunks (rechunk), or --memory {}", budget_of(need))
        } else {
            format!(
                "a slice or a reduction of it, -o to stream it, or --memory {}",
                budget_of(need)
            )
        },
    )
}

/// Bytes as people write them.
pub fn size(bytes: u64) -> String {
    let (value, unit) = in_units(bytes);
    match unit {
        0 => format!("{bytes} B"),
        _ => format!("{value:.1} {}", UNITS[unit]),
    }
}

/// A budget as it is told, of at least so many bytes.
pub fn budget_of(bytes: u64) -> String {
    let (value, unit) = in_units(bytes);
    match unit {
        0 => format!("{bytes}B"),
        _ => format!("{:.1}{}", (value * 10.0).ceil() / 10.0, UNITS[unit]),
    }
}

const UNITS: [&str; 6] = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

fn in_units(bytes: u64) -> (f64, usize) {
    let (mut value, mut unit) = (bytes as f64, 0);
    while value >= 1024.0 && unit + 1 < UNITS.len() {
        (value, unit) = (value / 1024.0, unit + 1);
    }
    (value, unit)
}

fn attempt(roots: &[Expr], options: &Options, targets: &Targets) -> Result<Planned> {
    let mut planner = Planner {
        targets: targets.clone(),
        only: within::only_readers(roots),
        ..Planner::default()
    };
    for (root, store) in roots
        .iter()
        .zip(options.stores.iter().chain(std::iter::repeat(&None)))
    {
        if let (Some(store), true) = (store, is_stage(root)) {
            planner.stores.insert(root.address(), store.clone());
        }
    }
    for expr in walk::postorder(roots) {
        match (&expr.op().family, expr.attr(), expr.args()) {
            (Family::Stage(StageKind::Fused), Attr::Body(body), args) => {
                planner.stage(&expr, body, args)?;
            }
            (Family::Stage(StageKind::Get), Attr::Index(k), [stage]) => {
                let output = planner.output_of(stage)?;
                planner.outputs.insert(
                    expr.address(),
                    StageOutput {
                        output: *k,
                        ..output
                    },
                );
            }
            _ => return Err(not_a_stage(&expr)),
        }
    }
    let outputs = roots
        .iter()
        .map(|root| planner.output_of(root))
        .collect::<Result<_>>()?;
    let plan = Plan {
        version: VERSION,
        sources: planner.sources,
        stages: planner.stages,
        roots: outputs,
    };
    Ok(Planned {
        plan: Arc::new(plan),
        handles: planner.handles,
    })
}

fn is_stage(expr: &Expr) -> bool {
    matches!(expr.op().family, Family::Stage(StageKind::Fused))
}

fn not_a_stage(expr: &Expr) -> Error {
    Error::new(Kind::Internal, format!("{} is not a stage", expr.op().name))
}

/// Iterations that tasks should have.
#[derive(Clone, Debug, Default)]
struct Targets {
    /// Of every stage.
    all: i64,
    /// Of some, by their positions.
    stages: BTreeMap<usize, i64>,
    /// How many times as many elements may be computed of a stage within tasks as it has.
    several: Several,
}

impl Targets {
    fn of(all: i64, several: Several) -> Targets {
        Targets {
            all,
            stages: BTreeMap::new(),
            several,
        }
    }
}

impl Planner {
    /// Iterations that a task of the next stage should have.
    fn target(&self) -> i64 {
        let own = self.targets.stages.get(&self.stages.len());
        own.copied().unwrap_or(self.targets.all)
    }
}

#[derive(Default)]
struct Planner {
    targets: Targets,
    sources: Vec<Source>,
    handles: Handles,
    stages: Vec<Stage>,
    outputs: HashMap<usize, StageOutput>,
    /// How roots are stored, by the address of the root.
    stores: HashMap<usize, SinkShape>,
    /// Stages that only one other reads, with that one, by their addresses.
    only: HashMap<usize, usize>,
    /// Those of them that are planned, by their positions, until the one that reads them is.
    candidates: HashMap<usize, usize>,
}
