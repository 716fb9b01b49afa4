//! Which alternative does each class take, given what is stored?
//!
//! One pass over the classes, arguments first. A class costs its consumer so much per element
//! visited and so much for bytes moved; the choice is made at the class's own number of elements.
//! Shared nodes are counted once for each consumer here, and exactly in `walk`.

use super::arena::{Alternative, Arena, Class, Kind};
use crate::cost;
use tilewright_expr::op::MoveKind;

/// No alternative.
pub(crate) const NONE: u32 = u32::MAX;

/// How a consumer takes a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Take {
    /// As a stored array.
    Input,
    /// Computed in the consumer's pass, by this alternative.
    Inline(u32),
}

/// A price in nanoseconds.
#[derive(Clone, Copy, Debug, Default)]
struct Price {
    /// For each element visited.
    visit: f64,
    /// For the bytes moved when all of it is visited; a part moves fewer.
    bytes: f64,
    /// However little is visited: opening sources, stages that must run first.
    fixed: f64,
}

impl Price {
    fn plus(self, other: Price) -> Price {
        Price {
            visit: self.visit + other.visit,
            bytes: self.bytes + other.bytes,
            fixed: self.fixed + other.fixed,
        }
    }

    /// Of a pass over this many elements.
    fn of(self, elements: f64) -> f64 {
        self.visit * elements + self.bytes + self.fixed
    }
}

/// Nanoseconds per element visited through a move: among equal plans, the one with fewer moves.
const MOVE: f64 = 0.001;

/// What one class chose.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Choice {
    /// When computed in a consumer's pass.
    body: Price,
    /// The alternative of its own stage, and that stage's nanoseconds without storing.
    pub root: u32,
    root_ns: f64,
    /// As an element-wise argument.
    pub take: Take,
    /// Below a reshape.
    pub linear: Take,
    /// As a part of a concatenation.
    pub part: Take,
    /// As what is looked up.
    pub looked_in: Take,
    /// As indices.
    pub indices: Take,
}

/// How a class is come upon within a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Place {
    /// As an element-wise argument.
    Argument,
    /// Below a reshape.
    Linear,
    /// As a part of a concatenation.
    Part,
    /// As what is looked up.
    LookedIn,
    /// As indices.
    Indices,
    /// As what windows are of.
    Stored,
}

impl Place {
    /// How argument `k` of an alternative of this kind is come upon.
    pub fn below(self, kind: Kind, k: usize) -> Place {
        match (self, kind) {
            (_, Kind::Reshape) => Place::Linear,
            (_, Kind::Windows) => Place::Stored,
            (_, Kind::Lookup) if k == 0 => Place::LookedIn,
            (_, Kind::Lookup) => Place::Indices,
            (Place::Part, _) | (_, Kind::Concatenate) => Place::Part,
            (Place::Indices, _) => Place::Indices,
            _ => Place::Argument,
        }
    }
}

impl Choice {
    /// How a class is taken where it is come upon so.
    pub fn at(&self, place: Place) -> Take {
        match place {
            Place::Argument => self.take,
            Place::Linear => self.linear,
            Place::Part => self.part,
            Place::LookedIn => self.looked_in,
            Place::Indices => self.indices,
            Place::Stored => Take::Input,
        }
    }
}

/// The choices of every class.
pub(crate) struct Selection<'a> {
    arena: &'a Arena,
    stored: &'a [bool],
    store_scale: f64,
    /// By class.
    pub choices: Vec<Choice>,
}

