//! What is wrong, and does it pass?
//!
//! Absent: which array and object it is about.

use super::service::Refused;
use object_store::Error;
use object_store::client::{HttpError, HttpErrorKind};
use std::error::Error as _;
use std::time::Duration;

/// Longest text of a server or library that is told.
const LONGEST: usize = 200;

/// Why an operation failed.
#[derive(Debug)]
pub enum Failure {
    /// It may go well the next time.
    Passing(String),
    /// It is so: a sentence, and a way out.
    Lasting(String, &'static str),
    /// There is no such object.
    Missing,
    /// The object was replaced by one of this identity.
    Changed(String),
    /// It passed, but not within the time that an operation is given.
    GivenUp(String),
}

impl Failure {
    /// It is so.
    pub fn lasting(message: impl Into<String>, way_out: &'static str) -> Failure {
        Failure::Lasting(message.into(), way_out)
    }

    /// No byte came for so long.
    pub fn stalled(patience: Duration) -> Failure {
        Failure::Passing(stalls(patience))
    }

    /// An answer broke off.
    pub fn of_body(error: &Error) -> Failure {
        Failure::Passing(format!("the answer broke off: {}", innermost(error)))
    }

    /// A sentence and a way out, from a bucket or not.
    pub fn told(self, bucket: bool) -> (String, &'static str) {
        match self {
            Failure::Passing(message) | Failure::GivenUp(message) => {
                let way_out = match bucket {
                    true => {
                        "check AWS_ENDPOINT, and the credentials or AWS_SKIP_SIGNATURE=true; or try again later"
                    }
                    false => "try again later, or copy the file to a disk first",
                };
                (format!("the server fails: {message}"), way_out)
            }
            Failure::Lasting(message, way_out) => (message, way_out),
            Failure::Missing if bucket => {
                ("there is no such object or bucket".into(), "check the URI")
            }
            Failure::Missing => ("there is no such object".into(), "check the URI"),
            Failure::Changed(is) => (
                format!("the object has changed; it is {is} now"),
                "open it again when nothing writes to it",
            ),
        }
    }
}

/// Nothing came for so long.
pub fn stalls(patience: Duration) -> String {
    format!("nothing came for {patience:?}")
}

impl From<Error> for Failure {
    fn from(error: Error) -> Failure {
        match &error {
            Error::NotFound { .. } => Failure::Missing,
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => Failure::lasting(
                "the server refuses access",
                "check who may read it; for s3:// the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_SKIP_SIGNATURE=true for what is public",
            ),
            Error::NotSupported { .. } => Failure::lasting(
                "the server gives files as a whole alone, and no ranges of bytes",
                "serve it by one that answers range requests, or copy the file to a disk first",
            ),
            _ => of_transport(&error),
        }
    }
}

/// An error that does not say by itself what it is.
fn of_transport(error: &Error) -> Failure {
    let text = innermost(error);
    if text.contains("certificate") {
        return Failure::lasting(
            format!("the server is not trusted: {text}"),
            "check the host's name and its certificate; for one of your own, SSL_CERT_FILE=ca.pem",
        );
    }
    let mut source = error.source();
    while let Some(inner) = source {
        if let Some(http) = inner.downcast_ref::<HttpError>() {
            return match http.kind() {
                HttpErrorKind::Connect
                | HttpErrorKind::Request
                | HttpErrorKind::Timeout
                | HttpErrorKind::Interrupted => Failure::Passing(text),
                _ => Failure::lasting(
                    format!("the request cannot be carried out: {text}"),
                    "check the URI and the server",
                ),
            };
        }
        source = inner.source();
    }
    Failure::lasting(
        format!("the server's answer is of no use: {text}"),
        "check the URI, and what the server says to `curl -I`",
    )
}

/// What the error that is at the bottom of it says, or what the server answered.
fn innermost(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(inner) = source {
        text = inner.to_string();
        if inner.is::<Refused>() {
            break;
        }
        source = inner.source();
    }
    text.chars()
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_is_not_trusted_is_not_asked_again() {
        let error = Error::Generic {
            store: "http",
            source: "invalid peer certificate: UnknownIssuer".into(),
        };
        let failure = Failure::from(error);
        assert!(matches!(failure, Failure::Lasting(..)), "{failure:?}");
    }
}
