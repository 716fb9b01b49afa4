//! What makes a body a kernel?
//!
//! Its buffers, which are the operands and what it writes, and the sizes of everything that it names.

use super::emit::Emitter;
use tilewright_core::DType;
use tilewright_kernel::ir::BufferDecl;
use tilewright_kernel::{Kernel, Stmt};

/// The kernel of a body that writes buffers of these dtypes.
pub fn assemble(
    emitter: Emitter<'_>,
    writes: impl IntoIterator<Item = DType>,
    body: Vec<Stmt>,
) -> Kernel {
    let (program, layout) = (emitter.program, emitter.layout);
    let reads = program.operands.iter().map(|o| (o.dtype, false));
    let writes = writes.into_iter().map(|dtype| (dtype, true));
    let declared = reads.chain(writes);
    let declared = declared.map(|(dtype, writable)| BufferDecl { dtype, writable });
    Kernel {
        buffers: declared.collect(),
        ints: layout.ints() as u32,
        scalars: program.scalars.iter().map(|s| s.dtype()).collect(),
        vars: emitter.vars(),
        scratch: emitter.into_scratch(),
        body,
    }
}
