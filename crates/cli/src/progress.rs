//! What does the user see while a run goes on?
//!
//! One bar over all stages on standard error: rate, bytes read, time left.

use crate::args;
use crate::output::size;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tilewright::Progress;

/// A shorter run shows no bar by itself.
const PATIENCE: Duration = Duration::from_millis(500);

/// Steps of the bar.
const STEPS: u64 = 1000;

/// A bar that appears once a run takes long.
#[derive(Clone)]
pub struct Bar {
    state: Arc<Mutex<State>>,
}

struct State {
    wanted: args::Progress,
    started: Instant,
    bar: Option<ProgressBar>,
}

impl Bar {
    /// A bar that is not shown yet.
    pub fn new(wanted: args::Progress) -> Bar {
        let state = State {
            wanted,
            started: Instant::now(),
            bar: None,
        };
        Bar {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Shows how far the run is.
    pub fn update(&self, progress: &Progress) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if !state.is_due() {
            return;
        }
        let bar = state.bar.get_or_insert_with(bar);
        let part = if progress.total > 0.0 {
            progress.done / progress.total
        } else {
            0.0
        };
        let elapsed = progress.elapsed.as_secs_f64();
        let rate = progress.done / elapsed.max(1e-9);
        let left = (progress.total - progress.done).max(0.0) / rate.max(1e-9);
        let stage = (progress.stage + 1).min(progress.stages);
        let mut message = format!("stage {stage}/{}  {}", progress.stages, elements(rate));
        if progress.bytes_read > 0 {
            let per_second = progress.bytes_read as f64 / elapsed.max(1e-9);
            message.push_str(&format!("  {}/s read", size::show(per_second as u64)));
        }
        message.push_str(&format!("  {} left", time(left)));
        bar.set_message(message);
        bar.set_position((part * STEPS as f64) as u64);
    }

    /// Takes the bar off the screen.
    pub fn finish(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bar) = state.bar.take() {
            if state.wanted == args::Progress::Always {
                bar.abandon();
            } else {
                bar.finish_and_clear();
            }
        }
        state.wanted = args::Progress::Never;
    }
}

impl State {
    fn is_due(&self) -> bool {
        match self.wanted {
            args::Progress::Never => false,
            args::Progress::Always => true,
            args::Progress::Auto => {
                self.started.elapsed() > PATIENCE && std::io::stderr().is_terminal()
            }
        }
    }
}

fn bar() -> ProgressBar {
    let target = ProgressDrawTarget::stderr_with_hz(10);
    let bar = ProgressBar::with_draw_target(Some(STEPS), target);
    let style = ProgressStyle::with_template("{bar:30} {percent:>3}%  {elapsed}  {msg}");
    bar.set_style(
        style
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .progress_chars("━╸ "),
    );
    bar
}

/// `1.2e8 elements/s`.
fn elements(rate: f64) -> String {
    format!("{rate:.1e} elements/s")
}

/// `45 s`, `3 min 20 s`, `2 h 5 min`, `4 d 3 h`.
fn time(seconds: f64) -> String {
    let whole = seconds.min(1e15) as u64;
    match whole {
        0..60 => format!("{whole} s"),
        60..3600 => format!("{} min {} s", whole / 60, whole % 60),
        3600..86_400 => format!("{} h {} min", whole / 3600, whole / 60 % 60),
        _ => format!("{} d {} h", whole / 86_400, whole / 3600 % 24),
    }
}

#[cfg(test)]
mod tests {
    use super::time;

    #[test]
    fn times_have_two_units_at_most() {
        assert_eq!(time(45.2), "45 s");
        assert_eq!(time(200.0), "3 min 20 s");
        assert_eq!(time(7500.0), "2 h 5 min");
        assert_eq!(time(4.0 * 86_400.0 + 3.0 * 3600.0), "4 d 3 h");
        assert_eq!(time(f64::INFINITY), "11574074074 d 1 h");
    }
}
