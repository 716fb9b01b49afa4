//! How are objects read and written over a network?
//!
//! | file | question |
//! |---|---|
//! | `settings` | how patient, and how busy, is a reader? |
//! | `runtime` | who waits for the network? |
//! | `client` | which connections are there, and when is an operation tried again? |
//! | `service` | when does an answer count as none? |
//! | `failure` | what is wrong, and does it pass? |
//! | `kept` | what is known of objects that were asked for before? |
//!
//! Here: the objects of one URI. Every answer tells which object it is of, so that one that was
//! replaced meanwhile is an error, and never a mixture. Absent: fetching ahead, which is exec's;
//! plans and tasks, whose threads wait here as they would for a disk.

mod client;
mod failure;
mod kept;
mod runtime;
mod service;
mod settings;

pub use settings::Settings;

use super::{Below, Files, Object, Objects, Reach, changed};
use crate::fault;
use client::Client;
use failure::Failure;
use futures_util::StreamExt;
use kept::{BLOCK, Kept};
use object_store::path::Path as Name;
use object_store::{GetOptions, GetRange, GetResult, ObjectMeta, ObjectStore, ObjectStoreExt};
use std::path::{Component, Path};
use std::sync::Arc;
use std::time::Duration;
use tilewright_core::{Error, Result};
use tokio::time::timeout;

/// Reads that ask for fewer bytes fetch, and keep, a block around them.
const SMALL: usize = 4 << 10;

/// What a connection holds while it is read, rounded up.
const TRANSPORT: usize = 512 << 10;

/// The objects of a URI, and what is known of them.
#[derive(Debug)]
struct Remote {
    client: Arc<Client>,
    kept: Kept,
}

/// The place that `SCHEME://REST` names, and the path within it.
///
/// # Errors
/// A sentence and a way out, if there is no host or bucket in it, or the settings are wrong.
pub fn files<'a>(scheme: &str, rest: &'a str) -> Result<(Files, &'a str), (String, &'static str)> {
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() {
        let message = format!("{scheme}:// names no host or bucket");
        return Err((
            message,
            "http://host/x.zarr, https://host/x.npy or s3://bucket/x.zarr",
        ));
    }
    let client = Client::of(&format!("{scheme}://{host}"))?;
    let kept = Kept::default();
    Ok((Files::Objects(Arc::new(Remote { client, kept })), path))
}

