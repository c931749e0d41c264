//! The record as a FHIR R4 document: a bundle that opens with a `Composition`, whose sections tell the narrative and
//! point at the resources that say the same to machines.
//!
//! Every reference names a resource of the bundle. What FHIR wants and the chart doesn't tell is marked as unknown
//! (`data-absent-reason`); what FHIR can't say stands in the narrative alone.

mod background;
mod bundle;
mod clinical;
mod documents;
mod json;
mod medications;
mod observations;
mod people;
mod plans;
mod reports;
mod types;
mod xhtml;

use portal_domain::{chart::systems, record::Section};

use self::{
    bundle::{Bundle, Entry},
    json::{Json, list, object},
    types::{coded, reference},
};
use crate::HealthRecord;

/// Writes the record as a FHIR R4 bundle of type `document`, in JSON.
pub fn write_fhir(record: &HealthRecord) -> String {
    let held = bundle::held(record);
    let mut bundle = Bundle::open(record);
    bundle.add("Composition", record.id, composition(record));
    bundle.add("Patient", held.patient, people::patient(record));
    bundle.add("Organization", record.practice.id, people::organization(record));
    for section in &record.sections {
        bundle::entries(record, *section, |Entry { kind, id, resource }| {
            bundle.add(kind, id, resource(&held))
        });
    }
    bundle.close()
}

/// The table of contents, with the narrative.
fn composition(record: &HealthRecord) -> Json {
    let sections = record.narrative().sections;
    let section = |text: &crate::narrative::SectionText| {
        let mut ids = Vec::new();
        if text.section == Section::Demographics {
            ids.push(record.patient.id.0);
        }
        bundle::entries(record, text.section, |entry| ids.push(entry.id));
        ids.dedup();
        object([
            ("title", text.title.into()),
            ("code", document_code(text.section).map_or(Json::Empty, |code| coded(systems::LOINC, code))),
            ("text", xhtml::text(text)),
            ("entry", list(ids.into_iter().map(reference))),
        ])
    };
    object([
        ("status", "final".into()),
        ("type", coded(systems::LOINC, "34133-9")),
        ("subject", reference(record.patient.id.0)),
        ("date", record.made_at.to_string().into()),
        ("author", list([reference(record.practice.id)])),
        ("title", "Health record".into()),
        ("custodian", reference(record.practice.id)),
        ("section", list(sections.iter().map(section))),
    ])
}

/// The LOINC code of a section of a clinical document, as C-CDA R2.1 uses it.
fn document_code(section: Section) -> Option<&'static str> {
    Some(match section {
        Section::Demographics => return None,
        Section::Allergies => "48765-2",
        Section::Medications => "10160-0",
        Section::Conditions => "11450-4",
        Section::Results => "30954-2",
        Section::VitalSigns => "8716-3",
        Section::Immunizations => "11369-6",
        Section::Procedures => "47519-4",
        Section::Insurance => "48768-6",
        Section::SocialHistory => "29762-2",
        Section::FamilyHistory => "10157-6",
        Section::AdvanceDirectives => "42348-3",
        Section::Instructions => "69730-0",
        Section::Referrals => "42349-1",
        Section::PlanOfCare => "18776-5",
        Section::FunctionalStatus => "47420-5",
        Section::Encounters => "46240-8",
        Section::Documents => "34109-9",
    })
}
