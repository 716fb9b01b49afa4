//! How are HDF5's small filters undone?
//!
//! **Source** the HDF5 file format specification, version 3, "Filter Pipeline" (shuffle,
//! fletcher32); the LibLZF stream as h5py stores it.

use super::step::put;

/// Puts the planes of bytes together to elements of `size` bytes; what is left over stands at the
/// end as it is.
pub fn unshuffle(size: usize, encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
    let len = encoded.len();
    let room = into.len();
    let into = into
        .get_mut(..len)
        .ok_or_else(|| format!("it has {len} bytes, more than {room}"))?;
    let count = len / size.max(1);
    if size <= 1 || count <= 1 {
        into.copy_from_slice(encoded);
        return Ok(len);
    }
    match size {
        2 => gather::<2>(encoded, into, count),
        4 => gather::<4>(encoded, into, count),
        8 => gather::<8>(encoded, into, count),
        _ => {
            for (k, element) in into.chunks_exact_mut(size).enumerate() {
                for (byte, plane) in element.iter_mut().zip(encoded.chunks_exact(count)) {
                    *byte = plane[k];
                }
            }
        }
    }
    let whole = count * size;
    into[whole..].copy_from_slice(&encoded[whole..]);
    Ok(len)
}

/// The elements of a size that the compiler knows.
fn gather<const N: usize>(encoded: &[u8], into: &mut [u8], count: usize) {
    let planes: [&[u8]; N] = std::array::from_fn(|k| &encoded[k * count..(k + 1) * count]);
    let elements = &mut into.as_chunks_mut::<N>().0[..count];
    for (k, element) in elements.iter_mut().enumerate() {
        *element = std::array::from_fn(|plane| planes[plane][k]);
    }
}

/// Checks and drops the checksum in the last four bytes.
pub fn check_fletcher32(encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
    let Some((bytes, stored)) = encoded.split_last_chunk::<4>() else {
        return Err(format!("{} bytes hold no checksum", encoded.len()));
    };
    let sum = hdf5_reader::checksum::fletcher32(bytes);
    // Before version 1.6.3 the library wrote the bytes of each half the other way round.
    let [a, b, c, d] = sum.to_le_bytes();
    if *stored != [a, b, c, d] && *stored != [b, a, d, c] {
        return Err("the checksum is not that of the bytes".into());
    }
    put(bytes, into)
}

/// Undoes LibLZF: runs of literals, and copies of what was decoded before.
pub fn decode_lzf(encoded: &[u8], into: &mut [u8]) -> Result<usize, String> {
    let ends = || "the stream ends within a piece".to_owned();
    let room = into.len();
    let full = || format!("it decodes to more than {room} bytes");
    let (mut rest, mut at) = (encoded, 0);
    while let Some((&control, tail)) = rest.split_first() {
        let control = usize::from(control);
        if control < 32 {
            let (literals, tail) = tail.split_at_checked(control + 1).ok_or_else(ends)?;
            let to = into.get_mut(at..at + control + 1).ok_or_else(full)?;
            to.copy_from_slice(literals);
            (rest, at) = (tail, at + control + 1);
            continue;
        }
        let (more, tail) = if control >> 5 == 7 {
            let (&more, tail) = tail.split_first().ok_or_else(ends)?;
            (usize::from(more), tail)
        } else {
            (0, tail)
        };
        let (&low, tail) = tail.split_first().ok_or_else(ends)?;
        let len = (control >> 5) + more + 2;
        let back = ((control & 31) << 8 | usize::from(low)) + 1;
        let from = at
            .checked_sub(back)
            .ok_or_else(|| format!("it copies from {back} bytes before byte {at}"))?;
        if at + len > room {
            return Err(full());
        }
        // A copy may reach into what it writes, so that it repeats.
        for k in 0..len {
            into[at + k] = into[from + k];
        }
        (rest, at) = (tail, at + len);
    }
    Ok(at)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn planes_become_elements_and_the_rest_stays() {
        for size in [1, 2, 3, 4, 8, 16] {
            let plain: Vec<u8> = (0..size as u8 * 5 + 1).collect();
            let mut shuffled: Vec<u8> = (0..size)
                .flat_map(|byte| (0..5).map(move |k| (k * size + byte) as u8))
                .collect();
            shuffled.extend(&plain[size * 5..]);
            let mut into = vec![0; plain.len()];
            if size > 1 {
                assert_eq!(unshuffle(size, &shuffled, &mut into).unwrap(), plain.len());
                assert_eq!(into, plain, "{size}");
            }
            assert!(unshuffle(size, &shuffled, &mut into[1..]).is_err());
        }
    }

    #[test]
    fn a_run_repeats_what_it_writes() {
        // One literal, then nine bytes from one byte back.
        let mut into = [0; 10];
        assert_eq!(decode_lzf(&[0, b'a', 0xe0, 0, 0], &mut into).unwrap(), 10);
        assert_eq!(into, *b"aaaaaaaaaa");
        for bad in [&[0][..], &[5, 1], &[0xe0], &[0xe0, 1], &[0x20], &[0x20, 9]] {
            decode_lzf(bad, &mut into).unwrap_err();
        }
        decode_lzf(&[0, b'a', 0xe0, 9, 0], &mut into).unwrap_err();
    }
}
