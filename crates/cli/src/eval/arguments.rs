//! Which argument belongs to which parameter?

use super::error::{EvalError, Result};
use super::value::Value;
use crate::parse::{Span, Spanned, nearest};

/// Arguments as they were written.
pub(super) struct Arguments {
    /// What is called, for messages.
    pub name: String,
    /// The whole call.
    pub span: Span,
    /// Arguments without a name; of a method, the receiver first.
    pub positional: Vec<Spanned<Value>>,
    /// Arguments with one.
    pub keywords: Vec<(Spanned<String>, Spanned<Value>)>,
    /// Whether the first positional argument is a method's receiver.
    pub method: bool,
}

/// Parameters of a function.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parameters {
    /// Their names, in NumPy's order.
    pub names: &'static [&'static str],
    /// How many of them may have no name; the others are keywords.
    pub positional: usize,
    /// How many must be given.
    pub required: usize,
    /// The parameter that takes all further positional arguments as a tuple: Python's `*args`.
    pub packed: Option<usize>,
    /// Which arrays `out` may be, if it is a parameter.
    pub out: Place,
}

/// How a result becomes one of the dtype of the array where it is to lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is cast to whatever dtype is there.
    Any,
    /// As NumPy's rule of this name allows.
    Cast(&'static str),
    /// As any; of integers it is computed in the float that is there.
    Within,
    /// Indices, which the dtype there must convert to, and not the other way round.
    Indices,
    /// As the function itself says.
    Own,
}

/// Arguments by parameter.
#[derive(Clone)]
pub(super) struct Bound {
    /// The function's name.
    pub name: String,
    /// The whole call.
    pub span: Span,
    /// Which arrays `out` may be.
    pub out: Place,
    names: &'static [&'static str],
    values: Vec<Option<Spanned<Value>>>,
}

impl Arguments {
    /// Gives every argument to its parameter.
    ///
    /// # Errors
    /// Too many, an unknown or repeated name, a missing one.
    pub fn bind(mut self, parameters: &Parameters) -> Result<Bound> {
        if let Some(from) = parameters.packed
            && self.positional.len() >= from
        {
            self.pack(from);
        }
        let mut values: Vec<Option<Spanned<Value>>> = vec![None; parameters.names.len()];
        let given = self.positional.len();
        if given > parameters.positional {
            let receiver = usize::from(self.method);
            let place = self.positional[parameters.positional].span;
            let (most, given) = (parameters.positional - receiver, given - receiver);
            return Err(EvalError::wrong(
                place,
                format!("{} takes {}, not {given}", self.name, arguments(most)),
                signature(&self.name, &parameters.names[receiver..]),
            ));
        }
        for (place, value) in values.iter_mut().zip(self.positional) {
            *place = Some(value);
        }
        for (name, value) in self.keywords {
            let Some(k) = parameters
                .names
                .iter()
                .position(|known| *known == name.node)
            else {
                return Err(unknown_keyword(&self.name, &name, parameters.names));
            };
            if values[k].is_some() {
                return Err(EvalError::wrong(
                    name.span,
                    format!("{} is given {} twice", self.name, name.node),
                    "each argument once",
                ));
            }
            values[k] = Some(value);
        }
        let missing = (0..parameters.required).find(|&k| values[k].is_none());
        if let Some(k) = missing {
            let receiver = usize::from(self.method);
            return Err(EvalError::wrong(
                self.span,
                format!("{} needs the argument {}", self.name, parameters.names[k]),
                signature(&self.name, &parameters.names[receiver..]),
            ));
        }
        Ok(Bound {
            name: self.name,
            span: self.span,
            out: parameters.out,
            names: parameters.names,
            values,
        })
    }

    /// The argument of a keyword, taken out.
    pub fn keyword(&mut self, name: &str) -> Option<Spanned<Value>> {
        let given = self.keywords.iter().position(|(own, _)| own.node == name)?;
        Some(self.keywords.remove(given).1)
    }

