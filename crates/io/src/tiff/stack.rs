//! Which axes do the pages make?
//!
//! Microscopes say so in the first page's description: time, channel, depth. Absent: what else the
//! description says; files that continue in others.

use tilewright_core::Shape;

/// The axes before those of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stack {
    /// Their lengths.
    pub lens: Shape,
    /// How many pages further the next element of each axis is.
    pub steps: Shape,
    /// Their names.
    pub names: Vec<&'static str>,
}

/// The axes that so many pages make, the first of which has this description.
pub fn stack(description: &str, pages: i64) -> Stack {
    let told = image_j(description).or_else(|| ome(description));
    match told {
        Some([time, channel, depth]) if time.0 * channel.0 * depth.0 == pages => Stack {
            lens: [time.0, channel.0, depth.0][..].into(),
            steps: [time.1, channel.1, depth.1][..].into(),
            names: vec!["T", "C", "Z"],
        },
        _ if pages == 1 => Stack::default(),
        _ => Stack {
            lens: [pages][..].into(),
            steps: [1][..].into(),
            names: vec!["page"],
        },
    }
}

/// The lengths and steps of time, channel and depth.
type Axes = [(i64, i64); 3];

/// ImageJ: lines of words and numbers; channels vary fastest, then depth, then time.
fn image_j(description: &str) -> Option<Axes> {
    if !description.starts_with("ImageJ=") {
        return None;
    }
    let number = |word: &str| {
        let mut lines = description.lines();
        let found = lines.find_map(|line| line.strip_prefix(word)?.strip_prefix('='));
        found.map_or(Some(1), |text| {
            text.trim().parse::<i64>().ok().filter(|n| *n > 0)
        })
    };
    let (channels, slices) = (number("channels")?, number("slices")?);
    let frames = number("frames")?;
    let volume = slices.checked_mul(channels)?;
    volume.checked_mul(frames)?;
    Some([(frames, volume), (channels, 1), (slices, channels)])
}

/// OME: an element `Pixels` with the order of the axes and their lengths. A file that says where
/// each page belongs one by one is not taken for a stack.
fn ome(description: &str) -> Option<Axes> {
    let (_, pixels) = description.split_once("<Pixels ")?;
    if pixels.matches("<TiffData").count() > 1 || pixels.contains("FileName=") {
        return None;
    }
    let (pixels, _) = pixels.split_once('>')?;
    let value = |name: &str| {
        let (_, rest) = pixels.split_once(&format!("{name}=\""))?;
        rest.split_once('"').map(|(value, _)| value)
    };
    let number = |name: &str| value(name)?.parse::<i64>().ok().filter(|n| *n > 0);
    let order = value("DimensionOrder")?.strip_prefix("XY")?;
    let mut step = 1i64;
    let mut axes = [(0, 0); 3];
    for axis in order.chars() {
        let (at, name) = match axis {
            'T' => (0, "SizeT"),
            'C' => (1, "SizeC"),
            'Z' => (2, "SizeZ"),
            _ => return None,
        };
        let len = number(name)?;
        axes[at] = (len, step);
        step = step.checked_mul(len)?;
    }
    axes.iter().all(|(len, _)| *len > 0).then_some(axes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_of_microscopes() {
        let found = stack(
            "ImageJ=1.11\nimages=24\nchannels=2\nslices=4\nframes=3\n",
            24,
        );
        assert_eq!(
            (&found.lens[..], &found.steps[..]),
            (&[3, 2, 4][..], &[8, 1, 2][..])
        );
        let ome = "<?xml?><OME><Image><Pixels DimensionOrder=\"XYZCT\" SizeC=\"2\" SizeT=\"3\" \
                   SizeX=\"7\" SizeY=\"5\" SizeZ=\"4\" Type=\"uint16\"><TiffData/></Pixels></Image></OME>";
        let found = stack(ome, 24);
        assert_eq!(
            (&found.lens[..], &found.steps[..]),
            (&[3, 2, 4][..], &[8, 4, 1][..])
        );
        assert_eq!(stack(ome, 23).names, ["page"]);
        assert_eq!(stack("", 1), Stack::default());
        assert_eq!(stack("ImageJ=1\nframes=-3", 5).lens[..], [5]);
    }
}
