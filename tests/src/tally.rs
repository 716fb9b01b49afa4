//! What did a run of generated cases cover?

use crate::generate::Case;
use crate::program::Step;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use tilewright_expr::op::OPS;
use tilewright_expr::walk;
use tilewright_opt::{Class, Report, rules};

/// Counts of a run.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Cases generated.
    pub cases: usize,
    /// Cases that could not be built.
    pub rejected: usize,
    /// Calls tried while generating.
    pub tried: usize,
    /// Calls refused while generating.
    pub refused: usize,
    /// Nodes of the expressions, shared ones once.
    pub nodes: usize,
    /// Cases in which some node is used twice or more.
    pub shared: usize,
    /// Cases in which three or more rules fired.
    pub three_rules: usize,
    /// Cases that hold each operator.
    pub operators: BTreeMap<&'static str, usize>,
    /// Cases that hold each dtype.
    pub dtypes: BTreeMap<&'static str, usize>,
    /// How often each rule fired, and in how many cases.
    pub rules: BTreeMap<&'static str, (usize, usize)>,
}

impl Tally {
    /// Counts a case.
    pub fn add(&mut self, case: &Case, report: Option<&Report>) {
        self.cases += 1;
        self.tried += case.tried;
        self.refused += case.refused;
        if case.built.exprs.is_empty() {
            self.rejected += 1;
            return;
        }
        let roots = case.program.roots_of(&case.built);
        let (mut names, mut dtypes) = (BTreeSet::new(), BTreeSet::new());
        let expanded = walk::expand_derived(&roots).unwrap_or_default();
        let order = walk::postorder(&roots);
        for node in order.iter().chain(&walk::postorder(&expanded)) {
            names.insert(node.op().name);
            dtypes.insert(node.dtype().name());
        }
        // Composed operators have no nodes: they count where they are called.
        for step in &case.program.steps {
            if let Step::Map(name, _) = step {
                names.insert(name);
            }
        }
        let uses = order.iter().map(|node| node.args().len()).sum::<usize>();
        self.nodes += order.len();
        // In a tree every node but the roots is used once.
        self.shared += usize::from(uses + roots.len() > order.len());
        names
            .into_iter()
            .for_each(|n| *self.operators.entry(n).or_default() += 1);
        dtypes
            .into_iter()
            .for_each(|n| *self.dtypes.entry(n).or_default() += 1);
        if let Some(report) = report {
            self.three_rules += usize::from(report.fired.len() >= 3);
            for fired in &report.fired {
                let count = self.rules.entry(fired.name).or_default();
                count.0 += fired.count as usize;
                count.1 += 1;
            }
        }
    }

    /// Adds another run's counts.
    pub fn merge(&mut self, other: &Tally) {
        self.cases += other.cases;
        self.rejected += other.rejected;
        self.tried += other.tried;
        self.refused += other.refused;
        self.nodes += other.nodes;
        self.shared += other.shared;
        self.three_rules += other.three_rules;
        for (name, n) in &other.operators {
            *self.operators.entry(name).or_default() += n;
        }
        for (name, n) in &other.dtypes {
            *self.dtypes.entry(name).or_default() += n;
        }
        for (name, (n, cases)) in &other.rules {
            let count = self.rules.entry(name).or_default();
            *count = (count.0 + n, count.1 + cases);
        }
    }

    /// What was to be covered `least` times and was not: operators and exact rules.
    pub fn missing(&self, least: usize) -> Vec<String> {
        let mut out = Vec::new();
        for op in OPS {
            // Stages are what the optimizer makes; every plan holds them.
            let made = matches!(op.family, tilewright_expr::Family::Stage(_));
            let count = self.operators.get(op.name).copied().unwrap_or(0);
            if !made && count < least {
                out.push(format!("operator {} in {count} cases", op.name));
            }
        }
        for rule in rules().iter().filter(|rule| rule.class != Class::R) {
            let count = self.rules.get(rule.name).map_or(0, |(n, _)| *n);
            if count < least {
                out.push(format!("rule {} fired {count} times", rule.name));
            }
        }
        out
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "cases {}, rejected {}; calls tried {}, refused {}; nodes {}; cases with shared nodes \
             {}; with three or more rules {}",
            self.cases,
            self.rejected,
            self.tried,
            self.refused,
            self.nodes,
            self.shared,
            self.three_rules
        )?;
        let list = |counts: &BTreeMap<&'static str, usize>| {
            let each: Vec<String> = counts.iter().map(|(n, c)| format!("{n} {c}")).collect();
            each.join(", ")
        };
        writeln!(f, "dtypes (cases): {}", list(&self.dtypes))?;
        writeln!(f, "operators (cases): {}", list(&self.operators))?;
        writeln!(
            f,
            "{:<28} {:>5} {:>8} {:>8}",
            "rule", "class", "fired", "cases"
        )?;
        for rule in rules() {
            let (fired, cases) = self.rules.get(rule.name).copied().unwrap_or_default();
            writeln!(
                f,
                "{:<28} {:>5} {fired:>8} {cases:>8}",
                rule.name,
                rule.class.to_string()
            )?;
        }
        Ok(())
    }
}
