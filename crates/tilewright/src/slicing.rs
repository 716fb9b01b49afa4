//! How is a subscript written in Rust?
//!
//! [`s!`](crate::s) makes a list of [`Item`]s, one for each axis it names.

use crate::Array;
use tilewright_core::Slice;
use tilewright_expr::{Expr, build};

/// One item of a subscript; made by [`s!`](crate::s).
#[derive(Clone, Debug)]
pub struct Item(Inner);

#[derive(Clone, Debug)]
enum Inner {
    Plain(build::Item),
    Array(Array),
}

/// A new axis of length 1; [`s!`](crate::s) takes `None` for it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewAxis;

impl Item {
    /// `...`: full slices for the axes that the other items leave.
    pub const ELLIPSIS: Item = Item::plain(build::Item::Ellipsis);

    /// A slice `start:stop:step`.
    pub fn slice(start: Option<i64>, stop: Option<i64>, step: Option<i64>) -> Item {
        Item::plain(build::Item::Slice(Slice { start, stop, step }))
    }

    /// Every `step`-th point of a range, from its end if `step` is negative.
    ///
    /// As in NumPy, the range of a negative step runs downwards: `9..2;-1` is `9:2:-1`.
    pub fn stepped(range: impl Into<Range>, step: i64) -> Item {
        let Range { start, stop } = range.into();
        Item::slice(start, stop, Some(step))
    }

    const fn plain(item: build::Item) -> Item {
        Item(Inner::Plain(item))
    }

    /// The array that it is, if it is one.
    pub(crate) fn array(&self) -> Option<&Array> {
        match &self.0 {
            Inner::Array(array) => Some(array),
            Inner::Plain(_) => None,
        }
    }

    /// The item, whose array is the next of `exprs` if it is one.
    pub(crate) fn inner(&self, exprs: &mut impl Iterator<Item = Expr>) -> Option<build::Item> {
        match &self.0 {
            Inner::Plain(item) => Some(item.clone()),
            Inner::Array(_) => exprs.next().map(build::Item::Array),
        }
    }
}

/// The bounds of a slice, negative ones counted from the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    start: Option<i64>,
    stop: Option<i64>,
}

impl From<std::ops::RangeFull> for Range {
    fn from(_: std::ops::RangeFull) -> Range {
        Range {
            start: None,
            stop: None,
        }
    }
}

macro_rules! integers {
    ($($t:ty),*) => {$(
        impl From<$t> for Item {
            fn from(at: $t) -> Item {
                Item::plain(build::Item::Int(clamp(at as i128)))
            }
        }
        impl From<std::ops::Range<$t>> for Range {
            fn from(range: std::ops::Range<$t>) -> Range {
                let (start, stop) = (clamp(range.start as i128), clamp(range.end as i128));
                Range { start: Some(start), stop: Some(stop) }
            }
        }
        impl From<std::ops::RangeFrom<$t>> for Range {
            fn from(range: std::ops::RangeFrom<$t>) -> Range {
                Range { start: Some(clamp(range.start as i128)), stop: None }
            }
        }
        impl From<std::ops::RangeTo<$t>> for Range {
            fn from(range: std::ops::RangeTo<$t>) -> Range {
                Range { start: None, stop: Some(clamp(range.end as i128)) }
            }
        }
        impl From<std::ops::Range<$t>> for Item {
            fn from(range: std::ops::Range<$t>) -> Item {
                Range::from(range).into()
            }
        }
        impl From<std::ops::RangeFrom<$t>> for Item {
            fn from(range: std::ops::RangeFrom<$t>) -> Item {
                Range::from(range).into()
            }
        }
        impl From<std::ops::RangeTo<$t>> for Item {
            fn from(range: std::ops::RangeTo<$t>) -> Item {
                Range::from(range).into()
            }
        }
    )*};
}
integers!(i32, i64, isize, u32, usize);

/// No axis is longer than `i64::MAX`, so clamping keeps what an index means.
fn clamp(value: i128) -> i64 {
    value.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
}

impl From<Range> for Item {
    fn from(range: Range) -> Item {
        Item::slice(range.start, range.stop, None)
    }
}

impl From<std::ops::RangeFull> for Item {
    fn from(range: std::ops::RangeFull) -> Item {
        Range::from(range).into()
    }
}

impl From<NewAxis> for Item {
    fn from(_: NewAxis) -> Item {
        Item::plain(build::Item::NewAxis)
    }
}

impl From<Option<NewAxis>> for Item {
    fn from(_: Option<NewAxis>) -> Item {
        Item::plain(build::Item::NewAxis)
    }
}

