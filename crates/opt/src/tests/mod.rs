//! What must hold of every rule and every plan?

mod smoke;
