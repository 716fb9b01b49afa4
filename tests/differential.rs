#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests")]
use tilewright_tests::{generate, rooms::Rooms, text};

#[test]
fn probe() {
    let rooms = Rooms::new().unwrap();
    let (from, count): (u64, u64) = (
        std::env::var("SEED").map_or(0, |s| s.parse().unwrap()),
        std::env::var("COUNT").map_or(300, |s| s.parse().unwrap()),
    );
    let mut failed = std::collections::BTreeMap::<String, (u32, u64)>::new();
    let (mut tried, mut refused) = (0, 0);
    let t = std::time::Instant::now();
    for seed in from..from + count {
        let case = generate::case(seed);
        tried += case.tried;
        refused += case.refused;
        if let Err(f) = rooms.agree(&case.program, &case.built) {
            let key = format!("{} {}", f.room, f.message.chars().take(90).collect::<String>().split(char::is_numeric).collect::<Vec<_>>().join("#"));
            let e = failed.entry(key).or_insert((0, seed));
            e.0 += 1;
        }
    }
    println!("{:?} tried {tried} refused {refused}", t.elapsed());
    for (k, (n, s)) in failed { println!("{n:5} seed {s:5} {k}"); }
    let _ = text::text;
}
