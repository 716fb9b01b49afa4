//! Does the manual say what the operators do?

use tilewright_expr::{Family, OpId, manual, op::OPS};

#[test]
fn every_operator_that_is_written_has_a_page() {
    let index = manual::index();
    for op in OPS {
        let written = !matches!(op.family, Family::Stage(_));
        assert_eq!(manual::page(op.name).is_some(), written, "{}", op.name);
        assert_eq!(
            index.contains(&format!("\n  {}(", op.name)),
            written,
            "{}",
            op.name
        );
        assert!(
            !op.doc.formula.is_empty() && !op.doc.source.is_empty(),
            "{}",
            op.name
        );
    }
    assert_eq!(manual::names().count(), OPS.len() - 3);
    assert!(manual::page("sine").is_none() && manual::page("fused").is_none());
    let pages: Vec<String> = manual::names().filter_map(manual::page).collect();
    let lines = pages
        .iter()
        .flat_map(|page| page.lines())
        .chain(index.lines());
    for line in lines {
        assert!(line.chars().count() <= 100, "{line}");
    }
}

#[test]
fn names_are_unique_and_found() {
    for op in OPS {
        assert_eq!(OpId::named(op.name).unwrap().def().name, op.name);
        assert_eq!(op.id().def().name, op.name);
    }
}

#[test]
fn a_page_says_all_there_is() {
    assert_eq!(
        manual::page("sum").unwrap(),
        "\
sum(x, axis, dtype, keepdims, initial, where)
  formula  sum of x along the axes
  edges    empty gives 0, and no sum is -0.0; integers widen to 64 bits and wrap; float error at
           most γ_d·Σ|x| with the canonical tree's depth d
  dtypes   bool i8 i16 i32 -> i64; u8 u16 u32 -> u64; others the same
  family   reduction
  source   NumPy 2 sum; Higham 2002 §4.2
"
    );
}

#[test]
fn dtypes_come_from_the_rules() {
    let dtypes = |name: &str| {
        let page = manual::page(name).unwrap();
        let line = page
            .lines()
            .find(|line| line.starts_with("  dtypes"))
            .map(str::to_owned);
        line.map_or(String::new(), |line| line["  dtypes   ".len()..].to_owned())
    };
    let expected = [
        ("add", "any -> the same"),
        ("negative", "bool refused; others the same"),
        ("floor_divide", "bool -> i8; others the same"),
        (
            "divide",
            "bool i8 i16 i32 i64 u8 u16 u32 u64 -> f64; others the same",
        ),
        ("less", "any -> bool"),
        ("bitwise_and", "f16 f32 f64 refused; others the same"),
        ("where", "any -> the same"),
        (
            "sqrt",
            "bool i8 u8 -> f16; i16 u16 -> f32; i32 i64 u32 u64 -> f64; others the same",
        ),
        ("astype", "any -> the dtype asked for"),
        ("all", "any -> bool"),
        (
            "mean",
            "bool i8 i16 i32 i64 u8 u16 u32 u64 -> f64; others the same",
        ),
        ("transpose", ""),
    ];
    for (name, want) in expected {
        assert_eq!(dtypes(name), want, "{name}");
    }
}
