//! How does something repeat?
//!
//! Counted loops with the test at their end, behind a test of whether they start. In every branch
//! around a loop the way out is named first: Cranelift visits the second successor first in
//! reverse postorder, and it hoists out of a loop only what it meets before it has left it.
//! Absent: what is repeated.

use crate::function::Generator;
use cranelift_codegen::ir::condcodes::IntCC;
use cranelift_codegen::ir::{Block, BlockArg, InstBuilder, Value, types};

impl Generator<'_, '_> {
    /// Goes to `begin` if `count` is positive, else to `done`.
    pub(crate) fn begin_if_positive(&mut self, count: Value, begin: Block, done: Block) {
        let zero = self.builder.ins().iconst(types::I64, 0);
        let none = self
            .builder
            .ins()
            .icmp(IntCC::SignedLessThanOrEqual, count, zero);
        self.builder.ins().brif(none, done, &[], begin, &[]);
    }

    /// Runs `body` with `at` from `from` on in steps while it is below `limit`. The body gets the
    /// values carried from round to round and gives the next ones. Gives the `at` where it ended
    /// and the last values carried.
    pub(crate) fn count_up(
        &mut self,
        (from, limit, step): (Value, Value, i64),
        carried: &[Value],
        body: impl FnOnce(&mut Self, Value, &[Value]) -> Vec<Value>,
    ) -> (Value, Vec<Value>) {
        let (round, after) = (self.builder.create_block(), self.builder.create_block());
        let types: Vec<_> = carried
            .iter()
            .map(|&v| self.builder.func.dfg.value_type(v))
            .collect();
        for block in [round, after] {
            self.builder.append_block_param(block, types::I64);
            for &ty in &types {
                self.builder.append_block_param(block, ty);
            }
        }
        let none = self
            .builder
            .ins()
            .icmp(IntCC::SignedGreaterThanOrEqual, from, limit);
        let arguments = arguments(from, carried);
        self.builder
            .ins()
            .brif(none, after, &arguments, round, &arguments);

        self.builder.switch_to_block(round);
        let parameters = self.builder.block_params(round).to_vec();
        let next_carried = body(self, parameters[0], &parameters[1..]);
        let step = self.builder.ins().iconst(types::I64, step);
        let next = self.builder.ins().iadd(parameters[0], step);
        let more = self.builder.ins().icmp(IntCC::SignedLessThan, next, limit);
        let arguments = self::arguments(next, &next_carried);
        self.builder
            .ins()
            .brif(more, round, &arguments, after, &arguments);

        self.builder.switch_to_block(after);
        let parameters = self.builder.block_params(after);
        (parameters[0], parameters[1..].to_vec())
    }
}

fn arguments(at: Value, carried: &[Value]) -> Vec<BlockArg> {
    let values = std::iter::once(at).chain(carried.iter().copied());
    values.map(BlockArg::from).collect()
}
