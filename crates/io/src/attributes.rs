//! What did the user store beside an array?
//!
//! It is kept as it stands in the file, and becomes JSON's values when it is asked for, since one of them
//! takes up to 32 times what it has there. Absent: how a format keeps it, which is the format's.

use serde_json::{Map, Value};
use std::fmt;
use std::sync::Arc;

/// What the user stored beside an array, by name.
#[derive(Clone, Default)]
pub struct Attributes(Option<Arc<dyn Kept>>);

/// One attribute's value, once it is asked for; `None` if the file is damaged there.
pub(crate) type Make<'a> = &'a dyn Fn() -> Option<Value>;

/// How a format keeps attributes.
pub(crate) trait Kept: Send + Sync {
    /// Shows each, until `show` says that it was the last that is wanted.
    fn show(&self, show: &mut dyn FnMut(&str, Make<'_>) -> bool);
}

impl Attributes {
    /// What a format keeps.
    pub(crate) fn kept(kept: Arc<dyn Kept>) -> Attributes {
        Attributes(Some(kept))
    }

    /// The value of this name.
    pub fn get(&self, name: &str) -> Option<Value> {
        let mut found = None;
        self.show(&mut |here, make| {
            if here == name {
                found = make();
            }
            here == name
        });
        found
    }

    /// Shows each name with its value, one at a time.
    pub fn for_each(&self, mut show: impl FnMut(&str, Value)) {
        self.show(&mut |name, make| {
            if let Some(value) = make() {
                show(name, value);
            }
            false
        });
    }

    /// All values at once.
    pub fn all(&self) -> Map<String, Value> {
        let mut all = Map::new();
        self.for_each(|name, value| {
            all.insert(name.to_owned(), value);
        });
        all
    }

    pub(crate) fn show(&self, show: &mut dyn FnMut(&str, Make<'_>) -> bool) {
        if let Some(kept) = &self.0 {
            kept.show(show);
        }
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.all().fmt(f)
    }
}

impl From<Map<String, Value>> for Attributes {
    fn from(values: Map<String, Value>) -> Attributes {
        Attributes::kept(Arc::new(values))
    }
}

impl Kept for Map<String, Value> {
    fn show(&self, show: &mut dyn FnMut(&str, Make<'_>) -> bool) {
        for (name, value) in self {
            if show(name, &|| Some(value.clone())) {
                return;
            }
        }
    }
}
