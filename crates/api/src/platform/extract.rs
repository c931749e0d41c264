//! How paths, queries and bodies are read: every refusal is problem+json and echoes nothing.

use actix_web::{
    error::{JsonPayloadError, PathError, QueryPayloadError, UrlencodedError},
    web::{FormConfig, JsonConfig, PathConfig, QueryConfig},
};
use portal_domain::problem::{Code, FieldError, Problem};

use super::body_deadline;
use crate::error::Error;

/// The largest JSON body that an ordinary operation reads, in bytes.
pub const MAX_JSON: usize = 64 * 1024;

/// JSON bodies.
pub fn json() -> JsonConfig {
    JsonConfig::default().limit(MAX_JSON).error_handler(|why, _| {
        match why {
            JsonPayloadError::Overflow { .. } | JsonPayloadError::OverflowKnownLength { .. } => {
                Error::from(Code::PayloadTooLarge)
            }
            JsonPayloadError::ContentType => Code::UnsupportedMediaType.into(),
            JsonPayloadError::Deserialize(why) if why.is_data() => field_at(&why).into(),
            JsonPayloadError::Deserialize(why) => Problem::from(Code::BadRequest)
                .detail(format!(
                    "The JSON breaks off or is wrong at line {}, column {}.",
                    why.line(),
                    why.column()
                ))
                .into(),
            JsonPayloadError::Payload(why) => body_deadline::broken(&why).into(),
            _ => Code::BadRequest.into(),
        }
        .into()
    })
}

/// Path segments: an id that is none can't name a thing.
pub fn path() -> PathConfig {
    PathConfig::default().error_handler(|_: PathError, _| Error::from(Code::NotFound).into())
}

/// Query strings.
pub fn query() -> QueryConfig {
    QueryConfig::default().error_handler(|_: QueryPayloadError, _| {
        let message = "A parameter is unknown or its value can't be read. See the API description.";
        Error::from(Problem::field("query", "invalid", message)).into()
    })
}

/// A value of the wrong kind. serde's own words may quote the value, so only the place is told, and the field
/// where serde names one of ours.
fn field_at(why: &serde_json::Error) -> Problem {
    let text = why.to_string();
    let named =
        |start: &str| text.strip_prefix(start).and_then(|rest| rest.split('`').next()).map(str::to_owned);
    let place = format!("line {}, column {}", why.line(), why.column());
    let error = if let Some(field) = named("missing field `") {
        FieldError::new(field, "required", "This field is missing.")
    } else if text.starts_with("unknown field `") {
        FieldError::new(place, "unknown_field", "A field is not known here. Remove it.")
    } else {
        FieldError::new(place, "invalid", "A value is of the wrong kind. See the API description.")
    };
    Problem::invalid(vec![error])
}

/// Form bodies (OAuth).
pub fn form() -> FormConfig {
    FormConfig::default().limit(MAX_JSON).error_handler(|why, _| {
        match why {
            UrlencodedError::Overflow { .. } => Error::from(Code::PayloadTooLarge),
            UrlencodedError::ContentType => Problem::new(Code::UnsupportedMediaType)
                .detail("Send application/x-www-form-urlencoded.")
                .into(),
            UrlencodedError::Payload(why) => body_deadline::broken(&why).into(),
            _ => Problem::field("body", "invalid", "A field is missing, unknown or can't be read.").into(),
        }
        .into()
    })
}
