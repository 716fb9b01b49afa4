//! What must hold of every rule and every plan?
//!
//! | file | question |
//! |---|---|
//! | `data` | which arrays break careless rules, and when are two results the same? |
//! | `cases` | does each rule fire, and keep the bits? |
//! | `unsound` | does the same test reject rules that are wrong? |
//! | `plans` | are the chosen plans the cheapest, and as the design has them? |
//! | `random` | do generated expressions keep their bits? |
//! | `bars` | how long does it take? |

mod bars;
mod cases;
mod data;
mod plans;
mod random;
mod unsound;
