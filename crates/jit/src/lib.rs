//! Tilewright's compiler from the kernel language to machine code, with Cranelift
