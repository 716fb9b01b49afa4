//! How is a URI told?
//!
//! What a server is asked behind `?` may be a key (signed links are made so), and so may what stands
//! before `@`: neither is shown. Absent: what a URI names, which is io's.

use std::borrow::Cow;

/// Names of what a URI says behind `?` of a file that says nothing of itself.
pub const OF_FILES: [&str; 5] = ["shape", "dtype", "offset", "endian", "order"];

/// In place of what is not shown.
const HIDDEN: char = '…';

/// Whether a part of what stands behind `?` is said of a file, rather than to its server.
pub fn is_of_file(part: &str) -> bool {
    let name = part.split_once('=').map_or(part, |(name, _)| name);
    OF_FILES.contains(&name)
}

/// The URI without what may be a secret.
pub fn shown(uri: &str) -> Cow<'_, str> {
    let Some((scheme, rest)) = uri.split_once("://") else {
        return Cow::Borrowed(uri);
    };
    if !matches!(scheme, "http" | "https") {
        return Cow::Borrowed(uri);
    }
    let host_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(host_end);
    let (rest, key) = rest.split_at(rest.find('#').unwrap_or(rest.len()));
    let (path, query) = rest.split_at(rest.find('?').unwrap_or(rest.len()));
    if query.is_empty() && !host.contains('@') {
        return Cow::Borrowed(uri);
    }
    let mut out = format!("{scheme}://");
    match host.rsplit_once('@') {
        Some((_, host)) => out.extend([&String::from(HIDDEN), "@", host]),
        None => out.push_str(host),
    }
    out.push_str(path);
    for (k, part) in query.split(['?', '&']).skip(1).enumerate() {
        out.push(if k == 0 { '?' } else { '&' });
        match part.split_once('=') {
            Some((name, _)) if !is_of_file(part) => {
                out.push_str(name);
                out.push('=');
                out.push(HIDDEN);
            }
            None if !part.is_empty() => out.push(HIDDEN),
            _ => out.push_str(part),
        }
    }
    out.push_str(key);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_may_be_a_secret_is_not_shown() {
        for (uri, want) in [
            ("x.raw?shape=3&dtype=f8", "x.raw?shape=3&dtype=f8"),
            ("https://host/x.npy", "https://host/x.npy"),
            ("https://host/x.h5#/a?b", "https://host/x.h5#/a?b"),
            (
                "https://host/x.h5?X-Amz-Signature=a%2Fb==&e=60#/g/a",
                "https://host/x.h5?X-Amz-Signature=…&e=…#/g/a",
            ),
            (
                "http://host/x.raw?shape=3,4&sig=k?y&dtype=f8",
                "http://host/x.raw?shape=3,4&sig=…&…&dtype=f8",
            ),
            ("https://host?token", "https://host?…"),
            ("https://me:word@host/x", "https://…@host/x"),
            ("s3://bucket/a?b=c", "s3://bucket/a?b=c"),
        ] {
            assert_eq!(shown(uri), want);
        }
    }
}