impl From<bool> for Item {
    fn from(truth: bool) -> Item {
        crate::array([truth], crate::shape([])).into()
    }
}

impl From<Array> for Item {
    fn from(array: Array) -> Item {
        Item(Inner::Array(array))
    }
}

impl From<&Array> for Item {
    fn from(array: &Array) -> Item {
        array.clone().into()
    }
}

impl From<Vec<i64>> for Item {
    fn from(points: Vec<i64>) -> Item {
        let count = points.len() as i64;
        crate::array(
            points,
            crate::shape([count]).dtype(tilewright_core::DType::I64),
        )
        .into()
    }
}

impl<const N: usize> From<[i64; N]> for Item {
    fn from(points: [i64; N]) -> Item {
        points.to_vec().into()
    }
}

/// A subscript, as NumPy's square brackets hold it.
///
/// | Rust | NumPy | |
/// |---|---|---|
/// | `5`, `-1` | `5`, `-1` | one point; the axis goes |
/// | `0..100`, `50..`, `..-1`, `..` | `0:100`, `50:`, `:-1`, `:` | a range of one axis |
/// | `0..100;2`, `..;-1` | `0:100:2`, `::-1` | every so many points |
/// | `...` | `...` | full ranges for the axes left |
/// | `None`, `NewAxis` | `None` | a new axis of length 1 |
/// | `[3, 1, 1]`, `&index` | `[3, 1, 1]`, `index` | these points; several broadcast to each other |
/// | `&mask`, `true` | `mask`, `True` | of bool: where it is true, along as many axes as it has; without axes a new axis of length 1 or 0 |
///
/// ```
/// use tilewright::{s, zeros};
///
/// let x = zeros([200, 30, 4]);
/// assert_eq!(x.slice(s![0..100, ..;-2, 3]).shape()?, [100, 15]);
/// assert_eq!(x.slice(s![..., None, 0]).shape()?, [200, 30, 1]);
/// assert_eq!(x.slice(s![]).shape()?, [200, 30, 4]);
/// # Ok::<(), tilewright::Error>(())
/// ```
#[macro_export]
macro_rules! s {
    (@ [$($done:expr,)*]) => {
        { let items: [$crate::Item; _] = [$($done,)*]; items }
    };
    (@ [$($done:expr,)*] ... $(, $($rest:tt)*)?) => {
        $crate::s!(@ [$($done,)* $crate::Item::ELLIPSIS,] $($($rest)*)?)
    };
    (@ [$($done:expr,)*] $range:expr ; $step:expr $(, $($rest:tt)*)?) => {
        $crate::s!(@ [$($done,)* $crate::Item::stepped($range, $step),] $($($rest)*)?)
    };
    (@ [$($done:expr,)*] $item:expr $(, $($rest:tt)*)?) => {
        $crate::s!(@ [$($done,)* $crate::Item::from($item),] $($($rest)*)?)
    };
    ($($items:tt)*) => {
        $crate::s!(@ [] $($items)*)
    };
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    #[allow(
        clippy::reversed_empty_ranges,
        reason = "a negative step runs downwards"
    )]
    fn every_form_is_what_numpy_means() {
        let from = 2usize;
        let plain = |items: &[Item]| -> Vec<build::Item> {
            let mut none = std::iter::empty();
            items
                .iter()
                .filter_map(|item| item.inner(&mut none))
                .collect()
        };
        let want = [
            Item::plain(build::Item::Int(-1)),
            Item::slice(Some(0), Some(100), None),
            Item::slice(Some(2), None, None),
            Item::slice(None, Some(-1), None),
            Item::slice(None, None, None),
            Item::slice(None, None, Some(-1)),
            Item::slice(Some(9), Some(2), Some(-3)),
            Item::ELLIPSIS,
            Item::plain(build::Item::NewAxis),
            Item::plain(build::Item::NewAxis),
        ];
        let items = s![-1, 0..100, from.., ..-1, .., ..;-1, 9..2;-3, ..., None, NewAxis];
        assert_eq!(plain(&items), plain(&want));
        assert_eq!(
            plain(&s![u32::MAX, usize::MAX..]),
            plain(&[
                Item::plain(build::Item::Int(i64::from(u32::MAX))),
                Item::slice(Some(i64::MAX), None, None),
            ])
        );
        let want = [Item::ELLIPSIS, Item::plain(build::Item::Int(1))];
        assert_eq!(plain(&s![..., 1,]), plain(&want));
    }
}
