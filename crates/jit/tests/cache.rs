//! What the cache counts, keeps and forgets; what compiling refuses.
#![allow(clippy::unwrap_used, reason = "tests")]

mod common;

use common::generate;
use std::sync::Arc;
use tilewright_core::Kind;
use tilewright_jit::{Cache, Compiled, Options, clif_text, compile, compile_with};
use tilewright_kernel::{Index, Kernel, Stmt};

#[test]
fn a_kernel_is_compiled_once() {
    let cache = Cache::new();
    let kernels: Vec<Kernel> = (0..5).map(|seed| generate::kernel(seed).0).collect();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for kernel in &kernels {
                    cache.get(kernel).unwrap();
                }
            });
        }
    });
    let counts = cache.counts();
    assert_eq!((counts.compiled, counts.hits, counts.failed), (5, 15, 0));
    assert!(counts.compile_time.as_nanos() > 0);
    assert!(Arc::ptr_eq(
        &cache.get(&kernels[0]).unwrap(),
        &cache.get(&kernels[0].clone()).unwrap()
    ));
}

#[test]
fn the_least_recently_wanted_go_first() {
    let cache = Cache::with_capacity(4);
    let kernels: Vec<Kernel> = (0..6).map(|seed| generate::kernel(seed).0).collect();
    for kernel in &kernels[..4] {
        cache.get(kernel).unwrap();
    }
    let kept = cache.get(&kernels[0]).unwrap();
    for kernel in &kernels[4..] {
        cache.get(kernel).unwrap();
    }
    assert_eq!(cache.counts().compiled, 6);
    assert!(Arc::ptr_eq(&kept, &cache.get(&kernels[0]).unwrap()));
    cache.get(&kernels[1]).unwrap();
    assert_eq!(cache.counts().compiled, 7);
}

#[test]
fn a_broken_kernel_is_a_typed_error() {
    let body = vec![Stmt::Let {
        var: 0,
        value: Index::Arg(0),
    }];
    let kernel = Kernel {
        buffers: vec![],
        scratch: vec![],
        ints: 0,
        scalars: vec![],
        vars: 1,
        body,
    };
    assert_eq!(compile(&kernel).unwrap_err().kind(), Kind::Internal);
    let cache = Cache::new();
    assert!(cache.get(&kernel).is_err());
    assert!(cache.get(&kernel).is_err());
    assert_eq!((cache.counts().failed, cache.counts().hits), (1, 1));
}

#[test]
fn the_text_is_stable_and_holds_no_address() {
    for seed in 0..20 {
        let kernel = generate::kernel(seed).0;
        let text = clif_text(&kernel).unwrap();
        assert_eq!(text, clif_text(&kernel).unwrap());
        let options = Options {
            verify: false,
            keep_clif: true,
        };
        assert_eq!(text, compile_with(&kernel, options).unwrap().clif());
        assert!(text.starts_with("function"), "{text}");
    }
}

#[test]
fn code_may_move_between_threads() {
    fn anywhere<T: Send + Sync>() {}
    anywhere::<Compiled>();
    anywhere::<Cache>();
}

#[test]
#[cfg(target_os = "linux")]
fn dropped_code_gives_its_memory_back() {
    // Bytes of anonymous executable memory: neighbouring maps show as one.
    let code = || -> usize {
        let maps = std::fs::read_to_string("/proc/self/maps").unwrap();
        let ours = maps
            .lines()
            .filter(|line| line.contains("r-xp") && line.trim_end().ends_with(" 0"));
        let bounds = ours.filter_map(|line| line.split(' ').next()?.split_once('-'));
        bounds
            .map(|(from, to)| {
                usize::from_str_radix(to, 16).unwrap() - usize::from_str_radix(from, 16).unwrap()
            })
            .sum()
    };
    let before = code();
    let kept: Vec<Compiled> = (0..200)
        .map(|seed| compile(&generate::kernel(seed).0).unwrap())
        .collect();
    assert!(code() >= before + 200 * 4096, "this counts something else");
    drop(kept);
    // Tests beside this one hold code for a moment.
    let gone = (0..100).any(|_| {
        let gone = code() <= before;
        if !gone {
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        gone
    });
    assert!(gone, "{} bytes of code stay, {before} were there", code());
}
