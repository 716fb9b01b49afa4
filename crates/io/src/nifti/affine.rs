//! Where in space is a voxel?
//!
//! An affine of three rows: `srow` where it has a code, else the quaternion where that has one,
//! else the distances of voxels alone, the first axis from right to left, the middle of the image
//! in the middle of space.

use super::header::Header;

/// The affine's rows.
pub fn affine(header: &Header) -> [[f64; 4]; 3] {
    if header.sform_code > 0 {
        let row = |k: usize| std::array::from_fn(|j| header.srow[4 * k + j]);
        return [row(0), row(1), row(2)];
    }
    let zooms: [f64; 3] = std::array::from_fn(|k| {
        let zoom = header.zooms[k + 1].abs();
        if zoom == 0.0 { 1.0 } else { zoom }
    });
    if header.qform_code > 0 {
        return from_quaternion(header, zooms);
    }
    let half = |k: usize| (header.shape.get(k).copied().unwrap_or(1) - 1) as f64 / 2.0;
    let signs = [-1.0, 1.0, 1.0];
    std::array::from_fn(|k| {
        let step = signs[k] * zooms[k];
        let mut row = [0.0; 4];
        row[k] = step;
        row[3] = -half(k) * step;
        row
    })
}

/// The rotation of a unit quaternion (a, b, c, d) with a ≥ 0, each column times its zoom.
fn from_quaternion(header: &Header, zooms: [f64; 3]) -> [[f64; 4]; 3] {
    let [b, c, d, x, y, z] = header.quaternion;
    let a = (1.0 - (b * b + c * c + d * d)).max(0.0).sqrt();
    let flip = if header.zooms[0] < 0.0 { -1.0 } else { 1.0 };
    let scale = [zooms[0], zooms[1], flip * zooms[2]];
    let rotation = [
        [
            a * a + b * b - c * c - d * d,
            2.0 * (b * c - a * d),
            2.0 * (b * d + a * c),
        ],
        [
            2.0 * (b * c + a * d),
            a * a + c * c - b * b - d * d,
            2.0 * (c * d - a * b),
        ],
        [
            2.0 * (b * d - a * c),
            2.0 * (c * d + a * b),
            a * a + d * d - b * b - c * c,
        ],
    ];
    let offset = [x, y, z];
    std::array::from_fn(|k| {
        let mut row = [0.0; 4];
        for j in 0..3 {
            row[j] = rotation[k][j] * scale[j];
        }
        row[3] = offset[k];
        row
    })
}
