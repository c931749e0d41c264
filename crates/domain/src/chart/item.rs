//! What all records that are read whole, by patient and kind, have in common: their columns.

use crate::{
    chart::{ChartEntry, Code, Concept, Link, PartialTime, Verification},
    time::Time,
};

/// The status of a record that was recorded in error, whatever its kind. It is never shown.
pub const ENTERED_IN_ERROR: &str = "entered-in-error";

/// How a list shows a record of the chart before it is opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemFacts<'a> {
    /// When it was true of the patient, as exact as known.
    pub at: Option<PartialTime>,
    /// The code of its status; empty when none was sent.
    pub status: &'static str,
    /// What it is.
    pub concept: Option<&'a Concept>,
    /// What it is, in words.
    pub display: &'a str,
    /// At which visit.
    pub encounter: Option<&'a Link>,
}

impl ItemFacts<'_> {
    /// Where it stands in time: the end of every list when nobody knows when it was.
    pub fn sorting_time(&self) -> Time {
        self.at.map_or_else(Time::unknown, |at| at.at)
    }
}

fn known<C: Code>(status: Option<C>) -> &'static str {
    status.map_or("", Code::code)
}

impl ChartEntry {
    /// The facts of a record that is read whole, by patient and kind; `None` for people,
    /// organizations, observations and reports, which have tables of their own.
    pub fn item(&self) -> Option<ItemFacts<'_>> {
        let in_error = |verification| verification == Some(Verification::EnteredInError);
        Some(match self {
            Self::Practitioner(_) | Self::Organization(_) | Self::Patient(_) => return None,
            Self::Observation(_) | Self::Report(_) => return None,
            Self::Encounter(r) => ItemFacts {
                at: r.start.or(r.end),
                status: r.status.code(),
                concept: r.kind.as_ref(),
                display: r.kind.as_ref().map_or("Visit", |kind| &kind.text),
                encounter: None,
            },
            Self::Condition(r) => ItemFacts {
                at: r.onset.or(r.recorded),
                status: if in_error(r.verification) { ENTERED_IN_ERROR } else { known(r.clinical_status) },
                concept: Some(&r.code),
                display: &r.code.text,
                encounter: r.encounter.as_ref(),
            },
            Self::Allergy(r) => ItemFacts {
                at: r.onset.or(r.recorded),
                status: if in_error(r.verification) { ENTERED_IN_ERROR } else { known(r.clinical_status) },
                concept: Some(&r.code),
                display: &r.code.text,
                encounter: None,
            },
            Self::Medication(r) => ItemFacts {
                at: r.authored,
                status: r.status.code(),
                concept: Some(&r.drug),
                display: &r.drug.text,
                encounter: r.encounter.as_ref(),
            },
            Self::Dispense(r) => ItemFacts {
                at: r.handed_over,
                status: r.status.code(),
                concept: Some(&r.drug),
                display: &r.drug.text,
                encounter: None,
            },
            Self::Immunization(r) => ItemFacts {
                at: r.occurred,
                status: r.status.code(),
                concept: Some(&r.vaccine),
                display: &r.vaccine.text,
                encounter: r.encounter.as_ref(),
            },
            Self::Procedure(r) => ItemFacts {
                at: r.start.or(r.end),
                status: r.status.code(),
                concept: Some(&r.code),
                display: &r.code.text,
                encounter: r.encounter.as_ref(),
            },
            Self::Goal(r) => ItemFacts {
                at: r.start.or(r.due),
                status: r.status.code(),
                concept: Some(&r.description),
                display: &r.description.text,
                encounter: None,
            },
            Self::CarePlan(r) => {
                let category = r.categories.first();
                let words = r.title.as_deref().or(category.map(|category| category.text.as_str()));
                ItemFacts {
                    at: r.start.or(r.end),
                    status: r.status.code(),
                    concept: category,
                    display: words.unwrap_or("Care plan"),
                    encounter: r.encounter.as_ref(),
                }
            }
            Self::Coverage(r) => ItemFacts {
                at: r.start.or(r.end),
                status: r.status.code(),
                concept: r.kind.as_ref(),
                display: r.name().unwrap_or("Insurance"),
                encounter: None,
            },
            Self::Relative(r) => ItemFacts {
                at: r.recorded,
                status: r.status.code(),
                concept: Some(&r.relationship),
                display: &r.relationship.text,
                encounter: None,
            },
            Self::Directive(r) => ItemFacts {
                at: r.given.or(r.start),
                status: r.status.code(),
                concept: Some(&r.kind),
                display: &r.kind.text,
                encounter: None,
            },
            Self::Instruction(r) => ItemFacts {
                at: r.given,
                status: r.status.code(),
                concept: r.topic.as_ref(),
                display: r.topic.as_ref().map_or("Instruction", |topic| &topic.text),
                encounter: r.encounter.as_ref(),
            },
            Self::Referral(r) => ItemFacts {
                at: r.authored,
                status: r.status.code(),
                concept: Some(&r.code),
                display: &r.code.text,
                encounter: r.encounter.as_ref(),
            },
        })
    }
}
