//! Tilewright's kernel language: a tiny typed loop IR and its plain interpreter