impl<'a> Selection<'a> {
    /// Chooses, given what is stored and how many times dearer storing is than it is.
    pub fn new(arena: &'a Arena, stored: &'a [bool], store_scale: f64) -> Selection<'a> {
        let mut selection = Selection {
            arena,
            stored,
            store_scale,
            choices: Vec::with_capacity(arena.classes.len()),
        };
        for class in 0..arena.classes.len() {
            let choice = selection.choose(class);
            selection.choices.push(choice);
        }
        selection
    }

    /// Nanoseconds to compute all of a class once more in a consumer's pass.
    pub fn again(&self, k: usize) -> f64 {
        let body = self.choices[k].body;
        body.visit * self.arena.classes[k].elements + body.bytes
    }

    /// The same without its arguments: to draw it, or to call its function.
    pub fn own(&self, k: usize) -> f64 {
        let class = &self.arena.classes[k];
        match self.choices[k].take {
            Take::Inline(alternative) => {
                class.elements * class.alternatives[alternative as usize].ns
            }
            Take::Input => 0.0,
        }
    }

    fn choose(&self, k: usize) -> Choice {
        let class = &self.arena.classes[k];
        let (mut body, mut body_price, mut body_ns) = (NONE, Price::default(), f64::INFINITY);
        let (mut root, mut root_ns) = (NONE, f64::INFINITY);
        for (at, alternative) in class.alternatives.iter().enumerate() {
            let total = if alternative.kind.stands_alone() {
                let elements = |arg: &u32| self.arena.classes[*arg as usize].elements;
                let price = |arg: &u32| self.argument(*arg, elements(arg)).of(elements(arg));
                let domain = alternative.domain(&self.arena.classes);
                alternative.args.iter().map(price).sum::<f64>() + domain * alternative.ns
            } else {
                let price = self.inline(alternative, class.elements);
                let total = price.of(class.elements);
                if total < body_ns {
                    (body, body_price, body_ns) = (at as u32, price, total);
                }
                total
            };
            if total < root_ns {
                (root, root_ns) = (at as u32, total);
            }
        }
        // A reduction's result is either stored or, where another form allows, computed in place.
        let moved = class.bytes * (cost::STORE_BYTE * self.store_scale + cost::LOAD_BYTE);
        let input = self.stored[k]
            || body == NONE
            || (class.reduces && root_ns + cost::STAGE + moved < body_ns);
        let take = if input {
            Take::Input
        } else {
            Take::Inline(body)
        };
        let mut choice = Choice {
            body: body_price,
            root,
            root_ns,
            take,
            linear: take,
            part: take,
            looked_in: take,
            indices: take,
        };
        if take != Take::Input {
            let read = |a: &Alternative| matches!(a.kind, Kind::Read(_));
            let first =
                |found: Option<usize>| found.map_or(Take::Input, |at| Take::Inline(at as u32));
            choice.looked_in = first(class.alternatives.iter().position(read));
            let indices = |a: &Alternative| self.holds_indices(a);
            choice.indices = first(class.alternatives.iter().position(indices));
            choice.linear = class.linear.map_or(Take::Input, Take::Inline);
            choice.part = if class.chains {
                self.part(class)
            } else {
                Take::Input
            };
        }
        choice
    }

    /// How a concatenation takes a class: a chain of moves over a read or an input, or stored.
    fn part(&self, class: &Class) -> Take {
        let chains = |a: &Alternative| match a.kind {
            Kind::Read(_) => true,
            Kind::Affine(kind) => {
                let below = |&arg: &u32| {
                    let below = &self.choices[arg as usize];
                    below.take == Take::Input || below.part != Take::Input
                };
                kind != MoveKind::Broadcast && a.args.iter().all(below)
            }
            _ => false,
        };
        let found = class.alternatives.iter().position(chains);
        found.map_or(Take::Input, |at| Take::Inline(at as u32))
    }

    /// Whether an alternative can give a lookup its indices. What is repeated or turned is stored
    /// before that; what is cut is stored after.
    fn holds_indices(&self, alternative: &Alternative) -> bool {
        match alternative.kind {
            Kind::Affine(MoveKind::Slice) => alternative.args.iter().all(|&arg| {
                let below = &self.choices[arg as usize];
                below.take == Take::Input || below.indices != Take::Input
            }),
            Kind::Affine(_) => true,
            _ => crate::form::holds_indices(&alternative.expr),
        }
    }

    /// The price of an alternative that is computed in a pass over `elements` elements.
    fn inline(&self, alternative: &Alternative, elements: f64) -> Price {
        let own = match alternative.kind {
            Kind::Read(_) => {
                let (open, byte) = cost::source(&alternative.expr);
                let size = alternative.expr.dtype().itemsize() as f64;
                Price {
                    fixed: open,
                    bytes: elements * size * byte,
                    visit: 0.0,
                }
            }
            Kind::Affine(_) | Kind::Reshape | Kind::Windows | Kind::Concatenate => Price {
                visit: MOVE,
                ..Price::default()
            },
            _ => Price {
                visit: alternative.ns,
                ..Price::default()
            },
        };
        let price = |(k, &arg): (usize, &u32)| match alternative.kind {
            Kind::Reshape => self.special(arg, Place::Linear),
            Kind::Windows => self.special(arg, Place::Stored),
            Kind::Concatenate => Price {
                visit: 0.0,
                ..self.special(arg, Place::Part)
            },
            Kind::Lookup => {
                // No more is loaded than is looked up.
                let class = &self.arena.classes[arg as usize];
                let part = (elements / class.elements.max(1.0)).min(1.0);
                let price = self.special(arg, Place::Argument.below(Kind::Lookup, k));
                Price {
                    visit: 0.0,
                    bytes: price.bytes * part,
                    fixed: price.fixed,
                }
            }
            _ => self.argument(arg, elements),
        };
        let args = alternative.args.iter().enumerate();
        args.map(price).fold(own, Price::plus)
    }

    /// The price of an argument in a pass that visits `elements` of it.
    fn argument(&self, arg: u32, elements: f64) -> Price {
        let class = &self.arena.classes[arg as usize];
        let choice = &self.choices[arg as usize];
        let price = match choice.take {
            Take::Inline(_) => choice.body,
            Take::Input => self.load(arg),
        };
        let part = if class.elements > 0.0 {
            (elements / class.elements).min(1.0)
        } else {
            0.0
        };
        Price {
            bytes: price.bytes * part,
            ..price
        }
    }

    /// The price of an argument that must be an input or one of few leaves.
    fn special(&self, arg: u32, place: Place) -> Price {
        let choice = &self.choices[arg as usize];
        match choice.at(place) {
            Take::Inline(_) => choice.body,
            Take::Input => self.load(arg),
        }
    }

    /// Loading an input; if it is not stored anyway, making and storing it too.
    fn load(&self, arg: u32) -> Price {
        let class = &self.arena.classes[arg as usize];
        let store = class.bytes * cost::STORE_BYTE * self.store_scale;
        let making = self.choices[arg as usize].root_ns + cost::STAGE + store;
        Price {
            visit: 0.0,
            bytes: class.bytes * cost::LOAD_BYTE,
            fixed: if self.stored[arg as usize] {
                0.0
            } else {
                making
            },
        }
    }
}
