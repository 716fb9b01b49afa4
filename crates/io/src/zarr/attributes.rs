//! How are the attributes of an array kept?
//!
//! As the text that they have in a document, which is checked once. Absent: which document that is.

use super::small;
use crate::attributes::{Kept, Make};
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// The text of an object.
pub struct Text(Box<[u8]>);

impl Text {
    /// The text, if it is one of an object.
    ///
    /// # Errors
    /// What the parser says.
    pub fn new(text: Box<[u8]>) -> serde_json::Result<Text> {
        let (text, mut wrong) = (Text(text), None);
        text.walk(&mut |_, value| {
            wrong = small::check(value.get()).err();
            wrong.is_some()
        })
        .map_err(|error| wrong.take().unwrap_or(error))?;
        Ok(text)
    }

    fn walk(&self, show: &mut dyn FnMut(&str, &RawValue) -> bool) -> serde_json::Result<()> {
        let mut text = serde_json::Deserializer::from_slice(&self.0);
        text.deserialize_map(Walk(show))?;
        text.end()
    }
}

impl Kept for Text {
    fn show(&self, show: &mut dyn FnMut(&str, Make<'_>) -> bool) {
        // It was walked through before, so that this stops at what is wanted alone.
        let _ =
            self.walk(&mut |name, value| show(name, &|| serde_json::from_str(value.get()).ok()));
    }
}

/// Shows the members of an object.
struct Walk<'a>(&'a mut dyn FnMut(&str, &RawValue) -> bool);

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            if (self.0)(&name, members.next_value()?) {
                return Err(A::Error::custom("no more is wanted"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::Attributes;
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn texts_become_values_when_they_are_asked_for() {
        let text = br#"{"b": [1, 2.5, null], "a": {"units": "\u00b0C"}}"#;
        let attributes = Attributes::kept(Arc::new(Text::new(text[..].into()).unwrap()));
        assert_eq!(attributes.get("a"), Some(json!({"units": "°C"})));
        assert_eq!(attributes.get("c"), None);
        let mut names = Vec::new();
        attributes.for_each(|name, _| names.push(name.to_owned()));
        assert_eq!(names, ["b", "a"]);
        assert_eq!(attributes.all()["b"], json!([1, 2.5, null]));
        for bad in [
            "",
            "[]",
            "{\"a\": }",
            "{} {}",
            "{\"a\": [}",
            "{\"a\": \"\\ud800\"}",
        ] {
            assert!(Text::new(bad.as_bytes().into()).is_err(), "{bad}");
        }
    }
}
