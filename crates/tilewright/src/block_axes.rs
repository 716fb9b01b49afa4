//! Which axes has a function of blocks beside those of the arrays?
//!
//! Underneath, the result's blocks have every axis: one that is dropped is one element long and goes
//! afterwards, one that is new is one element long in the arrays. The function sees neither.

use tilewright_core::{AxisGrid, Error, Kind, Result, Shape};
use tilewright_expr::Expr;
use tilewright_expr::blocks::{BlockFunction, BlockPlace};
use tilewright_expr::build::{self, BlockOptions, Boundary, Made};

/// Axes that are dropped, of the arrays, and new ones, of the result.
#[derive(Clone, Debug, Default)]
pub(crate) struct BlockAxes {
    pub dropped: Vec<i64>,
    pub new: Vec<i64>,
}

/// What an axis underneath is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Kept,
    Dropped,
    New,
}

/// The axes underneath that a function sees in the arrays.
pub(crate) struct Seen(Vec<Role>);

impl Seen {
    /// The lengths of these axes.
    pub fn of(&self, lengths: &[i64]) -> Shape {
        self.without(Role::New, lengths)
    }

    fn without(&self, role: Role, lengths: &[i64]) -> Shape {
        let each = lengths.iter().zip(&self.0);
        each.filter(|(_, own)| **own != role)
            .map(|(&len, _)| len)
            .collect()
    }
}

impl BlockAxes {
    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.dropped.is_empty() && self.new.is_empty()
    }

    /// The axes underneath, for arrays of `ndim` axes.
    fn roles(&self, ndim: usize) -> Result<Vec<Role>> {
        let dropped = build::normalize_axes(&self.dropped, ndim)?;
        let result = ndim - dropped.len() + self.new.len();
        let new = build::normalize_axes(&self.new, result)?;
        let mut own = (0..ndim).peekable();
        let mut roles = Vec::with_capacity(ndim + new.len());
        for axis in 0..result {
            if new.contains(&axis) {
                roles.push(Role::New);
                continue;
            }
            while own.next_if(|axis| dropped.contains(axis)).is_some() {
                roles.push(Role::Dropped);
            }
            own.next();
            roles.push(Role::Kept);
        }
        roles.extend(own.map(|_| Role::Dropped));
        Ok(roles)
    }

    /// A place as the function sees it, and the axes that it sees; `None` where it sees all.
    pub fn seen(&self, place: &BlockPlace) -> Result<Option<(BlockPlace, Seen)>> {
        if self.is_empty() {
            return Ok(None);
        }
        let seen = Seen(self.roles(place.position.len() - self.new.len())?);
        let own = BlockPlace {
            position: seen.of(&place.position),
            start: seen.of(&place.start),
            own: seen.of(&place.own),
            before: seen.of(&place.before),
            made: seen.without(Role::Dropped, &place.made),
        };
        Ok(Some((own, seen)))
    }

    /// [`build::map_blocks`] with these axes.
    pub fn map_blocks(
        &self,
        exprs: &[Expr],
        function: &BlockFunction,
        options: BlockOptions,
    ) -> Result<Expr> {
        let shape = build::broadcast_shapes("map_blocks", exprs)?;
        let roles = self.roles(shape.len())?;
        let places = |role: Role| -> Vec<i64> {
            let each = (0..).zip(&roles).filter(|(_, own)| **own == role);
            each.map(|(place, _)| place).collect()
        };
        let below = roles.iter().filter(|role| **role != Role::New);
        let dropped: Vec<bool> = below.map(|role| *role == Role::Dropped).collect();
        let arrays = exprs.iter().map(|x| {
            let x = build::broadcast_to(x, &shape)?;
            let mut grid = x.grid().clone();
            for (axis, _) in grid
                .axes
                .iter_mut()
                .zip(&dropped)
                .filter(|(_, dropped)| **dropped)
            {
                *axis = AxisGrid::whole(axis.len());
            }
            build::expand_dims(&build::rechunk(&x, grid)?, &places(Role::New))
        });
        let arrays = arrays.collect::<Result<Vec<_>>>()?;
        let options = BlockOptions {
            made: self.made(&roles, options.made)?,
            depth: inserted(&roles, options.depth, (0, 0)),
            boundary: inserted(&roles, options.boundary, Boundary::None),
            ..options
        };
        let result = build::map_blocks(&arrays, function.clone(), &options)?;
        match places(Role::Dropped) {
            none if none.is_empty() => Ok(result),
            dropped => build::squeeze(&result, Some(&dropped)),
        }
    }

    /// Lengths of blocks for the axes underneath, of those for the result's.
    fn made(&self, roles: &[Role], made: Vec<Made>) -> Result<Vec<Made>> {
        let wanted = roles.len() - self.dropped.len();
        if !made.is_empty() && made.len() != wanted {
            let message = format!("{} lengths of blocks for {wanted} axes", made.len());
            return Err(Error::new(Kind::Axis, message).way_out("one for each axis of the result"));
        }
        let mut given = made.into_iter();
        let each = roles.iter().map(|role| match role {
            Role::Dropped => Made::Each(1),
            Role::Kept => given.next().unwrap_or_default(),
            Role::New => match given.next() {
                None | Some(Made::Own) => Made::Each(1),
                Some(made) => made,
            },
        });
        Ok(each.collect())
    }
}

/// What is said of each of the arrays' axes, for the axes underneath; `other` of the new ones.
fn inserted<T>(roles: &[Role], said: Vec<T>, other: T) -> Vec<T>
where
    T: Clone,
{
    let own = roles.iter().filter(|role| **role != Role::New).count();
    if said.len() != own {
        // Nothing, or what is refused.
        return said;
    }
    let mut said = said.into_iter();
    let each = roles.iter().filter_map(|role| match role {
        Role::New => Some(other.clone()),
        Role::Kept | Role::Dropped => said.next(),
    });
    each.collect()
}
