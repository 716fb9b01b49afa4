//! What is known of the expressions, the rules and the plan?

use super::{Again, Explanation, Input, Rule, Stage, Stored, Totals, Work};
use crate::prepare::Prepared;
use crate::session::Settings;
use tilewright_core::{AxisGrid, uri};
use tilewright_exec::code::runner;
use tilewright_expr::attr::{Attr, Body};
use tilewright_expr::print::tree;
use tilewright_expr::{Expr, walk};
use tilewright_io::SinkInfo;
use tilewright_opt::Moved;
use tilewright_plan::budget;
use tilewright_plan::memory::StageBytes;
use tilewright_plan::plan::Place;
use tilewright_plan::{Plan, Tasks, reads};

/// The explanation of a plan for these roots, those that are stored with where they go.
pub(crate) fn build(
    (roots, sinks): (&[Expr], &[Option<SinkInfo>]),
    prepared: &Prepared,
    settings: &Settings,
) -> Explanation {
    let plan = &prepared.planned.plan;
    // Stages are planned in this order.
    let nodes = walk::postorder(&prepared.optimized);
    let bodies = nodes.iter().filter_map(|node| match node.attr() {
        Attr::Body(body) => Some(body),
        _ => None,
    });
    let mut stages: Vec<Stage> = (0..plan.stages.len())
        .zip(bodies)
        .map(|(k, body)| stage(plan, k, body, &prepared.bytes[plan.turn(k)], settings))
        .collect();
    for k in 0..stages.len() {
        let turn = plan.turn(k);
        if turn != k {
            let (work, nominal) = (stages[k].estimated, stages[k].nominal);
            stages[turn].estimated = both(stages[turn].estimated, work);
            stages[turn].nominal = stages[turn].nominal.plus(nominal);
        }
    }
    for (root, sink) in plan.roots.iter().zip(sinks) {
        if let Some(sink) = sink {
            stages[root.stage].stores.push(stored(sink));
        }
    }
    let report = prepared.report.as_ref();
    Explanation {
        logical: tree(roots),
        optimized: tree(&prepared.optimized),
        rules: report.map(rules).unwrap_or_default(),
        work: report.map(|report| {
            (
                report.work_before.elements as f64,
                report.work_after.elements as f64,
            )
        }),
        totals: Totals {
            work: sum(&stages),
            cost_s: report.map(|report| report.cost_ns / 1e9),
            peak_bytes: prepared.projected_peak(settings),
            threads: settings.threads,
            memory: settings.memory_told.then_some(settings.memory),
        },
        stages,
        counts: Vec::new(),
        measured: None,
    }
}

fn rules(report: &tilewright_opt::Report) -> Vec<Rule> {
    let rule = |fired: &tilewright_opt::Fired| Rule {
        name: fired.name.to_owned(),
        class: fired.class.to_string(),
        group: format!("{:?}", fired.group).to_lowercase(),
        because: fired.because.to_owned(),
        count: u64::from(fired.count),
    };
    report.fired.iter().map(rule).collect()
}

