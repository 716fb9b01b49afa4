//! How is machine code owned and called?
//!
//! One module per kernel; its memory is freed when the last owner lets go. Absent: bounds checks.
#![allow(unsafe_code, reason = "machine code is called and freed here")]

use cranelift_jit::JITModule;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tilewright_core::Result;
use tilewright_kernel::{Call, Kernel, RawBuffer};

type Entry = unsafe extern "C" fn(*const RawBuffer, *const i64, *const u64, *mut u8);

/// A compiled kernel.
pub struct Compiled {
    entry: Entry,
    /// The owner of the code behind `entry`; taken when dropped.
    module: Mutex<Option<JITModule>>,
    /// What a call must bring: buffers, ints, scalars, bytes of scratch.
    arguments: [usize; 4],
    clif: Option<String>,
    code_bytes: usize,
    compile_time: Duration,
}

/// How to compile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// Whether Cranelift's verifier checks its input.
    pub verify: bool,
    /// Whether [`Compiled::clif`] is kept.
    pub keep_clif: bool,
}

impl Default for Options {
    /// The verifier where debug assertions are on.
    fn default() -> Options {
        Options {
            verify: cfg!(debug_assertions),
            keep_clif: false,
        }
    }
}

/// Compiles a kernel with the default options.
///
/// # Errors
/// [`Kind::Internal`](tilewright_core::Kind::Internal) if the kernel is not well-formed or
/// Cranelift cannot compile it; the interpreter runs what this cannot.
pub fn compile(kernel: &Kernel) -> Result<Compiled> {
    compile_with(kernel, Options::default())
}

/// Compiles a kernel.
///
/// # Errors
/// As [`compile`].
pub fn compile_with(kernel: &Kernel, options: Options) -> Result<Compiled> {
    let started = std::time::Instant::now();
    let built = crate::module::build(kernel, options)?;
    Ok(Compiled {
        // SAFETY: `build` gives the address of a finished function with the signature that
        // `function::declare_parameters` declares, which is that of `Entry`.
        entry: unsafe { std::mem::transmute::<*const u8, Entry>(built.address) },
        module: Mutex::new(Some(built.module)),
        arguments: [
            kernel.buffers.len(),
            kernel.ints as usize,
            kernel.scalars.len(),
            kernel.scratch_layout().1,
        ],
        clif: built.clif,
        code_bytes: built.code_bytes,
        compile_time: started.elapsed(),
    })
}

/// The Cranelift IR of a kernel, before optimization: stable text without addresses.
///
/// # Errors
/// As [`compile`].
pub fn clif_text(kernel: &Kernel) -> Result<String> {
    crate::module::text(kernel)
}

impl Compiled {
    /// Runs the kernel.
    ///
    /// # Safety
    /// As for `tilewright_kernel::interp::run`, and nothing is checked: the call has every
    /// declared buffer, argument and scratch byte, and no index leads outside a slot.
    pub unsafe fn call(&self, call: &mut Call<'_>) {
        let lengths = [
            call.buffers.len(),
            call.ints.len(),
            call.scalars.len(),
            call.scratch.len(),
        ];
        debug_assert!(
            lengths
                .iter()
                .zip(self.arguments)
                .all(|(&has, needs)| has >= needs)
        );
        let (buffers, ints) = (call.buffers.as_ptr(), call.ints.as_ptr());
        // SAFETY: `module` still owns the code; the rest is the caller's promise.
        unsafe {
            (self.entry)(
                buffers,
                ints,
                call.scalars.as_ptr(),
                call.scratch.as_mut_ptr(),
            )
        }
    }

    /// The Cranelift IR, if it was kept; else empty.
    pub fn clif(&self) -> &str {
        self.clif.as_deref().unwrap_or_default()
    }

    /// Bytes of machine code.
    pub fn code_bytes(&self) -> usize {
        self.code_bytes
    }

    /// How long compiling took.
    pub fn compile_time(&self) -> Duration {
        self.compile_time
    }
}

impl std::fmt::Debug for Compiled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Compiled")
            .field("code_bytes", &self.code_bytes)
            .finish_non_exhaustive()
    }
}

impl Drop for Compiled {
    fn drop(&mut self) {
        let module = self
            .module
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(module) = module {
            // SAFETY: `entry` is the only pointer into the module, and it goes with `self`, which
            // nobody else refers to now.
            unsafe { module.free_memory() };
        }
    }
}
