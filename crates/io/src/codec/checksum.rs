//! Are bytes those that were written?
//!
//! Absent: HDF5's own checksum, which stands among its filters.

/// How four bytes are made of many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// That of gzip and zip.
    Crc32,
    /// Castagnoli's.
    Crc32c,
    /// That of zlib.
    Adler32,
    /// Jenkins' lookup3, which HDF5 has in its headers.
    Jenkins,
}

/// A checksum that stands beside the bytes, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Checksum {
    /// How it is made.
    pub sum: Sum,
    /// Whether it stands before the bytes, or behind them.
    pub is_first: bool,
}

impl Checksum {
    /// Bytes that it takes.
    pub const LEN: usize = 4;

    /// One behind the bytes.
    pub fn last(sum: Sum) -> Checksum {
        Checksum {
            sum,
            is_first: false,
        }
    }

    /// The name, for messages.
    pub fn name(self) -> &'static str {
        match self.sum {
            Sum::Crc32 => "crc32",
            Sum::Crc32c => "crc32c",
            Sum::Adler32 => "adler32",
            Sum::Jenkins => "jenkins_lookup3",
        }
    }

    /// The bytes, without the checksum.
    ///
    /// # Errors
    /// A sentence, if it is not theirs.
    pub fn check(self, encoded: &[u8]) -> Result<&[u8], String> {
        let parts = if self.is_first {
            encoded
                .split_first_chunk()
                .map(|(stored, bytes)| (bytes, stored))
        } else {
            encoded.split_last_chunk()
        };
        let Some((bytes, stored)) = parts else {
            return Err(format!("{} bytes hold no checksum", encoded.len()));
        };
        let sum = match self.sum {
            Sum::Crc32 => crc32fast::hash(bytes),
            Sum::Crc32c => crc32c::crc32c(bytes),
            Sum::Adler32 => simd_adler32::adler32(&bytes),
            Sum::Jenkins => hdf5_reader::checksum::jenkins_lookup3(bytes),
        };
        if sum.to_le_bytes() != *stored {
            return Err("the checksum is not that of the bytes".into());
        }
        Ok(bytes)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_stands_before_the_bytes_or_behind_them() {
        // The check values of the catalogue of CRCs, and of RFC 1950's definition.
        for (sum, value) in [
            (Sum::Crc32, 0xcbf4_3926u32),
            (Sum::Crc32c, 0xe306_9283),
            (Sum::Adler32, 0x091e_01de),
        ] {
            let (bytes, stored) = (b"123456789", value.to_le_bytes());
            for is_first in [false, true] {
                let checksum = Checksum { sum, is_first };
                let mut all = match is_first {
                    true => [&stored[..], bytes].concat(),
                    false => [&bytes[..], &stored].concat(),
                };
                assert_eq!(checksum.check(&all).unwrap(), bytes);
                all[5] ^= 1;
                checksum.check(&all).unwrap_err();
                checksum.check(&all[..3]).unwrap_err();
            }
        }
    }
}
