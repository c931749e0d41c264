//! Any record at all, for the writers to be tried on.

mod entries;
mod results;

use portal_domain::{
    chart::*,
    documents::DocumentKind,
    ids::PatientId,
    record::DateRange,
    time::{Date, Time},
};
use proptest::{collection::vec, option, prelude::*, sample::select};
use uuid::Uuid;

use self::{
    entries::entry,
    results::{observation, report},
};
use super::{at, practice};
use crate::{CareTeamMember, HealthRecord, ReleasedDocument, ResultReport, Subject};

/// A record of any people, entries and released results.
pub fn any_record() -> impl Strategy<Value = HealthRecord> {
    let results =
        vec((report(), vec(observation(ObservationCategory::Laboratory), 0..4), option::of(text())), 0..3);
    let documents = vec((text(), text(), option::of(text())), 0..3);
    (person(), vec(entry(), 0..12), results, vec((text(), text()), 0..3), documents).prop_map(
        |(person, entries, results, team, documents)| {
            let patient = Subject { id: PatientId(id(0)), mrn: "IH-1".into(), person };
            let made = at("2026-10-05T14:00:00Z");
            let mut record =
                HealthRecord::new(Uuid::from_u128(3), made, practice(), patient, DateRange::default(), &[]);
            // One visit, one problem and one goal for the others to name.
            record.add(id(1), visit().into());
            record.add(id(2), problem().into());
            record.add(id(3), aim().into());
            for (place, entry) in entries.into_iter().enumerate() {
                record.add(id(10 + place), entry);
            }
            for (place, (mut report, values, comment)) in results.into_iter().enumerate() {
                let first = 100 + place * 20;
                report.results =
                    (0..values.len()).map(|i| link(ChartKind::Observation, first + 1 + i)).collect();
                record.add_result(ResultReport {
                    id: id(first),
                    report,
                    laboratory: None,
                    ordered_by: None,
                    provider_comment: comment,
                    released_at: made,
                    values: (values.into_iter().enumerate())
                        .map(|(i, record)| crate::Item { id: id(first + 1 + i), record })
                        .collect(),
                });
            }
            for (place, (title, text, file)) in documents.into_iter().enumerate() {
                record.add_document(ReleasedDocument {
                    id: id(800 + place),
                    title,
                    kind: DocumentKind::ALL[place],
                    date: "2026-10-01".parse().unwrap(),
                    author: "Dr. Lund".into(),
                    text,
                    file,
                    released_at: made,
                });
            }
            record.care_team = (team.into_iter().enumerate())
                .map(|(i, (name, specialty))| CareTeamMember { id: id(900 + i), name, specialty, npi: None })
                .collect();
            record
        },
    )
}

/// An id of this chart.
pub fn id(place: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + place as u128)
}

fn link(kind: ChartKind, place: usize) -> Link {
    Link { kind, key: SourceKey::Local(id(place)) }
}

fn patient() -> Link {
    link(ChartKind::Patient, 0)
}

/// Words of every Unicode plane and what markup stumbles over, as an import leaves them: composed and trimmed.
fn text() -> impl Strategy<Value = String> {
    let plain = "[A-Za-z0-9<>&\"'\\\\/ \u{e9}\u{5d0}\u{4e2d}\u{1f600}\u{20000}\u{e0100}\u{10fffd}]{0,12}";
    (plain, "[a-z\u{10400}]").prop_map(|(start, end)| format!("{}{end}", start.trim_start()))
}

fn any_time() -> impl Strategy<Value = PartialTime> {
    select(vec!["1968", "1999-12", "2020-02-29", "2021-03-04T05:06:07Z", "2024-11-03T06:30:00Z"])
        .prop_map(|text| text.parse().unwrap())
}

fn instant() -> impl Strategy<Value = PartialTime> {
    (0_i64..1_000_000)
        .prop_map(|n| PartialTime::instant(Time::from_micros(1_600_000_000_000_000 + n * 1_000_003).unwrap()))
}

