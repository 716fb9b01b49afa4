//! How is a kernel handed to Cranelift?
//!
//! One module with one function; slice functions are imported by name, so that the text names
//! them and holds no address. Absent: files, relocatable code.

use crate::compiled::Options;
use crate::function::{called, declare_parameters, generate};
use cranelift_codegen::Context;
use cranelift_codegen::ir::{AbiParam, types};
use cranelift_codegen::isa::OwnedTargetIsa;
use cranelift_codegen::settings::{self, Configurable};
use cranelift_frontend::{FunctionBuilder, FunctionBuilderContext};
use cranelift_jit::{JITBuilder, JITModule};
use cranelift_module::{FuncId, Linkage, Module, default_libcall_names};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use tilewright_core::{Error, Kind, Result};
use tilewright_kernel::Kernel;

/// Machine code and who owns it.
pub(crate) struct Built {
    pub(crate) module: JITModule,
    pub(crate) address: *const u8,
    pub(crate) clif: Option<String>,
    pub(crate) code_bytes: usize,
}

fn failed(why: impl std::fmt::Display) -> Error {
    Error::new(Kind::Internal, format!("a kernel does not compile: {why}"))
}

/// Compiles a kernel.
pub(crate) fn build(kernel: &Kernel, options: Options) -> Result<Built> {
    kernel.check()?;
    // Cranelift panics on what its instruction selection lacks.
    let built = catch_unwind(AssertUnwindSafe(|| {
        let (mut module, mut context, function) = declare(kernel, options)?;
        let clif = options
            .keep_clif
            .then(|| context.func.display().to_string());
        module
            .define_function(function, &mut context)
            .map_err(|error| failed(text_of(error)))?;
        let code_bytes = context
            .compiled_code()
            .map_or(0, |code| code.code_buffer().len());
        module.finalize_definitions().map_err(failed)?;
        let address = module.get_finalized_function(function);
        Ok(Built {
            module,
            address,
            clif,
            code_bytes,
        })
    }));
    built.unwrap_or_else(|_| Err(failed("instruction selection panicked")))
}

/// The Cranelift IR of a kernel.
pub(crate) fn text(kernel: &Kernel) -> Result<String> {
    kernel.check()?;
    let options = Options {
        verify: false,
        keep_clif: true,
    };
    Ok(declare(kernel, options)?.1.func.display().to_string())
}

/// A module's error with the verifier's lines.
fn text_of(error: cranelift_module::ModuleError) -> String {
    format!("{error:?}")
}

/// Operations from which registers are allocated in one pass. The allocator that backtracks gives
/// better code in time that grows with the square: 0.1 s for 500 operations, 9 s for 3,000.
const LONG: usize = 512;

/// The target for a kernel of this many operations.
fn target(verify: bool, operations: usize) -> Result<OwnedTargetIsa> {
    static TARGETS: [OnceLock<Result<OwnedTargetIsa>>; 4] = [const { OnceLock::new() }; 4];
    let long = operations >= LONG;
    let target = TARGETS[usize::from(verify) + 2 * usize::from(long)].get_or_init(|| {
        let mut flags = settings::builder();
        let verify = if verify { "true" } else { "false" };
        let allocator = if long { "single_pass" } else { "backtracking" };
        for (name, value) in [
            ("opt_level", "speed"),
            ("regalloc_algorithm", allocator),
            ("enable_verifier", verify),
            ("use_colocated_libcalls", "false"),
            ("is_pic", "false"),
            ("unwind_info", "false"),
            ("enable_probestack", "false"),
        ] {
            flags.set(name, value).map_err(failed)?;
        }
        let host = cranelift_native::builder().map_err(failed)?;
        host.finish(settings::Flags::new(flags)).map_err(failed)
    });
    target.clone()
}

fn declare(kernel: &Kernel, options: Options) -> Result<(JITModule, Context, FuncId)> {
    let mut functions = BTreeMap::new();
    called(&kernel.body, &mut functions);
    let target = target(options.verify, kernel.operations())?;
    let mut symbols = JITBuilder::with_isa(target, default_libcall_names());
    for (name, function) in &functions {
        let shim = function
            .shim()
            .ok_or_else(|| failed(format!("there is no {name}")))?;
        symbols.symbol(name.clone(), shim as *const u8);
    }
    let mut module = JITModule::new(symbols);
    let pointer = module.target_config().pointer_type();
    let mut signature = module.make_signature();
    declare_parameters(&mut signature, pointer);
    let function = module
        .declare_function("kernel", Linkage::Local, &signature)
        .map_err(failed)?;
    let mut context = module.make_context();
    context.func.signature = signature;
    let mut imported = BTreeMap::new();
    for name in functions.into_keys() {
        let mut signature = module.make_signature();
        signature
            .params
            .extend([AbiParam::new(types::I64), AbiParam::new(types::I64)]);
        let id = module
            .declare_function(&name, Linkage::Import, &signature)
            .map_err(failed)?;
        imported.insert(name, module.declare_func_in_func(id, &mut context.func));
    }
    let mut scratch = FunctionBuilderContext::new();
    let mut builder = FunctionBuilder::new(&mut context.func, &mut scratch);
    generate(kernel, &mut builder, &imported);
    builder.finalize(module.target_config());
    Ok((module, context, function))
}