/// What tells an object from the one that it is replaced by.
fn identity(meta: &ObjectMeta) -> String {
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

impl Remote {
    /// The name of an object, as the server knows it.
    fn name_of(path: &Path) -> Result<Name, Failure> {
        let parts = path.components();
        let parts = parts.map(|part| match part {
            Component::Normal(part) => part.to_str(),
            _ => None,
        });
        let parts: Option<Vec<&str>> = parts.collect();
        let name = parts.and_then(|parts| Name::parse(parts.join("/")).ok());
        name.ok_or_else(|| Failure::lasting("no object has such a name", "a name without .."))
    }

    /// An error of an operation on an object.
    fn told(
        &self,
        fault: fn(&str, String) -> Error,
        (uri, path): (&str, &Path),
        failure: Failure,
    ) -> Error {
        let (message, way_out) = failure.told(self.client.is_bucket());
        fault(uri, message)
            .fact("file", self.name(path))
            .way_out(way_out)
    }

    /// Fetches exactly these bytes.
    fn fetch(
        &self,
        uri: &str,
        path: &Path,
        object: &Object,
        offset: u64,
        into: &mut [u8],
    ) -> Result<()> {
        let patience = self.client.settings().stall;
        let fetched = Remote::name_of(path).and_then(|name| {
            let mut done = 0;
            self.client.run(async |store| {
                let rest = (offset, &mut *into, &mut done);
                get(store, &name, object, rest, patience).await
            })
        });
        fetched.map_err(|failure| match failure {
            Failure::Changed(is) => changed(uri, &self.name(path), &object.identity, &is),
            Failure::Missing => changed(uri, &self.name(path), &object.identity, "gone"),
            failure => self.told(fault::source, (uri, path), failure),
        })
    }
}

/// An object and its bytes, or none of these if they are more than `most`.
async fn get_whole(
    store: &dyn ObjectStore,
    name: &Name,
    most: u64,
    patience: Duration,
) -> Result<(Object, Vec<u8>), Failure> {
    let answer = store.get_opts(name, GetOptions::default()).await?;
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
async fn get(
    store: &dyn ObjectStore,
    name: &Name,
    object: &Object,
    (offset, into, done): (u64, &mut [u8], &mut usize),
    patience: Duration,
) -> Result<(), Failure> {
    let rest = offset + *done as u64..offset + into.len() as u64;
    // Servers that know no ranges give whole objects.
    let whole = rest == (0..object.len);
    let options = GetOptions {
        range: (!whole).then_some(GetRange::Bounded(rest)),
        ..GetOptions::default()
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

impl Objects for Remote {
    fn name(&self, path: &Path) -> String {
        format!("{}/{}", self.client.root(), path.display())
    }

    fn reach(&self) -> Reach {
        Reach {
            gap: BLOCK,
            piece: 8 * BLOCK,
            beside: TRANSPORT + Kept::MOST_BYTES,
            distant: true,
        }
    }

    fn find(&self, uri: &str, path: &Path, fresh: bool) -> Result<Option<Object>> {
        if let Some(object) = self.kept.object(path).filter(|_| !fresh) {
            return Ok(Some(object));
        }
        let found = Remote::name_of(path).and_then(|name| {
            self.client.run(async |store| {
                let options = GetOptions {
                    head: true,
                    ..GetOptions::default()
                };
                Ok(store.get_opts(&name, options).await?.meta)
            })
        });
        match found {
            Ok(meta) => {
                let object = Object {
                    len: meta.size,
                    identity: identity(&meta),
                };
                if !fresh {
                    self.kept.keep_object(path, &object);
                }
                Ok(Some(object))
            }
            Err(Failure::Missing) => Ok(None),
            Err(failure) => Err(self.told(fault::source, (uri, path), failure)),
        }
    }

    fn fetch(&self, uri: &str, path: &Path, most: u64) -> Result<Option<(Object, Vec<u8>)>> {
        let patience = self.client.settings().stall;
        let fetched = Remote::name_of(path).and_then(|name| {
            self.client
                .run(async |store| get_whole(store, &name, most, patience).await)
        });
        match fetched {
            Ok(fetched) => Ok(Some(fetched)),
            Err(Failure::Missing) => Ok(None),
            Err(failure) => Err(self.told(fault::source, (uri, path), failure)),
        }
    }

    fn read(
        &self,
        uri: &str,
        path: &Path,
        object: &Object,
        offset: u64,
        into: &mut [u8],
    ) -> Result<()> {
        if into.is_empty() {
            return Ok(());
        }
        if into.len() >= SMALL || object.len <= into.len() as u64 {
            return self.fetch(uri, path, object, offset, into);
        }
        let mut done = 0;
        while done < into.len() {
            let at = offset + done as u64;
            let start = at / BLOCK as u64 * BLOCK as u64;
            let block = match self.kept.block(path, object, start) {
                Some(block) => block,
                None => {
                    let len = (object.len - start).min(BLOCK as u64) as usize;
                    let mut block = crate::file::buffer(uri, len)?;
                    self.fetch(uri, path, object, start, &mut block)?;
                    self.kept.keep_block(path, object, start, block)
                }
            };
            let from = (at - start) as usize;
            let len = (block.len() - from).min(into.len() - done);
            into[done..done + len].copy_from_slice(&block[from..from + len]);
            done += len;
        }
        Ok(())
    }

    fn below(&self, uri: &str, path: &Path) -> Result<Option<Below>> {
        if !self.client.is_bucket() {
            return Ok(None);
        }
        let listed = Remote::name_of(path).and_then(|name| {
            self.client
                .run(async |store| Ok(store.list_with_delimiter(Some(&name)).await?))
        });
        let listed = listed.map_err(|failure| self.told(fault::source, (uri, path), failure))?;
        let mut below = Below {
            directories: listed
                .common_prefixes
                .iter()
                .map(|name| name.as_ref().into())
                .collect(),
            objects: listed
                .objects
                .iter()
                .map(|object| (object.location.as_ref().into(), object.size))
                .collect(),
        };
        below.directories.sort();
        below.objects.sort();
        Ok(Some(below))
    }

    fn put(&self, uri: &str, path: &Path, bytes: &[u8]) -> Result<()> {
        let bytes = object_store::PutPayload::from(bytes.to_vec());
        let put = Remote::name_of(path).and_then(|name| {
            self.client
                .run(async |store| Ok(store.put(&name, bytes.clone()).await.map(|_| ())?))
        });
        self.kept.forget(path);
        put.map_err(|failure| self.told(fault::sink, (uri, path), failure))
    }

    fn copy(&self, uri: &str, from: &Path, to: &Path) -> Result<()> {
        let names = Remote::name_of(from).and_then(|from| Ok((from, Remote::name_of(to)?)));
        let copied = names.and_then(|(from, to)| {
            self.client
                .run(async |store| Ok(store.copy(&from, &to).await?))
        });
        self.kept.forget(to);
        copied.map_err(|failure| self.told(fault::sink, (uri, to), failure))
    }

    fn remove(&self, uri: &str, path: &Path) -> Result<()> {
        let removed = Remote::name_of(path).and_then(|name| {
            self.client
                .run(async |store| Ok(store.delete(&name).await?))
        });
        self.kept.forget(path);
        match removed {
            Ok(()) | Err(Failure::Missing) => Ok(()),
            Err(failure) => Err(self.told(fault::sink, (uri, path), failure)),
        }
    }

    fn is_read_only(&self) -> Option<(&'static str, &'static str)> {
        let message = "nothing is written over http, which has no way to list or to remove";
        (!self.client.is_bucket()).then_some((message, "a path on a disk, or s3://bucket/x.zarr"))
    }
}