fn stage(plan: &Plan, k: usize, body: &Body, bytes: &StageBytes, settings: &Settings) -> Stage {
    let stage = &plan.stages[k];
    let moved = Moved {
        loaded: stage.work.bytes_loaded,
        stored: stage.work.bytes_stored,
        read: stage.work.bytes_read,
    };
    let threads = settings.threads as u64;
    let again = reads::again(plan, k, bytes, threads, settings.memory);
    let more = |of: fn(&reads::Again) -> f64| -> f64 {
        again
            .iter()
            .map(|again| (again.times - 1.0) * of(again))
            .sum()
    };
    Stage {
        label: stage.label.clone(),
        inputs: inputs(plan, k),
        outputs: stage
            .outputs
            .iter()
            .map(|o| (o.dtype, o.shape.clone()))
            .collect(),
        stores: Vec::new(),
        domain: stage.domain.clone(),
        kept: stage.kept,
        tile: stage.tiling.kept.iter().map(AxisGrid::longest).collect(),
        because: stage.tiling.because.clone(),
        within: stage.within.as_ref().map(|within| within.stage),
        abreast: stage.abreast,
        estimated: Work {
            tasks: match stage.within {
                Some(_) => 0,
                None => Tasks::new(stage).count(),
            },
            task_bytes: bytes.task,
            output_bytes: bytes.outputs,
            elements: stage.work.elements,
            drawn: stage.work.drawn,
            chunks: stage.work.chunks + more(|again| again.chunks),
            bytes_read: stage.work.bytes_read + more(|again| again.bytes as f64),
            bytes_loaded: stage.work.bytes_loaded,
            bytes_stored: stage.work.bytes_stored,
        },
        again: again
            .iter()
            .map(|again| Again {
                name: name(&plan.sources[again.source].place),
                times: again.times,
                enough: budget::for_each_once(bytes, threads),
            })
            .collect(),
        nominal: tilewright_opt::nominal(body, stage.work.elements, moved),
        runner: runner(stage, settings.engine.of_kernels()),
        peak_bytes: budget::peak(&[*bytes], settings.threads as u64, settings.memory).0,
        measured: None,
        rates: None,
        kernel: stage.kernel.to_string(),
        clif: tilewright_jit::clif_text(&stage.kernel)
            .unwrap_or_else(|error| format!("; interpreted: {}\n", error.message())),
    }
}

fn stored(sink: &SinkInfo) -> Stored {
    Stored {
        name: uri::shown(&sink.uri).into_owned(),
        format: sink.format,
        dtype: sink.dtype,
        shape: sink.shape.clone(),
        chunk: sink.grid.longest(),
        chunks: sink.grid.chunks(),
    }
}

fn name(place: &Place) -> String {
    match place {
        Place::Stored { uri, .. } => uri::shown(uri).into_owned(),
        Place::Memory { handle } => format!("memory array {}", handle + 1),
        Place::Literal { .. } => "literal".to_owned(),
    }
}

/// The arrays a stage reads, each once.
fn inputs(plan: &Plan, k: usize) -> Vec<Input> {
    let mut inputs: Vec<Input> = Vec::new();
    for piece in plan.stages[k]
        .operands
        .iter()
        .flat_map(|operand| &operand.pieces)
    {
        let input = match piece.input {
            tilewright_plan::Input::Source(number) => {
                let source = &plan.sources[number];
                Input {
                    name: name(&source.place),
                    dtype: source.dtype,
                    shape: source.shape.clone(),
                    stored: matches!(source.place, Place::Stored { .. }),
                }
            }
            tilewright_plan::Input::Stage(output) => {
                let made = &plan.stages[output.stage].outputs[output.output];
                let name = format!("stage {}", output.stage);
                Input {
                    name,
                    dtype: made.dtype,
                    shape: made.shape.clone(),
                    stored: false,
                }
            }
        };
        if !inputs.contains(&input) {
            inputs.push(input);
        }
    }
    inputs
}

fn sum(stages: &[Stage]) -> Work {
    let firsts = stages.iter().filter(|stage| stage.has_turn());
    firsts.fold(Work::default(), |sum, stage| both(sum, stage.estimated))
}

fn both(a: Work, b: Work) -> Work {
    Work {
        tasks: a.tasks.saturating_add(b.tasks),
        task_bytes: a.task_bytes.max(b.task_bytes),
        output_bytes: a.output_bytes.saturating_add(b.output_bytes),
        elements: a.elements + b.elements,
        drawn: a.drawn + b.drawn,
        chunks: a.chunks + b.chunks,
        bytes_read: a.bytes_read + b.bytes_read,
        bytes_loaded: a.bytes_loaded + b.bytes_loaded,
        bytes_stored: a.bytes_stored + b.bytes_stored,
    }
}
