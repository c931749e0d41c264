//! What stands in the bundle, and the envelope.

use std::collections::HashSet;

use portal_domain::{
    chart::{ChartKind, Code},
    record::Section,
};
use uuid::Uuid;

use super::{
    background, clinical, documents,
    json::{Json, object},
    medications, observations, people, plans, reports,
    types::{Held, url},
};
use crate::{HealthRecord, Item};

/// A resource of the bundle.
pub struct Entry<'a> {
    /// Its type.
    pub kind: &'static str,
    /// Its id.
    pub id: Uuid,
    /// Makes it.
    pub resource: Box<dyn FnOnce(&Held) -> Json + 'a>,
}

/// Calls `take` with every resource of a section, in the order of the record.
pub fn entries<'a>(record: &'a HealthRecord, section: Section, mut take: impl FnMut(Entry<'a>)) {
    use ChartKind as Kind;
    let take = &mut take;
    match section {
        Section::Demographics if !record.care_team.is_empty() => take(Entry {
            kind: "CareTeam",
            id: care_team_id(record),
            resource: Box::new(|held| people::care_team(record, held)),
        }),
        Section::Demographics => {}
        Section::Allergies => all(take, Kind::Allergy, &record.allergies, clinical::allergy),
        Section::Medications => all(take, Kind::Medication, &record.medications, medications::medication),
        Section::Conditions => all(take, Kind::Condition, &record.conditions, clinical::condition),
        Section::Results => {
            for result in &record.results {
                let resource = Box::new(|held: &Held| reports::report(result, held));
                take(Entry { kind: Kind::Report.code(), id: result.id, resource });
                all(take, Kind::Observation, &result.values, observations::observation);
            }
        }
        Section::VitalSigns => {
            all(take, Kind::Observation, &record.vital_signs, observations::observation);
        }
        Section::SocialHistory => {
            all(take, Kind::Observation, &record.social_history, observations::observation);
        }
        Section::FunctionalStatus => {
            all(take, Kind::Observation, &record.functional_status, observations::observation);
        }
        Section::Immunizations => {
            all(take, Kind::Immunization, &record.immunizations, clinical::immunization)
        }
        Section::Procedures => all(take, Kind::Procedure, &record.procedures, clinical::procedure),
        Section::Insurance => all(take, Kind::Coverage, &record.coverages, background::coverage),
        Section::FamilyHistory => all(take, Kind::Relative, &record.relatives, background::relative),
        Section::AdvanceDirectives => all(take, Kind::Directive, &record.directives, plans::directive),
        Section::Instructions => all(take, Kind::Instruction, &record.instructions, plans::instruction),
        Section::Referrals => all(take, Kind::Referral, &record.referrals, plans::referral),
        Section::PlanOfCare => {
            all(take, Kind::CarePlan, &record.care_plans, plans::care_plan);
            all(take, Kind::Goal, &record.goals, plans::goal);
        }
        Section::Encounters => all(take, Kind::Encounter, &record.encounters, clinical::encounter),
        Section::Documents => {
            for document in &record.documents {
                let resource = Box::new(move |held: &Held| documents::document(document, held));
                take(Entry { kind: "DocumentReference", id: document.id, resource });
            }
        }
    }
}

fn all<'a, T>(
    take: &mut impl FnMut(Entry<'a>),
    kind: ChartKind,
    items: &'a [Item<T>],
    write: fn(&T, &Held) -> Json,
) {
    for item in items {
        let resource = Box::new(move |held: &Held| write(&item.record, held));
        take(Entry { kind: kind.code(), id: item.id, resource });
    }
}

/// The care team is no record of the chart; its id follows from the document's.
fn care_team_id(record: &HealthRecord) -> Uuid {
    Uuid::from_u128(record.id.as_u128() ^ 1)
}

/// Everything that a reference may name.
pub fn held(record: &HealthRecord) -> Held {
    let mut ids = HashSet::new();
    for section in &record.sections {
        entries(record, *section, |entry| {
            ids.extend(ChartKind::from_code(entry.kind).map(|kind| (kind, entry.id)));
        });
    }
    Held { patient: record.patient.id.0, ids }
}

/// A bundle as it is written.
pub struct Bundle {
    text: String,
    written: HashSet<Uuid>,
}

impl Bundle {
    /// Begins the document.
    pub fn open(record: &HealthRecord) -> Self {
        let (url, made) = (url(record.id), record.made_at);
        let text = format!(
            "{{\"resourceType\":\"Bundle\",\"identifier\":{{\"system\":\"urn:ietf:rfc:3986\",\"value\":\"{url}\"}},\
             \"type\":\"document\",\"timestamp\":\"{made}\",\"entry\":["
        );
        Self { text, written: HashSet::new() }
    }

    /// Adds a resource; one that is there already stands once.
    pub fn add(&mut self, kind: &'static str, id: Uuid, resource: Json) {
        if !self.written.insert(id) {
            return;
        }
        let mut fields = vec![("resourceType", kind.into()), ("id", id.to_string().into())];
        if let Json::Object(own) = resource {
            fields.extend(own);
        }
        if self.written.len() > 1 {
            self.text.push(',');
        }
        object([("fullUrl", url(id).into()), ("resource", Json::Object(fields))]).write(&mut self.text);
    }

    /// Ends the document.
    pub fn close(mut self) -> String {
        self.text.push_str("]}");
        self.text
    }
}
