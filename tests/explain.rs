//! Snapshots of every stage of explain, for the expressions that must work at the end.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod language;

use language::array;
use tilewright::{Section, Session};

fn explained(text: &str, sections: &[Section]) -> String {
    let session = Session::builder()
        .threads(2)
        .memory(1 << 30)
        .build()
        .unwrap();
    let explanation = session.explain([&array(text)]).unwrap();
    // Again, in another session: the text holds nothing of the process.
    let again = Session::builder()
        .threads(2)
        .memory(1 << 30)
        .build()
        .unwrap();
    let again = again.explain([&array(text)]).unwrap();
    let text = explanation.text(sections);
    assert_eq!(text, again.text(sections));
    let road = text.split("\n== kernels").next().unwrap();
    let wide = road.lines().find(|line| line.chars().count() > 100);
    assert_eq!(wide, None, "wider than 100 columns");
    text
}

const ROAD: [Section; 4] = [
    Section::Logical,
    Section::Optimized,
    Section::Physical,
    Section::Kernels,
];

macro_rules! snapshots {
    ($($name:ident: $text:expr;)*) => {$(
        #[test]
        fn $name() {
            insta::assert_snapshot!(explained($text, &ROAD));
        }
    )*};
}

snapshots! {
    item_1_mean_of_100_columns:
        "normal(0, 1, (10000, 10000), chunks=(1000, 1000), seed=1).mean(axis=0)[0:100]";
    item_1_other_chunks:
        "normal(0, 1, (10000, 10000), chunks=(10000, 100), seed=1).mean(axis=0)[0:100]";
    item_2_strided_rows:
        "x = normal(0, 1, (1000, 1000), chunks=(100, 100), seed=1); x[::2, 50:].mean(axis=1)";
    item_2_one_point:
        "x = normal(0, 1, (1000, 1000), chunks=(100, 100), seed=1); x[5, 5]";
    item_2_backwards:
        "x = normal(0, 1, (1000, 1000), chunks=(100, 100), seed=1); x.mean(axis=0)[::-1][:5]";
    item_3_normalized:
        "a = normal(0, 1, (1000, 100), chunks=(100, 100), seed=1); (a - a.mean(axis=0)) / a.std(axis=0)";
    item_3_mean_over_std:
        "x = normal(0, 1, (1000, 100), chunks=(100, 100), seed=1); x.mean(axis=-1) / x.std(axis=-1)";
    item_4_symmetric:
        "x = normal(0, 1, (800, 800), chunks=(200, 200), seed=1); y = x + x.T; y[::2, 50:].mean(axis=1)";
    item_4_sine_of_a_column:
        "x = normal(0, 1, (1000, 1000), chunks=(200, 200), seed=1); (sin(x[:, 0]) * x.T)[:10, :10]";
    item_4_images:
        "im = uniform(0, 1, (30, 200, 200), chunks=(5, 200, 200), seed=1); im / im.max(axis=(1, 2))[:, None, None]";
    item_4_squares_of_integers:
        "x = integers(0, 1000, (1000, 1000), dtype=int32, chunks=(100, 100), seed=1); (x**2).sum()";
    item_5_a_terabyte:
        "uniform(0, 1, (1500000, 100000), chunks=(10000, 10000), seed=1).mean()";
}

#[test]
fn item_1_in_clif_json_and_dot() {
    let text = "normal(0, 1, (10000, 10000), chunks=(1000, 1000), seed=1).mean(axis=0)[0:100]";
    let session = Session::builder()
        .threads(2)
        .memory(1 << 30)
        .build()
        .unwrap();
    let explanation = session.explain([&array(text)]).unwrap();
    let road = &ROAD[..3];
    insta::assert_snapshot!("item_1_json", format!("{:#}", explanation.json(road)));
    insta::assert_snapshot!("item_1_dot", explanation.dot(road));
    // Machine code differs between machines; that there is some does not.
    let clif = explanation.text(&[Section::Clif]);
    assert!(clif.contains("function"), "{clif}");
}
