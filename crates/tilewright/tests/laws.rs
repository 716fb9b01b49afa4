//! Do random numbers follow their laws?
//!
//! Kolmogorov and Smirnov's test of each law with fixed seeds: the largest distance between the
//! distribution of 20,000 numbers and the law's is below what a hundred thousandth of samples exceed.
//! Discrete laws by χ².
#![allow(clippy::unwrap_used, reason = "tests")]

use tilewright::random::{Seed, seed};
use tilewright::{Array, Operand, arange, array, ops, shape};

const N: i64 = 20_000;

fn map(name: &str, x: &Array) -> Array {
    ops::map(name, &[x.into()])
}

/// The largest distance of a sample's distribution from uniform numbers.
fn distance(mut uniform: Vec<f64>) -> f64 {
    uniform.sort_by(f64::total_cmp);
    let n = uniform.len() as f64;
    let steps = uniform.iter().enumerate().map(|(k, u)| {
        let (below, above) = (u - k as f64 / n, (k + 1) as f64 / n - u);
        below.max(above)
    });
    steps.fold(0.0, f64::max)
}

/// `distribution` of the law's numbers is uniform in [0, 1].
fn follows(name: &str, draw: impl Fn(Seed) -> Array, distribution: impl Fn(&Array) -> Array) {
    for number in 0..3 {
        let x = draw(seed(1000 + number));
        let uniform = distribution(&x).compute().unwrap().to_vec::<f64>().unwrap();
        assert!(uniform.iter().all(|u| (0.0..=1.0).contains(u)), "{name}");
        let d = distance(uniform) * (N as f64).sqrt();
        // P(D·√n > 2.47) is 1e-5.
        assert!(d < 2.47, "{name}: {d}");
        // Another law is far off.
        let other = distribution(&(&x * 1.2 + 0.1)).compute().unwrap();
        let d = distance(other.to_vec().unwrap()) * (N as f64).sqrt();
        assert!(d > 5.0, "{name} is told from another: {d}");
    }
}

/// (1 + erf(z / √2)) / 2.
fn normal(z: &Array) -> Array {
    (map("erf", &(z / 2f64.sqrt())) + 1.0) / 2.0
}

#[test]
fn exponential_laws() {
    let scaled = |x: &Array| -map("expm1", &(x / -2.5));
    follows("exponential", |s| s.exponential(2.5, [N]), scaled);
    let plain = |x: &Array| -map("expm1", &-x);
    follows(
        "standard_exponential",
        |s| s.standard_exponential([N]),
        plain,
    );
    let weibull = |x: &Array| -map("expm1", &-x.pow(1.5));
    follows("weibull", |s| s.weibull(1.5, [N]), weibull);
    let rayleigh = |x: &Array| -map("expm1", &(x * x / -8.0));
    follows("rayleigh", |s| s.rayleigh(2.0, [N]), rayleigh);
    let pareto = |x: &Array| 1.0 - (x + 1.0).pow(-3.0);
    follows("pareto", |s| s.pareto(3.0, [N]), pareto);
    let gumbel = |x: &Array| map("exp", &-map("exp", &((x - 1.0) / -2.0)));
    follows("gumbel", |s| s.gumbel(1.0, 2.0, [N]), gumbel);
}

#[test]
fn symmetric_laws() {
    let laplace = |x: &Array| {
        let z = (x - 1.0) / 3.0;
        let tail = map("exp", &-map("absolute", &z)) / 2.0;
        ops::map(
            "where",
            &[z.lt(0.0).into(), (&tail).into(), (1.0 - &tail).into()],
        )
    };
    follows("laplace", |s| s.laplace(1.0, 3.0, [N]), laplace);
    let logistic = |x: &Array| 1.0 / (map("exp", &((x + 2.0) / -1.5)) + 1.0);
    follows("logistic", |s| s.logistic(-2.0, 1.5, [N]), logistic);
    let cauchy = |x: &Array| map("atan", x) / std::f64::consts::PI + 0.5;
    follows("standard_cauchy", |s| s.standard_cauchy([N]), cauchy);
}

