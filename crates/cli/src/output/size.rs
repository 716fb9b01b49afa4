//! How are bytes read and written by people?

/// What may stand behind a number of bytes.
const UNITS: &[(&str, u64)] = &[
    ("b", 1),
    ("", 1),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("k", 1 << 10),
    ("m", 1 << 20),
    ("g", 1 << 30),
    ("t", 1 << 40),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
];

/// Reads `8GiB`, `512 MB`, `2G`, `1.5GiB`, `1000000`; bare letters are powers of 1024.
///
/// # Errors
/// What is wrong, and what to write.
pub fn parse(text: &str) -> Result<u64, String> {
    let refuse = |what: &str| {
        Err(format!(
            "{what}; write a size such as 8GiB, 512MB or 1000000"
        ))
    };
    let trimmed = text.trim().to_ascii_lowercase();
    let end = trimmed
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(trimmed.len());
    let (number, unit) = trimmed.split_at(end);
    let Ok(number) = number.parse::<f64>() else {
        return refuse("this is no number of bytes");
    };
    let Some((_, factor)) = UNITS.iter().find(|(name, _)| *name == unit.trim()) else {
        return refuse(&format!("{:?} is no unit of bytes", unit.trim()));
    };
    let bytes = number * *factor as f64;
    if bytes < 1.0 {
        return refuse("a budget of no bytes");
    }
    if bytes >= 2f64.powi(63) {
        return refuse("this is more than 2^63 bytes");
    }
    Ok(bytes as u64)
}

/// `800 B`, `8.0 MB`, in decimal units.
pub fn show(bytes: u64) -> String {
    let (mut size, mut unit) = (bytes as f64, "B");
    for next in ["kB", "MB", "GB", "TB", "PB", "EB"] {
        // 999.95 would be shown as 1000.0.
        if size < 999.95 {
            break;
        }
        (size, unit) = (size / 1e3, next);
    }
    if unit == "B" {
        format!("{bytes} B")
    } else {
        format!("{size:.1} {unit}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_in_every_spelling() {
        let cases = [
            ("8GiB", Ok(8 << 30)),
            ("512 MB", Ok(512_000_000)),
            ("2g", Ok(2 << 30)),
            ("1.5KiB", Ok(1536)),
            ("1000000", Ok(1_000_000)),
            ("1b", Ok(1)),
        ];
        for (text, want) in cases {
            assert_eq!(parse(text), want, "{text}");
        }
        for text in [
            "",
            "GiB",
            "-1",
            "1e9",
            "0",
            "0.1",
            "9999999TiB",
            "8 Gib b",
            "1..2",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_shown_in_decimal_units() {
        assert_eq!(show(999), "999 B");
        assert_eq!(show(8_000_000), "8.0 MB");
        assert_eq!(show(999_999), "1.0 MB");
    }
}
