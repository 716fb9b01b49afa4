//! The compiler from the kernel language to machine code, with Cranelift.
//!
//! | file | question |
//! |---|---|
//! | `compiled` | how is machine code owned and called? |
//! | `cache` | which kernels are compiled already? |
//! | `module` | how is a kernel handed to Cranelift? |
//! | `function` | how do a kernel's statements become blocks and branches? |
//! | `loops` | how does something repeat? |
//! | `lanes` | how does a body run over all its elements? |
//! | `body` | how is one body of lanes emitted for some elements? |
//! | `vector` | how does a value of a few elements lie in registers? |
//! | `arith`, `element`, `shift` | which instructions is an operation, a division, a shift? |
//! | `quotient` | … and many divisions by one number? |
//! | `cast`, `half`, `mask` | and a cast, one of float16, a change of a mask's width? |
//!
//! The plain twin is `tilewright_kernel::interp`; both give the same bits. Absent: operators,
//! files, a choice of what to compute.

mod arith;
mod body;
mod cache;
mod cast;
mod compiled;
mod element;
mod function;
mod half;
mod lanes;
mod loops;
mod mask;
mod module;
mod quotient;
mod shift;
mod vector;

pub use cache::{Cache, Counts};
pub use compiled::{Compiled, Options, clif_text, compile, compile_with};
