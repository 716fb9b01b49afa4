//! How are objects read and written over a network?
//!
//! | file | question |
//! |---|---|
//! | `settings` | how patient, and how busy, is a reader? |
//! | `runtime` | who waits for the network? |
//! | `client` | which connections are there, and when is an operation tried again? |
//! | `service` | what is added to a request, and when does an answer count as none? |
//! | `transfer` | do the bytes come that were asked for, and of the same object? |
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
mod transfer;

pub use settings::Settings;

use super::{Below, Files, Object, Objects, Reach, changed};
use crate::fault;
use crate::location::percent_encode;
use client::Client;
use failure::Failure;
use kept::{BLOCK, Kept};
use object_store::path::Path as Name;
use object_store::{GetOptions, ObjectStoreExt};
use service::Asked;
use std::path::{Component, Path};
use std::sync::Arc;
use tilewright_core::{Error, Result, uri};
use transfer::{get, get_whole, identity, look};

/// Reads that ask for fewer bytes fetch, and keep, a block around them.
const SMALL: usize = 4 << 10;

/// What a connection holds while it is read, rounded up.
const TRANSPORT: usize = 512 << 10;

/// The objects of a URI, and what is known of them.
#[derive(Debug)]
struct Remote {
    client: Arc<Client>,
    /// What the server is asked with every request: a signature, say.
    asked: Option<Asked>,
    kept: Kept,
}

/// The place that `SCHEME://REST` names, and the path within it; `asked` goes with every request.
///
/// # Errors
/// A sentence and a way out, if there is no host or bucket in it, or the settings are wrong.
pub fn files<'a>(
    scheme: &str,
    rest: &'a str,
    asked: Option<&str>,
) -> Result<(Files, &'a str), (String, &'static str)> {
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    if host.is_empty() {
        let message = format!("{scheme}:// names no host or bucket");
        return Err((
            message,
            "http://host/x.zarr, https://host/x.npy or s3://bucket/x.zarr",
        ));
    }
    let client = Client::of(&format!("{scheme}://{host}"))?;
    let remote = Remote {
        client,
        asked: asked.map(Asked::new),
        kept: Kept::default(),
    };
    Ok((Files::Objects(Arc::new(remote)), path))
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

    /// How an object is asked for.
    fn options(&self) -> GetOptions {
        let mut options = GetOptions::default();
        if let Some(asked) = &self.asked {
            options.extensions.insert(asked.clone());
        }
        options
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
                get(store, (&name, self.options()), object, rest, patience).await
            })
        });
        fetched.map_err(|failure| match failure {
            Failure::Changed(is) => changed(uri, &self.name(path), &object.identity, &is),
            Failure::Missing => changed(uri, &self.name(path), &object.identity, "gone"),
            failure => self.told(fault::source, (uri, path), failure),
        })
    }
}

impl Objects for Remote {
    fn name(&self, path: &Path) -> String {
        let name = format!("{}/{}", self.client.root(), path.display());
        uri::shown(&name).into_owned()
    }

    fn uri(&self, path: &Path) -> String {
        let root = self.client.root();
        let path = percent_encode(&path.to_string_lossy(), b"");
        match &self.asked {
            None => format!("{root}/{path}"),
            Some(asked) => format!("{root}/{path}?{}", asked.0),
        }
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
            self.client
                .run(async |store| look(store, &name, self.options(), self.asked.is_some()).await)
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
                .run(async |store| get_whole(store, (&name, self.options()), most, patience).await)
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
