//! Is a document small enough to be built?
//!
//! A library builds it, which takes many times its text. So its values are counted first, without
//! memory. Absent: attributes, which are the user's own and may be long, and other nodes' documents.

use serde::de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, de};
use std::fmt;

/// Most values in a document: several lists as long as there can be axes, and some options.
const MOST: usize = 1024;

/// Text that counts as a value more.
const TEXT: usize = 32;

/// What may be of any size.
const LONG: &[&str] = &["attributes", "consolidated_metadata"];

/// Whether a document has few enough values.
pub fn is_small(text: &[u8]) -> bool {
    let counted: Result<Top, _> = serde_json::from_slice(text);
    counted.is_ok_and(|Top(values)| values <= MOST)
}

/// Whether a text is of a value that can be built.
///
/// # Errors
/// What the parser says.
pub fn check(text: &str) -> serde_json::Result<()> {
    serde_json::from_str(text).map(|Values(_)| ())
}

/// Values of a document.
struct Top(usize);

/// Values within a value.
struct Values(usize);

struct Count {
    /// Whether names may be of what is not counted.
    top: bool,
}

impl<'de> Deserialize<'de> for Top {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Top, D::Error> {
        deserializer.deserialize_any(Count { top: true }).map(Top)
    }
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Values, D::Error> {
        deserializer
            .deserialize_any(Count { top: false })
            .map(Values)
    }
}

impl<'de> Visitor<'de> for Count {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_unit<E: de::Error>(self) -> Result<usize, E> {
        Ok(1)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<usize, E> {
        Ok(1 + text.len() / TEXT)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<usize, A::Error> {
        let mut sum = 1;
        while let Some(Values(values)) = list.next_element()? {
            sum += values;
        }
        Ok(sum)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<usize, A::Error> {
        let mut sum = 1;
        while let Some(name) = map.next_key::<Name>()? {
            if self.top && name.0 {
                map.next_value::<IgnoredAny>()?;
            } else {
                sum += map.next_value::<Values>()?.0 + name.1;
            }
        }
        Ok(sum)
    }
}

/// A name: whether what it names may be long, and what it counts itself.
struct Name(bool, usize);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
        struct Read;
        impl Visitor<'_> for Read {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Name, E> {
                Ok(Name(LONG.contains(&text), text.len() / TEXT))
            }
        }
        deserializer.deserialize_str(Read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_alone_may_be_long() {
        let list = format!("[{}0]", "0,".repeat(MOST));
        assert!(is_small(
            b"{\"shape\": [1, 2], \"fill_value\": null, \"codecs\": [{\"a\": 1.5}]}"
        ));
        assert!(is_small(format!("{{\"attributes\": {list}}}").as_bytes()));
        assert!(!is_small(format!("{{\"shape\": {list}}}").as_bytes()));
        assert!(!is_small(
            format!("{{\"a\": {{\"attributes\": {list}}}}}").as_bytes()
        ));
        let text = "x".repeat(MOST * TEXT);
        assert!(!is_small(format!("{{\"a\": \"{text}\"}}").as_bytes()));
        assert!(!is_small(format!("{{\"{text}\": 0}}").as_bytes()));
    }
}