#[test]
fn other_laws() {
    let clipped = |x: &Array| x.clip(0.0, 1.0);
    follows("power", |s| s.power(2.5, [N]), |x| clipped(&x.pow(2.5)));
    let lognormal = |x: &Array| normal(&((map("log", x) - 0.5) / 0.75));
    follows("lognormal", |s| s.lognormal(0.5, 0.75, [N]), lognormal);
    // Left 1, mode 2, right 5: (x − 1)² / 4 below the mode, 1 − (5 − x)² / 12 above.
    let triangular = |x: &Array| {
        let x = x.clip(1.0, 5.0);
        let (low, high) = (&x - 1.0, 5.0 - &x);
        let (below, above) = (&low * &low / 4.0, 1.0 - &high * &high / 12.0);
        ops::map("where", &[x.lt(2.0).into(), below.into(), above.into()])
    };
    follows(
        "triangular",
        |s| s.triangular(1.0, 2.0, 5.0, [N]),
        triangular,
    );
    // Chhikara and Folks 1974, with mean 2 and scale 3.
    let wald = |x: &Array| {
        let root = map("sqrt", &(3.0 / x));
        let first = normal(&(&root * (x / 2.0 - 1.0)));
        let second = normal(&-(&root * (x / 2.0 + 1.0))) * 3f64.exp();
        (first + second).clip(0.0, 1.0)
    };
    follows("wald", |s| s.wald(2.0, 3.0, [N]), wald);
}

/// χ² of counts against expected ones.
fn chi_square(counts: &[f64], expected: &[f64]) -> f64 {
    let terms = counts.iter().zip(expected);
    terms
        .map(|(count, expected)| (count - expected).powi(2) / expected)
        .sum()
}

#[test]
fn gamma_laws() {
    let three = |x: &Array| 1.0 - map("exp", &-x) * (x + 1.0 + x * x / 2.0);
    follows("gamma", |s| s.gamma(3.0, 2.0, [N]), |x| three(&(x / 2.0)));
    let half = |x: &Array| map("erf", &map("sqrt", x));
    follows("standard_gamma", |s| s.standard_gamma(0.5, [N]), half);
    follows(
        "chisquare",
        |s| s.chisquare(2.0, [N]),
        |x| -map("expm1", &(x / -2.0)),
    );
    // With 2 and 3: x²(6 − 8x + 3x²).
    let beta = |x: &Array| {
        let x = x.clip(0.0, 1.0);
        let rest: Array = &x * (&x * 3.0 - 8.0) + 6.0;
        &x * &x * rest
    };
    follows("beta", |s| s.beta(2.0, 3.0, [N]), beta);
    let alpha = array([2.0, 1.0, 2.0], [3]);
    let first = |s: Seed| s.dirichlet(&alpha, [N, 3]).slice(tilewright::s![.., 0]);
    follows("dirichlet", first, beta);
    follows("f", |s| s.f(2.0, 2.0, [N]), |x| x / (x + 1.0));
    let student = |x: &Array| x / (map("sqrt", &(x * x + 2.0)) * 2.0) + 0.5;
    follows("standard_t", |s| s.standard_t(2.0, [N]), student);
}

