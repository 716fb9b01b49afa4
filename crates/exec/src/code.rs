//! What runs a stage's kernel?
//!
//! Machine code, but for stages so small that the interpreter is done before a compiler is. A
//! function of the stage alone: it depends neither on what was compiled before nor on a clock, so
//! that `explain` can say it. Absent: compiling, which is `jit`'s.

use crate::executor::{Engine, Executor};
use crate::raw::Code;
use tilewright_plan::Stage;

/// Steps (iterations times operations of the kernel) up to which the interpreter runs a stage:
/// 10 to 200 µs, by the length of the rows, where compiling takes 100 to 500.
const SMALL: f64 = 4096.0;

/// Iterations up to which it does so however many operations there are: each is compiled in the time
/// in which the interpreter runs it a thousand times.
const FEW: f64 = 64.0;

/// What runs a kernel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runner {
    /// Machine code.
    MachineCode,
    /// The interpreter.
    Interpreter,
}

impl Runner {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Runner::MachineCode => "machine code",
            Runner::Interpreter => "interpreted",
        }
    }
}

/// What is to run the kernel of a stage.
pub fn runner(stage: &Stage, engine: Engine) -> Runner {
    match engine {
        Engine::Auto if !is_small(stage) => Runner::MachineCode,
        Engine::Jit => Runner::MachineCode,
        Engine::Auto | Engine::Interpreter => Runner::Interpreter,
    }
}

/// Whether a stage has so little to do that neither compiling it nor handing it to other threads
/// pays.
pub(crate) fn is_small(stage: &Stage) -> bool {
    let iterations = stage.domain.iter().map(|&n| n as f64).product::<f64>();
    iterations <= FEW || iterations * stage.kernel.operations() as f64 <= SMALL
}

/// The code of a stage, and whether it is interpreted because it does not compile.
pub(crate) fn of(executor: &Executor, stage: &Stage, engine: Engine) -> (Code, bool) {
    if runner(stage, engine) == Runner::Interpreter {
        return (Code::Interpreted, false);
    }
    match executor.kernels().get(&stage.kernel) {
        Ok(compiled) => (Code::Compiled(compiled), false),
        Err(_) => (Code::Interpreted, true),
    }
}