    /// Gives a keyword another name.
    pub fn rename(&mut self, from: &str, to: &str) {
        let given = self.keywords.iter_mut().map(|(name, _)| name);
        given
            .filter(|name| name.node == from)
            .for_each(|name| name.node = to.to_owned());
    }

    /// Makes the positional arguments from number `from` on one tuple.
    pub fn pack(&mut self, from: usize) {
        let items = self.positional.split_off(from);
        let span = match (items.first(), items.last()) {
            (Some(first), Some(last)) => Span::new(first.span.start, last.span.end),
            _ => self.span,
        };
        let items = items.into_iter().map(|item| item.node).collect();
        self.positional
            .push(Spanned::new(Value::Tuple(items), span));
    }
}

impl Bound {
    /// The argument of a parameter; `None` if it was left out or is `None`.
    pub fn take(&mut self, name: &str) -> Option<Spanned<Value>> {
        self.take_given(name)
            .filter(|value| !matches!(value.node, Value::None))
    }

    /// The argument of a parameter, also if it is `None`.
    pub fn take_given(&mut self, name: &str) -> Option<Spanned<Value>> {
        let k = self.names.iter().position(|known| *known == name)?;
        self.values[k].take()
    }

    /// Gives a parameter an argument, if it was left out.
    pub fn suggest(&mut self, name: &str, value: Spanned<Value>) {
        let place = self.names.iter().position(|known| *known == name);
        if let Some(place) = place.and_then(|k| self.values.get_mut(k)) {
            place.get_or_insert(value);
        }
    }

    /// The argument of a parameter, left where it is.
    pub fn given(&self, name: &str) -> Option<&Spanned<Value>> {
        let k = self.names.iter().position(|known| *known == name)?;
        self.values[k].as_ref()
    }

    /// Whether one of these parameters has an argument of a kind.
    pub fn any(&self, names: &[&str], kind: impl Fn(&Value) -> bool) -> bool {
        let pairs = self.names.iter().zip(&self.values);
        let mut given = pairs.filter(|(name, _)| names.contains(name));
        given.any(|(_, value)| value.as_ref().is_some_and(|value| kind(&value.node)))
    }

    /// The argument of a parameter that must not be left out.
    ///
    /// # Errors
    /// If it was.
    pub fn need(&mut self, name: &str) -> Result<Spanned<Value>> {
        let (span, function) = (self.span, self.name.clone());
        self.take_given(name).ok_or_else(|| {
            let message = format!("{function} needs the argument {name}");
            EvalError::wrong(span, message, format!("{name}=..."))
        })
    }

    /// The error for an argument that does not fit.
    pub fn refused(&self, name: &str, what: &str, way_out: &str) -> EvalError {
        let message = format!("{}: {name} {what}", self.name);
        EvalError::wrong(self.span, message, way_out)
    }

    /// Refuses arguments of a parameter that NumPy has and this does not.
    ///
    /// # Errors
    /// If one was given that is not `None`.
    pub fn refuse(&mut self, names: &[&str]) -> Result<()> {
        for name in names {
            if let Some(value) = self.take(name) {
                return Err(EvalError::wrong(
                    value.span,
                    format!("{} has no argument {name} here", self.name),
                    format!("leave {name} out"),
                ));
            }
        }
        Ok(())
    }
}

fn unknown_keyword(function: &str, name: &Spanned<String>, known: &[&'static str]) -> EvalError {
    let message = format!("{function} has no argument {}", name.node);
    let way_out = match nearest(&name.node, known.iter().copied()) {
        Some(near) => format!("{near}="),
        None => signature(function, known),
    };
    EvalError::wrong(name.span, message, way_out)
}

fn arguments(count: usize) -> String {
    match count {
        0 => "no argument".to_owned(),
        1 => "1 argument".to_owned(),
        _ => format!("{count} arguments"),
    }
}

/// `name(a, b, c)`.
pub(super) fn signature(name: &str, parameters: &[&str]) -> String {
    format!("{name}({})", parameters.join(", "))
}
