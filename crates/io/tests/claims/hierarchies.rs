//! HDF5 files that say more than they hold, with checksums that fit.

use hdf5_reader::checksum::jenkins_lookup3;
use std::fs;
use std::ops::Range;

/// A name, the datasets to read, and the bytes of a file.
type File = (String, &'static [&'static str], Vec<u8>);

/// What stands before a checksum starts with one of these.
const SEALED: [&[u8]; 13] = [
    b"OHDR", b"OCHK", b"FRHP", b"FHIB", b"FHDB", b"BTHD", b"BTLF", b"BTIN", b"FAHD", b"FADB",
    b"EAHD", b"EAIB", b"EADB",
];

const OUTSIDE: &[&str] = &["data", "links/777", "grid", "grid_gzip"];

fn good(name: &str) -> Vec<u8> {
    fs::read(super::fixture("hdf5").join(name)).unwrap()
}

fn find(bytes: &[u8], what: &[u8]) -> Vec<usize> {
    let starts = 0..bytes.len();
    starts.filter(|&at| bytes[at..].starts_with(what)).collect()
}

/// Files with every count of theirs at its highest.
pub fn changed() -> impl Iterator<Item = File> {
    // The counts of old headers, and messages of both versions: filters, datatypes, attributes.
    let spans = [
        ("userblock.h5", &[""][..], 512..2200),
        ("refused.h5", &[""], 6200..7900),
        ("climate.nc", &[""], 3600..5600),
    ];
    let spans = spans
        .into_iter()
        .map(|(name, keys, span)| (name, keys, span.collect()));
    // What stands outside of headers, and the indices of chunks.
    let indices: &[&str] = &["gzip", "grows", "many_growing", "grows_both_gzip"];
    let starts = [("outside.h5", OUTSIDE), ("latest.h5", indices)];
    let starts = starts.into_iter().map(|(name, keys)| {
        let bytes = good(name);
        let first = |signature: &&[u8]| find(&bytes, signature).into_iter().take(2);
        let starts = SEALED[2..].iter().flat_map(first);
        let mut places: Vec<usize> = starts.flat_map(|at| at + 5..at + 46).collect();
        places.extend(
            find(&bytes, b"GCOL")
                .into_iter()
                .flat_map(|at| at + 5..at + 30),
        );
        (name, keys, places)
    });
    spans
        .chain(starts)
        .flat_map(|(name, keys, places): (_, _, Vec<usize>)| {
            let good = good(name);
            let sealed = sealed(&good);
            places.into_iter().map(move |at| {
                let mut bad = good.clone();
                bad[at..at + 2].fill(0xff);
                seal(&mut bad, sealed.iter().filter(|span| span.contains(&at)));
                (format!("{at}.{name}"), keys, bad)
            })
        })
}

/// Files of which a little is led to again and again, or that count what is not there.
pub fn amplified() -> impl Iterator<Item = File> {
    let mut bytes = good("outside.h5");
    let sealed = sealed(&bytes);
    // Blocks of heaps without checksums of their own.
    for heap in find(&bytes, b"FRHP") {
        bytes[heap + 9] &= !2;
    }
    seal(&mut bytes, &sealed);
    let mut files = vec![bytes.clone()];
    // A pair of many members.
    let mut pairs = bytes.clone();
    let at = find(&bytes, b"a\0")
        .into_iter()
        .find(|&at| bytes[at - 7] == 2 && bytes[at - 8] & 15 == 6)
        .unwrap();
    pairs[at - 7..at - 5].fill(0xff);
    files.push(pairs);
    // Every attribute is the longest.
    let mut repeated = bytes.clone();
    let (leaf, large) = (find(&bytes, b"BTLF\0\x08")[0] + 6, bytes.clone());
    let ids = (0..16).map(|k| leaf + 17 * k);
    let longest = ids.clone().find(|&at| bytes[at] >> 4 & 3 == 1).unwrap();
    for at in ids {
        repeated[at..at + 8].copy_from_slice(&large[longest..longest + 8]);
    }
    seal(&mut repeated, &sealed);
    files.push(repeated);
    // Every word is the long text.
    let mut words = bytes.clone();
    let text = |len: u32| len.to_le_bytes();
    let is_reference =
        |at: &usize| bytes[at + 7..at + 12] == [0; 5] && bytes[at + 4..at + 7] != [0; 3];
    let long = find(&bytes, &text(3000))
        .into_iter()
        .find(is_reference)
        .unwrap();
    for len in 6..9 {
        for at in find(&bytes, &text(len)).into_iter().filter(is_reference) {
            words[at..at + 16].copy_from_slice(&bytes[long..long + 16]);
        }
    }
    files.push(words);
    let names = ["plain", "pairs", "repeated", "words"]
        .into_iter()
        .zip(files);
    let outside = names.map(|(name, bytes)| (format!("{name}.h5"), OUTSIDE, bytes));
    let described = ["described_earliest.h5", "described_latest.h5"];
    let described = described.map(|name| (name.to_owned(), &["data"][..], good(name)));
    outside.chain(described)
}

/// Makes the checksums behind these spans fit.
fn seal<'a>(bytes: &mut [u8], spans: impl IntoIterator<Item = &'a Range<usize>>) {
    for span in spans {
        let checksum = jenkins_lookup3(&bytes[span.clone()]);
        bytes[span.end..span.end + 4].copy_from_slice(&checksum.to_le_bytes());
    }
}

/// What stands before a checksum, from its signature on.
fn sealed(bytes: &[u8]) -> Vec<Range<usize>> {
    let starts = SEALED.iter().flat_map(|signature| find(bytes, signature));
    let ends = |start: usize| {
        let spans = (start + 8..bytes.len().min(start + 4200) - 4).map(|end| start..end);
        let fits = |span: &Range<usize>| {
            let checksum = jenkins_lookup3(&bytes[span.clone()]);
            bytes[span.end..].starts_with(&checksum.to_le_bytes())
        };
        spans.into_iter().find(fits)
    };
    starts.filter_map(ends).collect()
}
