//! How paths, queries and bodies are read: every refusal is problem+json and echoes nothing.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    error::{PathError, QueryPayloadError, UrlencodedError},
    http::header,
    web::{FormConfig, PathConfig, QueryConfig},
};
use futures_util::StreamExt;
use portal_domain::problem::{Code, FieldError, Problem};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_path_to_error::{Path, Segment, Track};

use super::body_deadline;
use crate::error::{Error, Result};

/// The largest JSON body that an ordinary operation reads, in bytes.
pub const MAX_JSON: usize = 64 * 1024;

/// A JSON body. What is wrong with it is told by field: `preferred[0].date`.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = body(&request, payload, &["application/json"], MAX_JSON).await?;
            parse(&bytes).map(Self)
        })
    }
}

/// The whole body: of one of these media types, at most `max` bytes.
pub async fn body(
    request: &HttpRequest,
    mut payload: Payload,
    kinds: &[&str],
    max: usize,
) -> Result<Vec<u8>> {
    if !kinds.iter().any(|kind| request.content_type().eq_ignore_ascii_case(kind)) {
        return Err(Code::UnsupportedMediaType.into());
    }
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let announced = length.and_then(|length| length.parse::<usize>().ok()).unwrap_or(0);
    if announced > max {
        return Err(Code::PayloadTooLarge.into());
    }
    let mut bytes = Vec::with_capacity(announced);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|why| body_deadline::broken(&why))?;
        if bytes.len() + chunk.len() > max {
            return Err(Code::PayloadTooLarge.into());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let mut track = Track::new();
    let value = T::deserialize(serde_path_to_error::Deserializer::new(&mut json, &mut track));
    match value.and_then(|value| json.end().map(|()| value)) {
        Ok(value) => Ok(value),
        // Broken JSON, or JSON that is another thing than is asked for (serde calls some of that syntax).
        Err(why) => match serde_json::from_slice::<IgnoredAny>(bytes) {
            Ok(_) => Err(wrong_field(&why, &track.path()).into()),
            Err(why) => Err(broken_json(&why).into()),
        },
    }
}

fn broken_json(why: &serde_json::Error) -> Problem {
    let detail = format!("The JSON breaks off or is wrong at line {}, column {}.", why.line(), why.column());
    Problem::new(Code::BadRequest).detail(detail)
}

/// A value of the wrong kind. serde's own words may quote the value, so only the field is told; the name of one that is
/// not ours is not repeated either.
fn wrong_field(why: &serde_json::Error, path: &Path) -> Problem {
    let text = why.to_string();
    let missing = text.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let error = if let Some(field) = missing {
        FieldError::new(spell(path, Some(field)), "required", "This field is missing.")
    } else if text.starts_with("unknown field `") {
        let place = match spell(path, None).rsplit_once('.') {
            Some((parent, _)) => parent.to_owned(),
            None => "body".into(),
        };
        FieldError::new(place, "unknown_field", "A field in here is not known. Remove it.")
    } else {
        FieldError::new(
            spell(path, None),
            "invalid",
            "A value is of the wrong kind. See the API description.",
        )
    };
    Problem::invalid(vec![error])
}

/// `preferred[0].date`; `body` for all of it.
fn spell(path: &Path, last: Option<&str>) -> String {
    let mut text = String::new();
    let name = |text: &mut String, name: &str| {
        if !text.is_empty() {
            text.push('.');
        }
        text.push_str(name);
    };
    for segment in path.iter() {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("[{index}]")),
            Segment::Map { key } => name(&mut text, key),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    if let Some(last) = last {
        name(&mut text, last);
    }
    if text.is_empty() { "body".into() } else { text }
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

#[cfg(test)]
mod tests {
    use portal_domain::appointments::NewRequest;

    use super::*;

    fn refusal(json: &str) -> (Code, String, String) {
        match parse::<NewRequest>(json.as_bytes()).unwrap_err() {
            Error::Problem(problem) => {
                let error = problem.errors.first().cloned().unwrap_or(FieldError::new("", "", ""));
                (problem.code, error.field, error.code)
            }
            other => panic!("{other}"),
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_field_and_never_repeated() {
        let invalid = |field: &str, code: &str| (Code::Invalid, field.to_owned(), code.to_owned());
        let id = "\"location_id\": \"01a204df-703c-7490-b0c7-2877b1f05296\"";
        let day = |rest: &str| {
            format!("{{{id}, \"reason\": \"other\", \"preferred\": [{{\"part\": \"any\"{rest}}}]}}")
        };
        assert_eq!(refusal("{}"), invalid("location_id", "required"));
        assert_eq!(refusal("[]"), invalid("body", "invalid"));
        assert_eq!(refusal(&format!("{{{id}, \"reason\": [[1]]}}")), invalid("reason", "invalid"));
        assert_eq!(refusal(&day("")), invalid("preferred[0].date", "required"));
        assert_eq!(refusal(&day(", \"date\": \"soon\"")), invalid("preferred[0].date", "invalid"));
        assert_eq!(refusal(&day(", \"x\": 1")), invalid("preferred[0]", "unknown_field"));
        assert_eq!(refusal("{\"x\": 1}"), invalid("body", "unknown_field"));
        for broken in ["", "{", "{}{}", "{\"x\": }", "\u{feff}{}"] {
            assert_eq!(refusal(broken).0, Code::BadRequest, "{broken}");
        }
    }
}