/// Counts are as probable as `probability` says: bins of 20 expected at least, χ² below what a
/// hundred thousandth of samples exceed.
fn counts_follow(name: &str, x: &Array, probability: impl Fn(i64) -> f64) {
    let x = x.compute().unwrap().to_vec::<i64>().unwrap();
    assert!(x.iter().all(|&k| k >= 0), "{name}");
    let (mut counts, mut expected) = (Vec::new(), Vec::new());
    let (mut count, mut sum, mut left) = (0.0, 0.0, N as f64);
    for k in 0..2000 {
        count += x.iter().filter(|&&x| x == k).count() as f64;
        sum += probability(k) * N as f64;
        if sum >= 20.0 && left - sum >= 20.0 {
            counts.push(count);
            expected.push(sum);
            left -= sum;
            (count, sum) = (0.0, 0.0);
        }
    }
    counts.push(N as f64 - counts.iter().sum::<f64>());
    expected.push(N as f64 - expected.iter().sum::<f64>());
    // The normal approximation of Wilson and Hilferty, 4.27 deviations.
    let degrees = counts.len() as f64 - 1.0;
    let spread = 2.0 / (9.0 * degrees);
    let limit = degrees * (1.0 - spread + 4.27 * spread.sqrt()).powi(3);
    let chi = chi_square(&counts, &expected);
    assert!(chi < limit, "{name}: {chi} of {limit}, {degrees} degrees");
}

/// ln k!
fn log_factorial(k: i64) -> f64 {
    (1..=k).map(|k| (k as f64).ln()).sum()
}

#[test]
fn counting_laws() {
    for mean in [0.5, 4.0, 9.99, 10.0, 73.5, 900.0] {
        let p = |k: i64| (k as f64 * f64::ln(mean) - mean - log_factorial(k)).exp();
        counts_follow(&format!("poisson {mean}"), &seed(1).poisson(mean, [N]), p);
    }
    for (n, r) in [(20, 0.3), (20, 0.95), (60, 0.5), (1000, 0.6), (500, 0.021)] {
        let choose = |k: i64| log_factorial(n) - log_factorial(k) - log_factorial(n - k);
        let p = |k: i64| match k > n {
            true => 0.0,
            false => (choose(k) + k as f64 * f64::ln(r) + (n - k) as f64 * f64::ln(1.0 - r)).exp(),
        };
        counts_follow(
            &format!("binomial {n} {r}"),
            &seed(2).binomial(n, r, [N]),
            p,
        );
    }
    let failures = |k: i64| {
        let ways = log_factorial(k + 2) - log_factorial(k) - log_factorial(2);
        (ways + 3.0 * 0.4f64.ln() + k as f64 * 0.6f64.ln()).exp()
    };
    counts_follow(
        "negative_binomial",
        &seed(3).negative_binomial(3.0, 0.4, [N]),
        failures,
    );
    let series = |k: i64| match k {
        0 => 0.0,
        k => -(0.8f64.powi(k as i32)) / (k as f64 * 0.2f64.ln()),
    };
    counts_follow("logseries", &seed(4).logseries(0.8, [N]), series);
}

/// The density of von Mises' law, summed up by the trapezoid rule.
#[test]
fn angles() {
    use std::f64::consts::PI;
    const STEPS: i64 = 4000;
    for (mu, kappa) in [(0.5, 2.0), (-1.0, 0.1), (0.0, 40.0), (2.0, 0.0)] {
        let density: Vec<f64> = (0..=STEPS)
            .map(|k| {
                let x = -PI + 2.0 * PI * k as f64 / STEPS as f64;
                (kappa * ((x - mu).cos() - 1.0)).exp()
            })
            .collect();
        let mut sums = vec![0.0];
        for pair in density.windows(2) {
            sums.push(sums[sums.len() - 1] + (pair[0] + pair[1]) / 2.0);
        }
        let whole = sums[sums.len() - 1];
        let distribution = |x: &Array| {
            let x = x.compute().unwrap().to_vec::<f64>().unwrap();
            let below = x.iter().map(|x| {
                let place = ((x + PI) / (2.0 * PI)).clamp(0.0, 1.0) * STEPS as f64;
                let k = (place as usize).min(STEPS as usize - 1);
                let rest = place - k as f64;
                (sums[k] + (sums[k + 1] - sums[k]) * rest) / whole
            });
            array(below.collect::<Vec<f64>>(), [N])
        };
        follows("vonmises", |s| s.vonmises(mu, kappa, [N]), distribution);
    }
    // Of a large concentration the angles are normal numbers of deviation 1 / √κ.
    let narrow = |x: &Array| normal(&(x * 1e5));
    follows("vonmises", |s| s.vonmises(0.0, 1e10, [N]), |x| narrow(x));
}

