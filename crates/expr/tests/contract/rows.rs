//! Can a kernel say what each row asks of it?

use tilewright_core::DType;
use tilewright_expr::Family;
use tilewright_expr::op::{MapRow, OPS, OpDef, Step};

/// Every dtype for each argument.
fn combinations(count: usize) -> Vec<Vec<DType>> {
    let more = |lists: Vec<Vec<DType>>| {
        let extend = |list: &Vec<DType>| DType::ALL.map(|dtype| [&list[..], &[dtype]].concat());
        lists.iter().flat_map(extend).collect()
    };
    (0..count).fold(vec![vec![]], |lists, _| more(lists))
}

fn assert_runs(op: &OpDef, row: &MapRow, inputs: &[DType]) {
    let Some((signature, output)) = row.computed(inputs) else {
        return;
    };
    let asked = (row.signature)(inputs).map(|signature| signature.output);
    assert_eq!(asked, Some(output), "{} of {inputs:?}", op.name);
    let loop_dtype = signature.inputs[op.params.len() - 1];
    let step = (row.lower)(loop_dtype, signature.output);
    let (takes, gives) = match step {
        Step::Same | Step::Cast => (op.params.len() == 1, loop_dtype),
        Step::Unary(unary) => (op.params.len() == 1 && unary.takes(loop_dtype), loop_dtype),
        Step::Binary(binary) | Step::Swapped(binary) | Step::Twice(binary) => {
            let output = if binary.compares() {
                DType::Bool
            } else {
                loop_dtype
            };
            let operands = if matches!(step, Step::Twice(_)) { 1 } else { 2 };
            let takes = op.params.len() == operands && binary.takes(loop_dtype);
            (takes, output)
        }
        Step::Select => (signature.inputs[0] == DType::Bool, loop_dtype),
        Step::Slice(function) => {
            let places = function.arity().1 == op.params.len() + 1;
            let dtypes = (0..function.arity().1).all(|k| function.place_dtype(k) == loop_dtype);
            (places && function.is_defined() && dtypes, loop_dtype)
        }
    };
    assert!(takes, "{} of {inputs:?} lowers to {step:?}", op.name);
    assert_eq!(gives, signature.output, "{} of {inputs:?}", op.name);
    // A second look at the cast dtypes changes nothing: that is the normal form.
    let cast = &signature.inputs[..op.params.len()];
    assert_eq!(
        (row.signature)(cast),
        Some(signature),
        "{} of {cast:?}",
        op.name
    );
}

#[test]
fn every_map_lowers_to_a_step_that_exists() {
    for op in OPS {
        if let Family::Map(row) = &op.family {
            for inputs in combinations(op.params.len()) {
                assert_runs(op, row, &inputs);
            }
        }
    }
}

#[test]
fn every_function_of_rows_is_there_for_its_dtypes() {
    let mut functions = 0;
    for op in OPS {
        let Family::Along(row) = &op.family else {
            continue;
        };
        assert_eq!(row.roles.len(), op.params.len(), "{}", op.name);
        for dtype in DType::ALL {
            let Some(dtype) = (row.dtype)(dtype).map(DType::computed) else {
                continue;
            };
            assert_eq!((row.dtype)(dtype), Some(dtype), "{} {dtype}", op.name);
            let output = (row.output)(dtype);
            let function = (row.lower)(dtype, output);
            // What is carried from part to part stands behind the arguments.
            let places = 1 + row.roles.len() + usize::from(function.carries());
            assert_eq!(function.places(), places, "{}", op.name);
            // Bool is not interpolated: `build` refuses it.
            let refused = dtype == DType::Bool && op.name == "quantile";
            assert!(function.is_defined() || refused, "{function}");
            assert_eq!(function.place_dtype(0), output, "{function}");
            assert_eq!(function.place_dtype(1), dtype, "{function}");
            functions += 1;
        }
    }
    assert!(functions > 60, "{functions}");
}

#[test]
fn every_reduction_folds_and_finishes_in_its_dtypes() {
    let mut reductions = 0;
    for op in OPS {
        let Family::Reduce(row) = &op.family else {
            continue;
        };
        for dtype in DType::ALL {
            let Some(accumulator) = (row.accumulator)(dtype).map(DType::computed) else {
                continue;
            };
            assert_eq!(
                (row.accumulator)(accumulator),
                Some(accumulator),
                "{} {dtype}",
                op.name
            );
            let (fold, finish) = ((row.fold)(accumulator), (row.finish)(3));
            let output = (row.output)(accumulator);
            assert_eq!(finish.dtype(fold), output, "{} {dtype}", op.name);
            if let tilewright_kernel::Fold::Op(fold, dtype) = fold {
                assert!(
                    dtype == accumulator && fold.binary_on(dtype).is_some(),
                    "{}",
                    op.name
                );
            }
            if let Some(empty) = (row.empty)(accumulator) {
                assert_eq!(empty.dtype(), output, "{} {dtype}", op.name);
            }
            reductions += 1;
        }
    }
    assert!(reductions > 60, "{reductions}");
}
