//! Who waits for the network?
//!
//! One thread of this process, made when it is first wanted; the thread that asks waits for it.
//! Absent: what is waited for.

use std::sync::OnceLock;
use tokio::runtime::{Builder, Handle, Runtime};

/// The runtime, or why there is none.
fn runtime() -> Result<&'static Runtime, String> {
    static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();
    let made = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("tilewright-remote")
            .enable_all()
            .build()
            .map_err(|error| error.to_string())
    });
    made.as_ref().map_err(Clone::clone)
}

/// Does something within the runtime.
///
/// # Errors
/// If there is none.
pub fn within<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    let _entered = runtime()?.enter();
    Ok(work())
}

/// Waits for what `work` makes.
///
/// # Errors
/// If there is no runtime.
pub fn wait<T: Send>(work: impl AsyncFnOnce() -> T + Send) -> Result<T, String> {
    let runtime = runtime()?;
    if Handle::try_current().is_err() {
        return Ok(runtime.block_on(work()));
    }
    // A thread that runs tasks of the caller's own runtime must not wait itself.
    let waited = std::thread::scope(|scope| scope.spawn(|| runtime.block_on(work())).join());
    waited.map_err(|_| "a request could not be carried out".into())
}