#[test]
fn zipf_and_samples() {
    for a in [2.0, 3.5] {
        let sum: f64 = (1..2_000_000).rev().map(|k| f64::powf(k as f64, -a)).sum();
        let p = |k: i64| {
            if k == 0 {
                0.0
            } else {
                (k as f64).powf(-a) / sum
            }
        };
        counts_follow(&format!("zipf {a}"), &seed(6).zipf(a, [N]), p);
    }
    let choose = |n: i64, k: i64| log_factorial(n) - log_factorial(k) - log_factorial(n - k);
    for (good, bad, taken) in [
        (7, 12, 5),
        (12, 7, 15),
        (40, 60, 30),
        (60, 40, 70),
        (500, 2000, 300),
    ] {
        let p = |k: i64| match k > good || k > taken || taken - k > bad {
            true => 0.0,
            false => (choose(good, k) + choose(bad, taken - k) - choose(good + bad, taken)).exp(),
        };
        let x = seed(7).hypergeometric(good, bad, taken, [N]);
        counts_follow(&format!("hypergeometric {good} {bad} {taken}"), &x, p);
    }
}

#[test]
fn parts_of_trials() {
    let weights = [0.2, 0.0, 0.5, 0.3];
    let x = seed(8).multinomial(30, &array(weights, [4]), [N, 4]);
    let sums = x.sum(tilewright::axis(1)).compute().unwrap();
    assert!(sums.to_vec::<i64>().unwrap().iter().all(|&n| n == 30));
    let choose = |k: i64| log_factorial(30) - log_factorial(k) - log_factorial(30 - k);
    for (at, p) in weights.into_iter().enumerate() {
        let part = x.slice(tilewright::s![.., at as i64]);
        let of = |k: i64| match k > 30 || (p == 0.0 && k > 0) {
            true => 0.0,
            false if p == 0.0 => 1.0,
            false => (choose(k) + k as f64 * f64::ln(p) + (30 - k) as f64 * f64::ln(1.0 - p)).exp(),
        };
        if p > 0.0 {
            counts_follow(&format!("multinomial {p}"), &part, of);
        } else {
            let none = part.compute().unwrap().to_vec::<i64>().unwrap();
            assert!(none.iter().all(|&k| k == 0));
        }
    }
    // Two parts together: their sum is binomial, too.
    let both = x.slice(tilewright::s![.., 0]) + x.slice(tilewright::s![.., 2]);
    let p = |k: i64| match k > 30 {
        true => 0.0,
        false => (choose(k) + k as f64 * f64::ln(0.7) + (30 - k) as f64 * f64::ln(0.3)).exp(),
    };
    counts_follow("multinomial of two", &both, p);
}

#[test]
fn geometric_trials() {
    let p = 0.3f64;
    let trials = seed(5)
        .geometric(p, [N])
        .compute()
        .unwrap()
        .to_vec::<i64>()
        .unwrap();
    assert!(trials.iter().all(|&k| k >= 1));
    // Nine counts, and the rest.
    let counts = (1..=10).map(|k| trials.iter().filter(|&&t| t.min(10) == k).count() as f64);
    let expected = (1..=10).map(|k| match k {
        10 => (1.0 - p).powi(9) * N as f64,
        _ => p * (1.0 - p).powi(k - 1) * N as f64,
    });
    let (counts, expected): (Vec<f64>, Vec<f64>) = (counts.collect(), expected.collect());
    // P(χ² of 9 degrees > 39.3) is 1e-5.
    assert!(chi_square(&counts, &expected) < 39.3, "{counts:?}");
    let sure = seed(5).geometric(1.0, [100]).compute().unwrap();
    assert!(sure.to_vec::<i64>().unwrap().iter().all(|&k| k == 1));
}

