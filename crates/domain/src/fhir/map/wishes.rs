//! Advance directives, instructions and referrals: resources whose types serve other ends as well.

use serde_json::value::RawValue;

use super::patient;
use crate::{
    chart::{ChartDirective, ChartInstruction, ChartKind, ChartReferral, Party, systems},
    fhir::{path::At, r4, reader::Reader},
};

const VISIT: &[ChartKind] = &[ChartKind::Encounter];
/// "Patient referral" in SNOMED CT.
const PATIENT_REFERRAL: &str = "3457005";

/// Whether a resource of such a type is what the chart keeps. One whose purpose can't be read is not.
pub(super) fn is_kept(kind: ChartKind, raw: &RawValue) -> bool {
    let Ok(purpose) = serde_json::from_str::<r4::Purpose>(raw.get()) else { return false };
    let has = |concept: &r4::CodeableConcept, system: Option<&str>, code: &str| {
        concept.coding.iter().any(|coding| {
            coding.code.as_deref() == Some(code)
                && system.is_none_or(|system| coding.system.as_deref() == Some(system))
        })
    };
    match kind {
        ChartKind::Directive => {
            purpose.scope.iter().any(|scope| has(scope, Some(systems::CONSENT_SCOPE), "adr"))
        }
        ChartKind::Instruction => purpose.category.iter().any(|category| has(category, None, "instruction")),
        ChartKind::Referral => {
            purpose.category.iter().any(|category| has(category, Some(systems::SNOMED_CT), PATIENT_REFERRAL))
        }
        _ => false,
    }
}

pub(super) fn directive(r: &mut Reader<'_>, root: &At<'_>, raw: r4::Consent) -> Option<ChartDirective> {
    let patient = patient(r, &root.field("patient"), raw.patient);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let kind = r.concepts(root, "category", raw.category).into_iter().next();
    let kind = r.required(&root.field("category"), kind);
    let given = r.time(&root.field("dateTime"), raw.date_time);
    let provision = raw.provision.unwrap_or_default();
    let at = root.field("provision");
    let (start, end) = r.period(&at.field("period"), provision.period);
    let actors = provision.actor.into_iter().enumerate();
    let agents: Vec<Party> = actors
        .filter_map(|(i, actor)| r.party(&at.item("actor", i).field("reference"), actor.reference))
        .collect();
    let wanted = r.concepts(&at, "code", provision.code);
    Some(ChartDirective {
        patient: patient?,
        status: status?,
        kind: kind?,
        given,
        start,
        end,
        agents,
        wanted,
    })
}

pub(super) fn instruction(
    r: &mut Reader<'_>,
    root: &At<'_>,
    raw: r4::Instruction,
) -> Option<ChartInstruction> {
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let topic = r.concept(&root.field("topic"), raw.topic);
    let given = r.time(&root.field("sent"), raw.sent);
    let by = r.party(&root.field("sender"), raw.sender);
    let payload = raw.payload.into_iter().enumerate();
    let text: Vec<String> = payload
        .filter_map(|(i, part)| r.text(&root.item("payload", i).field("contentString"), part.content_string))
        .collect();
    let encounter = r.link(&root.field("encounter"), raw.encounter, VISIT);
    Some(ChartInstruction { patient: patient?, status: status?, topic, given, by, text, encounter })
}

pub(super) fn referral(r: &mut Reader<'_>, root: &At<'_>, raw: r4::Referral) -> Option<ChartReferral> {
    let patient = patient(r, &root.field("subject"), raw.subject);
    let at = root.field("status");
    let status = r.code(&at, raw.status);
    let status = r.required(&at, status);
    let at = root.field("code");
    let code = r.concept(&at, raw.code);
    let code = r.required(&at, code);
    let authored = r.time(&root.field("authoredOn"), raw.authored_on);
    let requester = r.party(&root.field("requester"), raw.requester);
    let performers = r.parties(root, "performer", raw.performer);
    let reasons = r.concepts(root, "reasonCode", raw.reason_code);
    let reason_conditions = r.links(root, "reasonReference", raw.reason_reference, ChartKind::Condition);
    let patient_instruction = r.text(&root.field("patientInstruction"), raw.patient_instruction);
    let encounter = r.link(&root.field("encounter"), raw.encounter, VISIT);
    let notes = r.notes(root, raw.note);
    Some(ChartReferral {
        patient: patient?,
        status: status?,
        code: code?,
        authored,
        requester,
        performers,
        reasons,
        reason_conditions,
        patient_instruction,
        encounter,
        notes,
    })
}
