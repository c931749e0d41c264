//! JSON as FHIR wants it: nothing empty, and decimals with the digits that were sent.

use portal_domain::chart::{Decimal, PartialTime};

/// A value. Whatever is empty is left out of its object or list (FHIR R4, "Representing resources in JSON").
#[derive(Clone, Debug)]
pub enum Json {
    /// Nothing.
    Empty,
    /// Yes or no.
    Bool(bool),
    /// A number, as its digits.
    Number(String),
    /// Words.
    Text(String),
    /// Several values.
    List(Vec<Json>),
    /// Named values.
    Object(Vec<(&'static str, Json)>),
}

/// An object of what is not empty; itself empty when nothing is left.
pub fn object<const N: usize>(fields: [(&'static str, Json); N]) -> Json {
    let fields: Vec<_> = fields.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    if fields.is_empty() { Json::Empty } else { Json::Object(fields) }
}

/// A list of what is not empty; itself empty when nothing is left.
pub fn list(values: impl IntoIterator<Item = Json>) -> Json {
    let values: Vec<_> = values.into_iter().filter(|value| !value.is_empty()).collect();
    if values.is_empty() { Json::Empty } else { Json::List(values) }
}

impl Json {
    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Self::Empty)
    }

    /// This, or the other where this is empty.
    pub fn or(self, other: impl FnOnce() -> Self) -> Self {
        if self.is_empty() { other() } else { self }
    }

    /// With one more field; only objects have fields.
    pub fn with(mut self, name: &'static str, value: Self) -> Self {
        if let Self::Object(fields) = &mut self
            && !value.is_empty()
        {
            fields.push((name, value));
        }
        self
    }

    /// Writes it at the end of a text.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Empty => out.push_str("null"),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::Number(digits) => out.push_str(digits),
            Self::Text(text) => quoted(out, text),
            Self::List(values) => {
                out.push('[');
                for (place, value) in values.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    value.write(out);
                }
                out.push(']');
            }
            Self::Object(fields) => {
                out.push('{');
                for (place, (name, value)) in fields.iter().enumerate() {
                    if place > 0 {
                        out.push(',');
                    }
                    quoted(out, name);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// A string of RFC 8259. Controls never come here.
fn quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
}

/// Whether a character may stand in a FHIR string, and in XML 1.0: both refuse controls other than tabs and line ends.
pub fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

impl From<String> for Json {
    fn from(mut text: String) -> Self {
        text.retain(is_allowed);
        if text.trim().is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl From<&String> for Json {
    fn from(text: &String) -> Self {
        text.clone().into()
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u32> for Json {
    fn from(value: u32) -> Self {
        Self::Number(value.to_string())
    }
}

impl From<&Decimal> for Json {
    fn from(value: &Decimal) -> Self {
        Self::Number(value.literal().to_owned())
    }
}

impl From<PartialTime> for Json {
    fn from(time: PartialTime) -> Self {
        Self::Text(time.to_string())
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}
