//! What of S3 is more than files: lists of a bucket, and removals of several keys.

use std::collections::BTreeMap;

/// Lists a bucket, as far as the next `/` behind the prefix.
pub fn list(files: &BTreeMap<String, Vec<u8>>, path: &str, query: &str) -> String {
    let parameter = |name: &str| {
        let mut parts = query.split('&');
        parts.find_map(|part| Some(decode(part.strip_prefix(name)?)))
    };
    let bucket = path.trim_end_matches('/');
    let prefix = parameter("prefix=").unwrap_or_default();
    let (mut objects, mut prefixes) = (String::new(), Vec::new());
    for (path, bytes) in files {
        let key = path
            .strip_prefix(bucket)
            .and_then(|key| key.strip_prefix('/'));
        let Some(key) = key.filter(|key| key.starts_with(&prefix)) else {
            continue;
        };
        match key[prefix.len()..].split_once('/') {
            Some((directory, _)) => {
                let found = format!("{prefix}{directory}/");
                if !prefixes.contains(&found) {
                    prefixes.push(found);
                }
            }
            None => {
                objects += &format!(
                    "<Contents><Key>{key}</Key><Size>{}</Size><ETag>\"x\"</ETag>\
                     <LastModified>2020-01-01T00:00:00.000Z</LastModified></Contents>",
                    bytes.len()
                );
            }
        }
    }
    let prefixes: String = prefixes
        .iter()
        .map(|prefix| format!("<CommonPrefixes><Prefix>{prefix}</Prefix></CommonPrefixes>"))
        .collect();
    format!(
        "<ListBucketResult>{objects}{prefixes}<IsTruncated>false</IsTruncated></ListBucketResult>"
    )
}

/// Removes the keys that a request names; gives the answer, in which each is gone, was it there or not.
pub fn remove(files: &mut BTreeMap<String, Vec<u8>>, path: &str, body: &[u8]) -> String {
    let text = str::from_utf8(body).unwrap();
    let bucket = path.trim_end_matches('/');
    let mut gone = String::new();
    for part in text.split("<Key>").skip(1) {
        let key = part.split("</Key>").next().unwrap();
        files.remove(&format!("{bucket}/{key}"));
        gone += &format!("<Deleted><Key>{key}</Key></Deleted>");
    }
    format!("<DeleteResult>{gone}</DeleteResult>")
}

/// Text without its percent signs.
pub fn decode(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [byte, tail @ ..] = rest {
        if *byte == b'%' {
            let digits = std::str::from_utf8(&tail[..2]).unwrap();
            bytes.push(u8::from_str_radix(digits, 16).unwrap());
            rest = &tail[2..];
        } else {
            bytes.push(*byte);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap()
}
