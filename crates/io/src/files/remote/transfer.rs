//! Do the bytes come that were asked for, and of the same object?
//!
//! Absent: how often it is tried, which is the client's.

use super::super::Object;
use super::failure::Failure;
use futures_util::StreamExt;
use object_store::path::Path as Name;
use object_store::{GetOptions, GetRange, GetResult, ObjectMeta, ObjectStore};
use std::time::Duration;
use tokio::time::timeout;

/// What tells an object from the one that it is replaced by.
pub fn identity(meta: &ObjectMeta) -> String {
    let mut text = format!("{} bytes", meta.size);
    if let Some(tag) = &meta.e_tag {
        text.push_str(", etag ");
        text.extend(tag.chars().take(200));
    }
    let modified = meta.last_modified.timestamp();
    if modified != 0 {
        text.push_str(&format!(", modified {modified}"));
    }
    text
}

/// What the server says of an object; by a request of its own kind, or `by_get` as its bytes are asked
/// for, since a link may be signed for that alone.
///
/// # Errors
/// If there is none, or the server does not say.
pub async fn look(
    store: &dyn ObjectStore,
    name: &Name,
    options: GetOptions,
    by_get: bool,
) -> Result<ObjectMeta, Failure> {
    let first = GetOptions {
        head: !by_get,
        range: by_get.then_some(GetRange::Bounded(0..1)),
        ..options.clone()
    };
    match store.get_opts(name, first).await.map_err(Failure::from) {
        // There may be no range of it: it has no byte, or the server knows none.
        Err(Failure::Lasting(..)) if by_get => Ok(store.get_opts(name, options).await?.meta),
        first => Ok(first?.meta),
    }
}

/// An object and its bytes, or none of these if they are more than `most`.
///
/// # Errors
/// If there is none, or it cannot be read.
pub async fn get_whole(
    store: &dyn ObjectStore,
    (name, options): (&Name, GetOptions),
    most: u64,
    patience: Duration,
) -> Result<(Object, Vec<u8>), Failure> {
    let answer = store.get_opts(name, options).await?;
    let object = Object {
        len: answer.meta.size,
        identity: identity(&answer.meta),
    };
    let mut bytes = Vec::new();
    if object.len <= most {
        let room = bytes.try_reserve_exact(object.len as usize);
        room.map_err(|_| Failure::lasting("the memory for it was refused", "smaller chunks"))?;
        bytes.resize(object.len as usize, 0);
        fill(answer, (&mut bytes, &mut 0), patience).await?;
    }
    Ok((object, bytes))
}

/// Fetches what is not there yet of the bytes from `offset` on; counts what came.
///
/// # Errors
/// If it is another object by now, or cannot be read.
pub async fn get(
    store: &dyn ObjectStore,
    (name, options): (&Name, GetOptions),
    object: &Object,
    (offset, into, done): (u64, &mut [u8], &mut usize),
    patience: Duration,
) -> Result<(), Failure> {
    let rest = offset + *done as u64..offset + into.len() as u64;
    // Servers that know no ranges give whole objects.
    let whole = rest == (0..object.len);
    let options = GetOptions {
        range: (!whole).then_some(GetRange::Bounded(rest)),
        ..options
    };
    let answer = store.get_opts(name, options).await?;
    let is = identity(&answer.meta);
    if is != object.identity {
        return Err(Failure::Changed(is));
    }
    fill(answer, (into, done), patience).await
}

/// Takes what an answer holds, to be what is not there yet; counts what came.
async fn fill(
    answer: GetResult,
    (into, done): (&mut [u8], &mut usize),
    patience: Duration,
) -> Result<(), Failure> {
    let mut pieces = answer.into_stream();
    loop {
        let piece = match timeout(patience, pieces.next()).await {
            Err(_) => return Err(Failure::stalled(patience)),
            Ok(None) => break,
            Ok(Some(Err(error))) => return Err(Failure::of_body(&error)),
            Ok(Some(Ok(piece))) => piece,
        };
        let room = into.get_mut(*done..*done + piece.len()).ok_or_else(|| {
            let message = "the server's answer is longer than what was asked for";
            Failure::lasting(message, "a server that answers range requests")
        })?;
        room.copy_from_slice(&piece);
        *done += piece.len();
    }
    if *done == into.len() {
        return Ok(());
    }
    let message = format!("the answer ended after {done} of {} bytes", into.len());
    Err(Failure::Passing(message))
}
