//! Released results.

use base64::{Engine, engine::general_purpose::STANDARD};
use portal_domain::{
    chart::{ChartReport, Code, ReportCategory, systems},
    results::{Laboratory, ReportStatus},
};

use super::{
    json::{Json, list, object},
    types::{Held, coded, concept, concepts, instant, moment, parties, reference, telecom, unknown},
};
use crate::ResultReport;

/// The extension by which FHIR R4 carries `DiagnosticReport.note` of R5.
const NOTE: &str = "http://hl7.org/fhir/5.0/StructureDefinition/extension-DiagnosticReport.note";

/// A report with what the provider told the patient about it.
pub fn report(item: &ResultReport, held: &Held) -> Json {
    let r = &item.report;
    // US Core wants both times once there are results.
    let is_out =
        !matches!(r.status, ReportStatus::Registered | ReportStatus::Cancelled | ReportStatus::Unknown);
    let effective = match moment("effectiveDateTime", "effectivePeriod", r.effective, r.effective_end) {
        (_, Json::Empty) if is_out => ("_effectiveDateTime", unknown()),
        given => given,
    };
    let issued = match instant(r.issued) {
        Json::Empty if is_out => ("_issued", unknown()),
        given => ("issued", given),
    };
    let comment = item.provider_comment.as_deref().map_or(Json::Empty, |text| {
        let note = object([("text", text.into())]);
        if note.is_empty() { note } else { object([("url", NOTE.into()), ("valueAnnotation", note)]) }
    });
    let (specimen, order, laboratory) =
        (specimen(r), order(item, held), laboratory(item.laboratory.as_ref()));
    // Whoever performed it, in the report's words; the laboratory by name, phone and address where there are none.
    let named = parties(&r.performers).or(|| inside(&laboratory, "laboratory"));
    let laboratory =
        if r.performers.iter().any(|one| one.display.is_some()) { Json::Empty } else { laboratory };
    object([
        ("basedOn", inside(&order, "order")),
        ("specimen", inside(&specimen, "specimen")),
        ("contained", list([specimen, order, laboratory])),
        ("extension", list([comment])),
        ("status", r.status.code().into()),
        ("category", category(r.category)),
        ("code", concept(&r.code)),
        ("subject", held.subject()),
        ("encounter", held.visit(&r.encounter)),
        effective,
        issued,
        ("performer", named),
        ("resultsInterpreter", parties(&r.interpreters)),
        ("result", results(item, held)),
        ("conclusion", r.conclusion.as_ref().into()),
        ("conclusionCode", concepts(&r.conclusion_codes)),
        ("presentedForm", presented(r)),
    ])
}

/// The values that the report lists, then those that it brings without naming them or a panel of theirs.
fn results(item: &ResultReport, held: &Held) -> Json {
    let listed: Vec<_> = item.report.results.iter().filter_map(|link| held.id(link)).collect();
    let members = item.values.iter().flat_map(|value| &value.record.members).filter_map(|link| held.id(link));
    let known: std::collections::HashSet<_> = listed.iter().copied().chain(members).collect();
    let others = item.values.iter().map(|value| value.id).filter(|id| !known.contains(id));
    list(listed.iter().copied().chain(others).map(reference))
}

fn inside(contained: &Json, id: &str) -> Json {
    if contained.is_empty() {
        return Json::Empty;
    }
    list([object([("reference", format!("#{id}").into())])])
}

fn specimen(r: &ChartReport) -> Json {
    if r.specimen.is_none() && r.collected.is_none() {
        return Json::Empty;
    }
    object([
        ("resourceType", "Specimen".into()),
        ("id", "specimen".into()),
        ("type", object([("text", r.specimen.as_ref().into())]).or(unknown)),
        ("collection", object([("collectedDateTime", r.collected.into())])),
    ])
}

fn order(item: &ResultReport, held: &Held) -> Json {
    let sent = item.report.ordered_by.as_ref().and_then(|party| party.display.as_deref());
    let requester = object([("display", item.ordered_by.as_deref().or(sent).into())]);
    if requester.is_empty() {
        return Json::Empty;
    }
    object([
        ("resourceType", "ServiceRequest".into()),
        ("id", "order".into()),
        ("status", "completed".into()),
        ("intent", "order".into()),
        ("code", concept(&item.report.code)),
        ("subject", held.subject()),
        ("requester", requester),
    ])
}

fn laboratory(laboratory: Option<&Laboratory>) -> Json {
    let Some(laboratory) = laboratory else { return Json::Empty };
    let lines = object([("text", laboratory.address.join(", ").into())]);
    object([
        ("resourceType", "Organization".into()),
        ("id", "laboratory".into()),
        ("active", true.into()),
        ("name", laboratory.name.as_str().into()),
        ("telecom", list([telecom("phone", &laboratory.phone, None)])),
        ("address", list([lines])),
    ])
}

fn category(category: ReportCategory) -> Json {
    let (system, code) = match category {
        ReportCategory::Laboratory => (systems::DIAGNOSTIC_SERVICE, "LAB"),
        ReportCategory::Pathology => (systems::LOINC, "LP7839-6"),
        ReportCategory::Imaging => (systems::LOINC, "LP29684-5"),
        ReportCategory::Cardiology => (systems::LOINC, "LP29708-2"),
        ReportCategory::Other => return Json::Empty,
    };
    list([coded(system, code)])
}

/// The report in words, and a line for each file that stayed with the practice.
fn presented(r: &ChartReport) -> Json {
    let words = r.narrative.as_deref().map_or(Json::Empty, |text| {
        object([("contentType", "text/plain".into()), ("data", STANDARD.encode(text).into())])
    });
    let left_out =
        (0..r.files_left_out).map(|_| object([("title", "A file that the practice holds".into())]));
    list(std::iter::once(words).chain(left_out))
}