fn when() -> BoxedStrategy<Option<PartialTime>> {
    option::of(any_time()).boxed()
}

fn one_of<C: Code + std::fmt::Debug>() -> impl Strategy<Value = C> {
    let valid = |word: &C| word.code() != ENTERED_IN_ERROR;
    select(C::ALL.iter().copied().filter(valid).collect::<Vec<_>>())
}

fn concept() -> BoxedStrategy<Concept> {
    let system = select(vec![systems::SNOMED_CT, systems::LOINC, systems::RXNORM, systems::ICD_10_CM]);
    let coding = (system, "[0-9]{4,8}", option::of(text())).prop_map(|(system, code, display)| Coding {
        system: system.into(),
        code,
        display,
    });
    (option::of(coding), text()).prop_map(|(coding, text)| Concept { coding, text }).boxed()
}

fn amount() -> BoxedStrategy<Quantity> {
    let literal = select(vec!["0", "1.20", "98.6", "-3.5", "1E3", "185.48877894285542"]);
    (literal, any::<bool>())
        .prop_map(|(literal, is_coded)| Quantity {
            decimal: Decimal::parse(literal).unwrap(),
            comparator: None,
            unit: Some("mg/dL".into()),
            ucum: is_coded.then(|| "mg/dL".into()),
        })
        .boxed()
}

fn party() -> BoxedStrategy<Party> {
    text().prop_map(|name| Party { link: None, display: Some(name) }).boxed()
}

fn notes() -> BoxedStrategy<Vec<String>> {
    vec(text(), 0..3).boxed()
}

fn at_visit() -> BoxedStrategy<Option<Link>> {
    option::of(Just(link(ChartKind::Encounter, 1))).boxed()
}

fn for_problem() -> BoxedStrategy<Vec<Link>> {
    vec(Just(link(ChartKind::Condition, 2)), 0..2).boxed()
}

fn plain(text: &str) -> Concept {
    Concept { coding: None, text: text.into() }
}

fn visit() -> ChartEncounter {
    ChartEncounter {
        patient: patient(),
        status: EncounterStatus::Finished,
        class: None,
        kind: Some(plain("Check-up")),
        reasons: vec![],
        start: None,
        end: None,
        practitioners: vec![],
        organization: None,
    }
}

fn problem() -> ChartCondition {
    ChartCondition {
        patient: patient(),
        code: plain("Asthma"),
        clinical_status: Some(ConditionClinicalStatus::Active),
        verification: Some(Verification::Confirmed),
        category: Some(plain("Problem")),
        severity: None,
        onset: None,
        onset_text: None,
        abatement: None,
        recorded: None,
        encounter: None,
        notes: vec![],
    }
}

fn aim() -> ChartGoal {
    ChartGoal {
        patient: patient(),
        status: GoalStatus::Active,
        achievement: None,
        description: plain("Walk daily"),
        start: None,
        due: None,
        addresses: vec![],
    }
}

fn person() -> impl Strategy<Value = ChartPatient> {
    let born = Date::from_ymd_opt(1980, 2, 29).unwrap();
    (text(), vec(text(), 1..3), option::of(one_of()), vec(text(), 0..2), option::of(concept())).prop_map(
        move |(family, given, birth_sex, phones, marital_status)| ChartPatient {
            mrn: Some("IH-1".into()),
            name: HumanName { family, given, prefix: None, suffix: Some("Jr.".into()) },
            birth_date: born,
            gender: Some(portal_domain::patients::Gender::Female),
            birth_sex,
            active: true,
            deceased: false,
            deceased_at: None,
            race: None,
            ethnicity: None,
            language: None,
            marital_status,
            address: Some(Address {
                lines: vec!["1 Elm St".into()],
                city: Some("Boston".into()),
                ..Address::default()
            }),
            phones: phones
                .into_iter()
                .map(|number| Phone { number, used_for: Some("home".into()) })
                .collect(),
            email: Some("anna@example.org".into()),
        },
    )
}
