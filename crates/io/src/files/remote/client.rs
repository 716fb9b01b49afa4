//! Which connections are there, and when is an operation tried again?
//!
//! One client for each host or bucket of the process, made when it is first asked for. An operation
//! waits for its turn, and is tried again as long as its failure may pass and there is time. Absent:
//! what an operation is.

use super::failure::Failure;
use super::service::Connector;
use super::{Settings, runtime};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::http::HttpBuilder;
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use tilewright_core::uri;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};

/// Longest wait before a retry.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// The connections to a host or bucket.
#[derive(Debug)]
pub struct Client {
    root: String,
    store: Box<dyn ObjectStore>,
    turns: Semaphore,
    settings: Settings,
}

impl Client {
    /// The client of `SCHEME://HOST`.
    ///
    /// # Errors
    /// A sentence and a way out, if it cannot be made.
    pub fn of(root: &str) -> Result<Arc<Client>, (String, &'static str)> {
        static CLIENTS: OnceLock<Mutex<HashMap<String, Arc<Client>>>> = OnceLock::new();
        let clients = CLIENTS.get_or_init(Mutex::default);
        let mut clients = clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(root) {
            return Ok(client.clone());
        }
        let settings = Settings::current();
        let store = runtime::within(|| connect(root, &settings));
        let store = store.and_then(|store| store.map_err(|error| error.to_string()));
        let store = store.map_err(|error| {
            let message = format!("{} cannot be reached: {error}", uri::shown(root));
            (
                message,
                "check the URI and the variables AWS_… of the environment",
            )
        })?;
        let client = Arc::new(Client {
            root: root.to_owned(),
            store,
            turns: Semaphore::new(settings.requests.clamp(1, Semaphore::MAX_PERMITS)),
            settings,
        });
        clients.insert(root.to_owned(), client.clone());
        Ok(client)
    }

    /// `SCHEME://HOST`.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// Whether it is a bucket, which can be listed and written to.
    pub fn is_bucket(&self) -> bool {
        self.root.starts_with("s3://")
    }

    /// How patient it is.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Does an operation, and waits for it.
    ///
    /// # Errors
    /// The last failure.
    pub fn run<T: Send>(
        &self,
        operation: impl AsyncFnMut(&dyn ObjectStore) -> Result<T, Failure> + Send,
    ) -> Result<T, Failure> {
        let done = runtime::wait(async || self.repeat(operation).await);
        done.unwrap_or_else(|error| Err(Failure::lasting(error, "fewer threads")))
    }

    async fn repeat<T>(
        &self,
        mut operation: impl AsyncFnMut(&dyn ObjectStore) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut end = None;
        let mut wait = self.settings.backoff;
        let mut tries = 0;
        loop {
            let turn = self.turns.acquire().await;
            // Waiting for others is not the server's fault.
            let end = *end.get_or_insert_with(|| Instant::now() + self.settings.total);
            let done = timeout_at(end, operation(&*self.store)).await;
            drop(turn);
            let failure = match done {
                Ok(Err(Failure::Passing(failure))) => failure,
                Ok(done) => return done,
                Err(_) => {
                    let most = self.settings.total;
                    return Err(Failure::GivenUp(format!("it took longer than {most:?}")));
                }
            };
            tries += 1;
            if tries > self.settings.retries || Instant::now() + wait >= end {
                let message = format!("{failure}, {tries} times");
                return Err(Failure::GivenUp(message));
            }
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }
}

/// Prepares connections; none is made yet.
fn connect(root: &str, settings: &Settings) -> object_store::Result<Box<dyn ObjectStore>> {
    // A whole request may last as long as bytes come.
    let options = ClientOptions::new()
        .with_connect_timeout(settings.connect)
        .with_timeout_disabled()
        .with_pool_max_idle_per_host(settings.requests);
    let never = RetryConfig {
        max_retries: 0,
        ..RetryConfig::default()
    };
    let connector = Connector {
        patience: settings.stall,
    };
    let Some(bucket) = root.strip_prefix("s3://") else {
        let builder = HttpBuilder::new()
            .with_url(root)
            .with_client_options(options.with_allow_http(true))
            .with_retry(never)
            .with_http_connector(connector);
        return Ok(Box::new(builder.build()?));
    };
    let mut builder = AmazonS3Builder::new().with_client_options(options);
    let environment = std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        name.starts_with("AWS_")
            .then_some((name, value.into_string().ok()?))
    });
    for (name, value) in environment.chain(settings.options.iter().cloned()) {
        // There are names that other tools know.
        if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    let builder = builder
        .with_bucket_name(bucket)
        .with_retry(never)
        .with_http_connector(connector);
    Ok(Box::new(builder.build()?))
}