#[test]
fn choices_are_as_probable_as_they_say() {
    let options = array([10i64, 20, 30, 40], [4]);
    let weights = array([1.0, 2.0, 0.0, 5.0], [4]);
    let chosen = seed(3).choice(&options, [N], true, Some(&weights));
    let chosen = chosen.compute().unwrap().to_vec::<i64>().unwrap();
    let counts = [10, 20, 40].map(|x| chosen.iter().filter(|&&c| c == x).count() as f64);
    let expected = [1.0, 2.0, 5.0].map(|weight| weight / 8.0 * N as f64);
    assert_eq!(counts.iter().sum::<f64>(), N as f64);
    // P(χ² of 2 degrees > 23) is 1e-5.
    assert!(chi_square(&counts, &expected) < 23.0, "{counts:?}");
    let few = seed(3)
        .choice(&options, [4], false, None)
        .compute()
        .unwrap();
    let mut few = few.to_vec::<i64>().unwrap();
    few.sort_unstable();
    assert_eq!(few, [10, 20, 30, 40]);
    assert!(seed(3).choice(&options, [5], false, None).check().is_err());
}

#[test]
fn permutations_hold_every_number_once() {
    let order = seed(9)
        .permutation(1000)
        .compute()
        .unwrap()
        .to_vec::<i64>()
        .unwrap();
    let mut sorted = order.clone();
    sorted.sort_unstable();
    assert_eq!(sorted, (0..1000).collect::<Vec<_>>());
    assert_ne!(order, sorted);
    // Every first number comes up: 600 of 3 are 200 each, but for chance.
    let firsts = (0..600).map(|k| {
        seed(k)
            .permutation(3)
            .compute()
            .unwrap()
            .to_vec::<i64>()
            .unwrap()[0]
    });
    let firsts: Vec<i64> = firsts.collect();
    let counts = [0, 1, 2].map(|x| firsts.iter().filter(|&&f| f == x).count() as f64);
    assert!(chi_square(&counts, &[200.0; 3]) < 23.0, "{counts:?}");
}

/// A slice draws what the whole holds there; parameters may be arrays.
#[test]
fn slices_are_those_of_the_whole() {
    let scale = arange(1, 41, 1).reshape([40, 1]);
    let layout = || shape([40, 30]).chunks([7, 11]);
    let draws: [fn(Seed, Operand, tilewright::Layout) -> Array; 4] = [
        |s, scale, layout| s.exponential(scale, layout),
        |s, scale, layout| s.laplace(0.0, scale, layout),
        |s, scale, layout| s.wald(1.5, scale, layout),
        |s, scale, layout| s.weibull(scale, layout),
    ];
    for draw in draws {
        let whole = draw(seed(7), (&scale).into(), layout());
        let all = whole.compute().unwrap().to_vec::<f64>().unwrap();
        let part = whole.slice(tilewright::s![3, 5..29;4]).compute().unwrap();
        let expected: Vec<f64> = (0..6).map(|k| all[3 * 30 + 5 + 4 * k]).collect();
        assert_eq!(part.to_vec::<f64>().unwrap(), expected);
    }
}

#[test]
fn what_a_law_does_not_have_is_refused() {
    assert!(seed(1).exponential(-1.0, [3]).check().is_err());
    assert!(seed(1).geometric(0.0, [3]).check().is_err());
    assert!(seed(1).geometric(1.5, [3]).check().is_err());
    assert!(seed(1).triangular(2.0, 1.0, 3.0, [3]).check().is_err());
    assert!(seed(1).wald(f64::NAN, 1.0, [3]).check().is_err());
    assert!(seed(1).law("nonsense", &[], [3]).check().is_err());
    assert!(seed(1).laplace(arange(0, 4, 1), 1.0, [3]).check().is_err());
}
