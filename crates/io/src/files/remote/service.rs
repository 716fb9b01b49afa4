//! What is added to a request, and when does an answer count as none?
//!
//! What the server is asked in the URI; when it does not begin for too long, or says that the server
//! is at fault or too busy. Here alone the library's requests are seen; it repeats none itself, so
//! that there is one rule for all.

use super::failure::stalls;
use crate::location::percent_encode;
use async_trait::async_trait;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
    ReqwestConnector,
};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The server's answer says that it may do better later.
#[derive(Debug)]
pub struct Refused(String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// What stands behind `?` in a request; the library knows nothing of it, and can tell nobody.
#[derive(Clone)]
pub struct Asked(pub Arc<str>);

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asked(…)")
    }
}

impl Asked {
    /// Signs that a request cannot hold as they are become `%20` and its kin.
    pub fn new(query: &str) -> Asked {
        Asked(percent_encode(query, b"%?").into())
    }

    /// Adds it to a request's own.
    fn add(&self, request: &mut HttpRequest) -> Result<(), HttpError> {
        let uri = request.uri().to_string();
        let mark = if request.uri().query().is_some() {
            '&'
        } else {
            '?'
        };
        *request.uri_mut() = format!("{uri}{mark}{}", self.0)
            .parse()
            .map_err(|_| HttpError::new(HttpErrorKind::Unknown, Refused(UNSAYABLE.into())))?;
        Ok(())
    }
}

/// Why a request cannot be made.
const UNSAYABLE: &str = "what stands behind ? cannot be said to a server";

/// Makes clients that watch for that.
#[derive(Debug)]
pub struct Connector {
    /// Longest time until an answer begins.
    pub patience: Duration,
}

#[derive(Debug)]
struct Watched {
    client: HttpClient,
    patience: Duration,
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = ReqwestConnector::default().connect(options)?;
        let patience = self.patience;
        Ok(HttpClient::new(Watched { client, patience }))
    }
}

#[async_trait]
impl HttpService for Watched {
    async fn call(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpError> {
        if let Some(asked) = request.extensions().get::<Asked>().cloned() {
            asked.add(&mut request)?;
        }
        let answer = timeout(self.patience, self.client.execute(request)).await;
        let answer = answer.unwrap_or_else(|_| {
            let refused = Refused(stalls(self.patience));
            Err(HttpError::new(HttpErrorKind::Timeout, refused))
        })?;
        let status = answer.status();
        if status.is_server_error() || matches!(status.as_u16(), 408 | 429) {
            let refused = Refused(format!("it answers {status}"));
            return Err(HttpError::new(HttpErrorKind::Request, refused));
        }
        Ok(answer)
    }
}
