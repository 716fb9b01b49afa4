//! Links that are signed, as those of buckets are: what stands behind `?` goes to the server with every
//! request, and is told to nobody else.

use super::{fixtures, npy, numbers, read, server};
use tilewright_core::Error;
use tilewright_io::{list, open};

/// A signature, as a URI has it.
const SIGNATURE: &str = "X-Amz-Expires=60&X-Amz-Signature=s3cret%2Fa+b==";

fn is_untold(error: &Error) {
    let text = format!("{error}\n{error:?}");
    assert!(!text.contains("s3cret"), "{text}");
    assert!(text.contains("X-Amz-Signature=…"), "{text}");
}

#[test]
fn a_signed_link_to_a_file_is_read() {
    let server = server();
    server.put("x.npy", &npy(10_000));
    server.put("empty.npy", b"");
    server.put("x.raw", numbers(10).data.as_bytes());
    let near = fixtures().join("hdf5/climate.nc");
    server.put("x.nc", &std::fs::read(&near).unwrap());
    server.demand(SIGNATURE);
    let whole = numbers(10_000).data.as_bytes().to_vec();
    assert_eq!(
        read(&server.uri(&format!("x.npy?{SIGNATURE}")))
            .unwrap()
            .concat(),
        whole
    );
    for uri in list(&server.uri(&format!("x.nc?{SIGNATURE}"))).unwrap() {
        let (_, key) = uri.split_once('#').unwrap();
        let near = read(&format!("{}#{key}", near.display())).unwrap();
        assert_eq!(read(&uri).unwrap(), near, "{key}");
    }
    // What is said of the file goes to nobody.
    let (first, second) = SIGNATURE.split_once('&').unwrap();
    let raw = format!("x.raw?shape=10&{first}&dtype=float64&{second}");
    let raw = read(&server.uri(&raw)).unwrap().concat();
    assert_eq!(raw, numbers(10).data.as_bytes());
    let lines = server.lines();
    assert!(
        lines.iter().all(|line| line.starts_with("GET")),
        "{lines:?}"
    );

    let refused = open(&server.uri("x.npy")).err().unwrap();
    assert!(refused.message().contains("refuses access"), "{refused}");
    let wrong = open(&server.uri("x.npy?X-Amz-Signature=s3cret"))
        .err()
        .unwrap();
    is_untold(&wrong);
    for missing in ["nothing.npy", "empty.npy"] {
        let uri = server.uri(&format!("{missing}?{SIGNATURE}"));
        is_untold(&open(&uri).err().unwrap());
    }
}

#[test]
fn a_signature_holds_for_all_that_stands_below() {
    let server = server();
    server.put_all("a b.zarr", &fixtures().join("v3.zarr"));
    server.demand(SIGNATURE);
    let near = fixtures().join("v3.zarr/zstd");
    let uri = server.uri(&format!("a%20b.zarr/zstd?{SIGNATURE}"));
    assert_eq!(read(&uri).unwrap(), read(near.to_str().unwrap()).unwrap());
    let source = open(&uri).unwrap();
    assert_eq!(source.info().uri, uri);

    // The arrays of a group are named so that they can be opened.
    let group = server.uri(&format!("a%20b.zarr?{SIGNATURE}"));
    server.put(
        "a b.zarr/zarr.json",
        br#"{"zarr_format": 3, "node_type": "group", "consolidated_metadata":
            {"kind": "inline", "must_understand": false, "metadata":
             {"zstd": {"zarr_format": 3, "node_type": "array"}}}}"#,
    );
    assert_eq!(list(&group).unwrap(), [uri]);
    is_untold(&open(&group).err().unwrap());
    server.remove("a b.zarr/zstd/zarr.json");
    is_untold(&source.check_identity().unwrap_err());
}
