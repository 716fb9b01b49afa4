//! What the examples share: a place for their files, and pictures.

use flate2::{Compression, Crc, write::ZlibEncoder};
use std::io::{Result, Write};
use std::path::{Path, PathBuf};
use tilewright::{Array, DType, Error, Kind};

/// A directory for an example's files: the first argument, or one below the system's for temporary
/// files.
pub fn directory(name: &str) -> Result<PathBuf> {
    let told = std::env::args().nth(1).map(PathBuf::from);
    let path = told.unwrap_or_else(|| std::env::temp_dir().join("tilewright-examples").join(name));
    std::fs::create_dir_all(&path)?;
    Ok(path)
}

/// Draws an array of two axes: its least value black, its greatest white.
///
/// # Errors
/// If it cannot be computed, or the file not be written.
pub fn draw(array: &Array, path: &Path) -> tilewright::Result<()> {
    let (low, high) = (array.min(..), array.max(..));
    let grey = (array - &low) / (high - &low) * 255;
    let grey = grey.astype(DType::U8).compute()?;
    let [height, width] = grey.shape() else {
        return Err(Error::new(Kind::Shape, "a picture has two axes"));
    };
    let rows = grey.to_vec::<u8>()?;
    png(&rows, *width as usize, *height as u32, path).map_err(|error| {
        Error::new(
            Kind::User,
            format!("{} cannot be written: {error}", path.display()),
        )
    })?;
    println!("drawn: {}", path.display());
    Ok(())
}

/// A grey PNG file. **Source** Portable Network Graphics, third edition, sections 5 and 11.
fn png(pixels: &[u8], width: usize, height: u32, path: &Path) -> Result<()> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    for row in pixels.chunks(width.max(1)) {
        packed.write_all(&[0])?;
        packed.write_all(row)?;
    }
    let mut header = Vec::new();
    header.extend((width as u32).to_be_bytes());
    header.extend(height.to_be_bytes());
    // Eight bits of grey; the only compression and filters there are; not interlaced.
    header.extend([8, 0, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    for (name, data) in [
        (b"IHDR", header),
        (b"IDAT", packed.finish()?),
        (b"IEND", Vec::new()),
    ] {
        let mut sum = Crc::new();
        sum.update(name);
        sum.update(&data);
        file.extend((data.len() as u32).to_be_bytes());
        file.extend(name);
        file.extend(&data);
        file.extend(sum.sum().to_be_bytes());
    }
    std::fs::write(path, file)
}
