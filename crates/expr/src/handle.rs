//! What stands in an expression for a thing of this process?
//!
//! An array in memory, or code of the user's: equal to its clones alone. What is planned for
//! expressions that differ in such things alone holds numbered places instead, and so keeps none of
//! them alive. Absent: what the things are.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering as Atomic};

/// A thing of this process, or a numbered place for one.
pub struct Handle<T: ?Sized> {
    id: u64,
    thing: Option<Arc<T>>,
}

/// The first id of places: more things than this are never made.
const PLACES: u64 = 1 << 63;

impl<T: ?Sized> Handle<T> {
    /// A handle of this thing; equal only to its clones.
    pub fn new(thing: Arc<T>) -> Handle<T> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Handle {
            id: NEXT.fetch_add(1, Atomic::Relaxed),
            thing: Some(thing),
        }
    }

    /// A place for thing number `number`: equal to every place of that number.
    pub fn place(number: usize) -> Handle<T> {
        Handle {
            id: PLACES + number as u64,
            thing: None,
        }
    }

    /// The number of a place; `None` for a thing.
    pub fn place_number(&self) -> Option<usize> {
        self.id.checked_sub(PLACES).map(|number| number as usize)
    }

    /// A number that no other thing of this process has.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The thing; `None` for a place.
    pub fn get(&self) -> Option<&Arc<T>> {
        self.thing.as_ref()
    }

    /// What stands in this place among these; `None` for a thing.
    pub fn among<'a, H>(&self, things: &'a [H]) -> Option<&'a H> {
        self.place_number().and_then(|number| things.get(number))
    }

    /// The thing of this place among these; the handle itself if it is of a thing.
    #[must_use]
    pub fn bind(&self, things: &[Handle<T>]) -> Handle<T> {
        self.among(things).unwrap_or(self).clone()
    }
}

impl<T: ?Sized> Clone for Handle<T> {
    fn clone(&self) -> Handle<T> {
        Handle {
            id: self.id,
            thing: self.thing.clone(),
        }
    }
}
impl<T: ?Sized> PartialEq for Handle<T> {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}
impl<T: ?Sized> Eq for Handle<T> {}
impl<T: ?Sized> Hash for Handle<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}
impl<T: ?Sized> PartialOrd for Handle<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T: ?Sized> Ord for Handle<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.id.cmp(&other.id)
    }
}
impl<T: ?Sized> fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "handle {}", self.id)
    }
}
