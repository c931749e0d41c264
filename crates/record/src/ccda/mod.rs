//! The record as a clinical document for other systems: a Continuity of Care Document of C-CDA R2.1 (PHR-2), US realm.
//!
//! The narrative of each section is [`HealthRecord::narrative`]; the entries point at its rows. A section that the
//! template asks for and that is empty, or was not asked for, says so with nullFlavor `NI`.

mod birth_sex;
mod codes;
mod concerns;
mod drugs;
mod header;
mod life;
mod plans;
mod seen;
mod states;
mod story;
mod types;
mod units;
mod xml;

use portal_domain::record::Section;

pub(crate) use self::{codes::is_possible, types::system_of};
use self::{
    types::{LOINC, code, template},
    xml::{El, el},
};
use crate::{
    HealthRecord,
    narrative::{Block, SectionText, title},
};

/// The record as a CCD R2.1, in UTF-8.
pub fn write_ccda(record: &HealthRecord) -> Vec<u8> {
    let mut told = record.narrative().sections;
    for needed in Section::ALL.iter().copied().filter(|one| is_needed(*one) && !record.has(*one)) {
        let blocks = vec![Block::Text("This section was not asked for.".into())];
        told.push(SectionText { section: needed, title: title(needed), blocks, is_empty: true });
    }
    let sections = told.iter().filter_map(|one| section(record, one));
    let body = el("structuredBody").cs(sections.map(|one| el("component").c(one)));
    el("ClinicalDocument")
        .a("xmlns", "urn:hl7-org:v3")
        .a("xmlns:sdtc", "urn:hl7-org:sdtc")
        .a("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
        .cs(header::header(record))
        .c(el("component").c(body))
        .document()
}

/// Whether a CCD has the section in any case.
fn is_needed(section: Section) -> bool {
    matches!(
        section,
        Section::Allergies
            | Section::Medications
            | Section::Conditions
            | Section::Results
            | Section::SocialHistory
            | Section::VitalSigns
    )
}

/// A section with its entries. Who the patient is stands in the header.
fn section(record: &HealthRecord, told: &SectionText) -> Option<El> {
    let (path, version, loinc, display, entries) = match told.section {
        Section::Demographics => return None,
        Section::Allergies => ("2.6.1", "2015-08-01", "48765-2", "Allergies", concerns::allergies(record)),
        Section::Medications => ("2.1.1", "2014-06-09", "10160-0", "Medications", drugs::medications(record)),
        Section::Conditions => {
            ("2.5.1", "2015-08-01", "11450-4", "Problem list", concerns::conditions(record))
        }
        Section::Results => ("2.3.1", "2015-08-01", "30954-2", "Results", seen::results(record)),
        Section::VitalSigns => ("2.4.1", "2015-08-01", "8716-3", "Vital signs", seen::vital_signs(record)),
        Section::Immunizations => {
            ("2.2.1", "2015-08-01", "11369-6", "Immunizations", drugs::immunizations(record))
        }
        Section::Procedures => ("2.7.1", "2014-06-09", "47519-4", "Procedures", life::procedures(record)),
        Section::Insurance => ("2.18", "2015-08-01", "48768-6", "Payment sources", life::insurance(record)),
        Section::SocialHistory => {
            ("2.17", "2015-08-01", "29762-2", "Social history", seen::social_history(record))
        }
        Section::FamilyHistory => ("2.15", "2015-08-01", "10157-6", "Family history", life::family(record)),
        Section::AdvanceDirectives => {
            ("2.21", "2015-08-01", "42348-3", "Advance directives", plans::directives(record))
        }
        Section::Instructions => {
            ("2.45", "2014-06-09", "69730-0", "Instructions", plans::instructions(record))
        }
        Section::Referrals => (
            "1.3.6.1.4.1.19376.1.5.3.1.3.1",
            "2014-06-09",
            "42349-1",
            "Reason for referral",
            plans::referrals(record),
        ),
        Section::PlanOfCare => {
            ("2.10", "2014-06-09", "18776-5", "Plan of treatment", plans::plan_of_care(record))
        }
        Section::FunctionalStatus => {
            ("2.14", "2014-06-09", "47420-5", "Functional status", seen::functional_status(record))
        }
        Section::Encounters => ("2.22.1", "2015-08-01", "46240-8", "Encounters", life::encounters(record)),
        // C-CDA has no template for a list of documents: its words are the section.
        Section::Documents => ("", "", "34109-9", "Note", Vec::new()),
    };
    let sex = (told.section == Section::SocialHistory).then(|| birth_sex::told(record)).flatten();
    let (sex, sex_entry) = sex.unzip();
    // What says that nothing is on record would be wrong beside it.
    let blocks = if sex.is_some() && told.is_empty && record.has(told.section) { &[] } else { &*told.blocks };
    let section = el("section")
        .maybe("nullFlavor", (told.is_empty && sex.is_none()).then_some("NI"))
        .cs(if path.is_empty() { Vec::new() } else { template(path, version) })
        .c(code("code", LOINC, loinc, display))
        .c(el("title").t(told.title))
        .c(story::text(blocks).cs(sex))
        .cs(sex_entry)
        .cs(entries);
    Some(section)
}
