//! When does an answer count as none?
//!
//! When it does not begin for too long, or says that the server is at fault or too busy. Here alone
//! the library's requests are seen; it repeats none itself, so that there is one rule for all.

use super::failure::stalls;
use async_trait::async_trait;
use object_store::ClientOptions;
use object_store::client::{
    HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse, HttpService,
    ReqwestConnector,
};
use std::fmt;
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
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
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
