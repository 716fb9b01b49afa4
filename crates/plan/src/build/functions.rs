//! Which rows does a stage of functions of rows take, and where do they lie?

use super::iterations::Iterations;
use super::lanes::Strides;
use crate::lower::along::{Argument, Calls};
use crate::plan::Rows;
use crate::program::{Program, Value};
use crate::tile::{Question, Span, Tiling};
use tilewright_core::{AxisGrid, DType, Error, Grid, Kind, Result};
use tilewright_expr::Expr;
use tilewright_expr::attr::{Along, Attr};
use tilewright_expr::op::{Family, Length, Role};

/// The functions of a stage and what they take.
pub(super) struct Functions {
    pub calls: Calls,
    rows: Along,
    /// How its rows are cut into chunks.
    read: AxisGrid,
    follows: bool,
    axes: usize,
}

impl Functions {
    pub fn of(
        root: &Expr,
        iterations: &Iterations,
        values: &[Value],
        strides: &Strides,
    ) -> Result<Functions> {
        let (Family::Along(row), Attr::Along(rows), [first, ..]) =
            (&root.op().family, root.attr(), root.args())
        else {
            return Err(Error::new(Kind::Internal, "a stage of rows without rows"));
        };
        let function = (row.lower)(first.dtype(), rows.dtype);
        let follows = row.length == Length::Each;
        let arguments = values.iter().enumerate().map(|(k, &value)| {
            let mut outer = iterations.row_of(k, rows);
            let axis = outer.pop().unwrap_or(0);
            Argument {
                value,
                outer,
                axis,
                dtype: function.place_dtype(k + 1),
                strides: strides.known(axis),
                written: function.writes(k + 1),
            }
        });
        let arguments: Vec<Argument> = arguments.collect();
        let each = row.roles.iter().position(|role| *role == Role::Each);
        let result = match each.filter(|_| follows) {
            Some(k) => arguments[k].axis,
            None => iterations.kept,
        };
        Ok(Functions {
            calls: Calls {
                function,
                parameter: rows.parameter,
                result,
                contiguous: rows.axis + 1 == root.shape().len(),
                arguments,
            },
            rows: *rows,
            read: match rows.chunked {
                true => AxisGrid::whole(first.shape().iter().product()),
                false => first.grid().axes[rows.axis].clone(),
            },
            follows,
            axes: iterations.domain.len(),
        })
    }

    /// The axis along which tile buffers are contiguous: the row's, or the one that the result
    /// follows; a row beside it depends on no other that would lie within.
    pub fn lane(&self) -> usize {
        match self.follows {
            true => self.calls.result,
            false => self.calls.arguments[0].axis,
        }
    }

    /// Takes the rows' axis out of a grid of the result, where tiles do not cut it.
    pub fn without_rows(&self, grid: &mut Grid) {
        if !self.follows && self.rows.axis < grid.axes.len() {
            grid.axes.remove(self.rows.axis);
        }
    }

    /// Takes rows in parts, if the function carries from one to the next and they are longer than a
    /// task should be; a part has whole chunks of what is read, or of the grid that is written.
    pub fn in_parts(&self, question: &Question<'_>, written: Option<&Grid>, tiling: &mut Tiling) {
        if !self.calls.function.carries() {
            return;
        }
        let written = written.and_then(|grid| grid.axes.get(self.rows.axis));
        let chunk = match written {
            Some(axis) => axis.longest(),
            None if question.stored => self.read.longest(),
            None => 1,
        };
        let even = |axis: &AxisGrid| *axis == AxisGrid::regular(axis.len(), chunk);
        let rows = tiling.kept.iter().map(|axis| axis.longest().max(1));
        let rows = rows.fold(1, i64::saturating_mul);
        let len = (question.target / rows).max(1);
        let len = ((len - 1) / chunk.max(1) + 1).saturating_mul(chunk.max(1));
        let long = len < question.domain[self.calls.arguments[0].axis];
        if long && written.is_none_or(even) {
            tiling.span = Span::Parts(len);
            tiling.because += &format!(", {len} elements at a time");
        }
    }

    /// The buffers of a task, for the longest rows that it meets.
    pub fn rows(&self, root: &Expr, program: &Program, grid: &Grid, tiling: &Tiling) -> Rows {
        let pieces = if self.rows.chunked {
            grid.chunks().max(1)
        } else {
            1
        };
        let at_once = match tiling.span {
            Span::Parts(len) => len,
            _ => i64::MAX,
        };
        let made = (!self.follows).then(|| (self.rows.len / pieces).min(at_once));
        let longest = |axis: usize| match tiling.kept.get(axis) {
            Some(tiles) => tiles.longest(),
            None => grid.axes[axis].longest().min(at_once),
        };
        let mut buffers: Vec<(DType, i64)> = self
            .calls
            .arguments
            .iter()
            .map(|argument| {
                let outer = argument.outer.iter().map(|&axis| longest(axis));
                let len = outer.fold(longest(argument.axis), i64::saturating_mul);
                (argument.dtype, len)
            })
            .collect();
        let result = made.unwrap_or_else(|| longest(self.calls.result));
        buffers.push((root.dtype(), result));
        // Buffers that no call fills hold nothing.
        for (k, buffer) in buffers.iter_mut().enumerate() {
            if !self.calls.fills(program, k) {
                buffer.1 = 0;
            }
        }
        if self.calls.function.carries() {
            let rows = tiling.kept.iter().map(AxisGrid::longest);
            buffers.push((root.dtype(), rows.fold(1, i64::saturating_mul)));
        }
        Rows {
            walks: self.walks(root.shape().len()),
            made,
            axes: 1 + self.calls.arguments[0].outer.len(),
            buffers,
        }
    }

    fn walks(&self, ndim: usize) -> Vec<Option<usize>> {
        if self.rows.chunked {
            let mut walks = vec![None; self.axes];
            walks[0] = Some(0);
            return walks;
        }
        let mut walks: Vec<Option<usize>> = (0..ndim)
            .filter(|&k| self.follows || k != self.rows.axis)
            .map(Some)
            .collect();
        walks.push(Some(self.rows.axis).filter(|_| !self.follows));
        walks.resize(self.axes, None);
        walks
    }
}
