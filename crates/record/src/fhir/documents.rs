//! Documents that the practice released.

use base64::{Engine, engine::general_purpose::STANDARD};
use portal_domain::{chart::systems, documents::DocumentKind, files::FileKind};

use super::{
    json::{Json, list, object},
    types::{Held, coded},
};
use crate::{ReleasedDocument, narrative::kind_in_words};

/// A document: what is written goes along, of a file its name and kind.
pub fn document(r: &ReleasedDocument, held: &Held) -> Json {
    let code = match r.kind {
        DocumentKind::VisitSummary => "34133-9",
        DocumentKind::Letter => "51852-2",
        DocumentKind::Report | DocumentKind::Form | DocumentKind::Other => "34109-9",
    };
    let note =
        coded("http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category", "clinical-note");
    let text = (!r.text.is_empty()).then(|| {
        attachment(object([
            ("contentType", "text/plain; charset=utf-8".into()),
            ("data", STANDARD.encode(&r.text).into()),
            ("title", r.title.as_str().into()),
        ]))
    });
    let file = r.file.as_ref().map(|name| {
        let kind = FileKind::named(name).map(FileKind::media_type);
        attachment(object([("contentType", kind.into()), ("title", name.into())]))
    });
    object([
        ("status", "current".into()),
        ("type", coded(systems::LOINC, code).with("text", kind_in_words(r.kind).into())),
        ("category", list([note])),
        ("subject", held.subject()),
        ("date", r.released_at.to_string().into()),
        ("author", list([object([("display", r.author.as_str().into())])])),
        ("description", r.title.as_str().into()),
        ("content", list(text.into_iter().chain(file))),
        ("context", object([("period", object([("start", r.date.to_string().into())]))])),
    ])
}

fn attachment(attachment: Json) -> Json {
    object([("attachment", attachment)])
}
