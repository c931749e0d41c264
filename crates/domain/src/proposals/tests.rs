//! A proposal is refused with every fault, an entry says what was accepted and keeps the rest, and what was accepted
//! stands against its source.

use proptest::{collection::vec, prelude::*, sample::select};
use uuid::Uuid;

use super::*;
use crate::{
    chart::{ChartEntry, ChartMedication, Coding, Concept},
    ids::PatientId,
};

fn anna() -> PatientId {
    PatientId(Uuid::from_u128(1))
}

fn today() -> crate::time::Date {
    "2026-10-05".parse().unwrap()
}

fn directions(record: &ChartMedication) -> String {
    record.dosage.iter().filter_map(|line| line.text.clone()).collect::<Vec<_>>().join("\n")
}

fn says(entry: &ChartEntry) -> Fields {
    fields_of(entry, directions).unwrap().1
}

fn found(problem: &Problem) -> Vec<(&str, &str)> {
    problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect()
}

fn new(about: ProposalSubject, change: ProposalChange, fields: Fields) -> NewProposal {
    NewProposal { about, change, item: None, seen: Fields::default(), fields, note: String::new() }
}

#[test]
fn a_proposal_is_refused_with_every_field_at_fault() {
    let fields = Fields::default()
        .with(ProposalField::Severity, "terrible")
        .with(ProposalField::Drug, "Aspirin")
        .with(ProposalField::Reaction, "x".repeat(201));
    let wrong = NewProposal {
        note: "x".repeat(501),
        item: Some(ChartItemId(Uuid::nil())),
        ..new(ProposalSubject::Allergy, ProposalChange::Add, fields)
    };
    let mut errors =
        found(&wrong.check().unwrap_err()).iter().map(|(f, c)| format!("{f} {c}")).collect::<Vec<_>>();
    errors.sort();
    assert_eq!(
        errors,
        [
            "fields.drug not_used",
            "fields.reaction too_long",
            "fields.severity unknown",
            "fields.substance required",
            "item not_used",
            "note too_long",
        ]
    );
}

#[test]
fn only_an_entry_of_the_chart_is_changed_or_removed_and_a_change_changes_something() {
    let rash = Fields::default().with(ProposalField::Substance, "Latex");
    let change = new(ProposalSubject::Allergy, ProposalChange::Change, rash.clone());
    assert_eq!(found(&change.clone().check().unwrap_err()), [("item", "required")]);
    let same = NewProposal {
        item: Some(ChartItemId(Uuid::nil())),
        seen: rash.clone().with(ProposalField::Status, "Active"),
        ..change
    };
    assert_eq!(found(&same.clone().check().unwrap_err()), [("fields.substance", "nothing_changed")]);
    let typed = NewProposal { change: ProposalChange::Remove, ..same };
    assert_eq!(found(&typed.check().unwrap_err()), [("fields", "not_used")]);
    for (about, change) in [
        (ProposalSubject::Contact, ProposalChange::Add),
        (ProposalSubject::Contact, ProposalChange::Remove),
        (ProposalSubject::Medication, ProposalChange::NoneKnown),
    ] {
        let wrong = new(about, change, Fields::default());
        let errors = wrong.check().unwrap_err();
        assert!(found(&errors).contains(&("change", "not_offered")), "{about} {change}");
    }
    new(ProposalSubject::Allergy, ProposalChange::NoneKnown, Fields::default()).check().unwrap();
}

#[test]
fn a_no_has_a_reason_and_a_yes_has_none() {
    let answer = |outcome, reason, words: &str| ProposalAnswer {
        outcome,
        chart: Fields::default(),
        fields: None,
        reason,
        words: words.into(),
    };
    let check = |answer: ProposalAnswer| answer.check(ProposalSubject::Allergy, ProposalChange::Remove);
    use {ProposalDeclineReason as R, ProposalOutcome as O};
    assert_eq!(found(&check(answer(O::Decline, None, "")).unwrap_err()), [("reason", "required")]);
    assert_eq!(found(&check(answer(O::Decline, Some(R::Other), " ")).unwrap_err()), [("words", "required")]);
    assert_eq!(
        found(&check(answer(O::Accept, Some(R::TalkFirst), "")).unwrap_err()),
        [("reason", "not_used")]
    );
    let edited = ProposalAnswer { fields: Some(Fields::default()), ..answer(O::Accept, None, "") };
    assert_eq!(
        found(&check(edited).unwrap_err()),
        [("fields", "not_used")],
        "nothing to correct in a removal"
    );
    check(answer(O::Decline, Some(R::Other), "Ask Dr. Lund.")).unwrap();
}

#[test]
fn what_stays_the_same_keeps_its_code_and_what_changes_loses_it() {
    let mut entry = made(
        ProposalSubject::Medication,
        anna(),
        &Fields::default().with(ProposalField::Drug, "Aspirin").with(ProposalField::Directions, "1 a day"),
        today(),
    )
    .unwrap();
    let ChartEntry::Medication(record) = &mut entry else { unreachable!() };
    let coding = Coding { system: "s".into(), code: "1191".into(), display: None };
    record.drug = Concept { coding: Some(coding), text: "Aspirin".into() };
    let before = says(&entry);
    apply(&mut entry, &before, &before.clone().with(ProposalField::Directions, "2 a day"));
    let ChartEntry::Medication(record) = &entry else { unreachable!() };
    assert!(record.drug.coding.is_some());
    assert_eq!(directions(record), "2 a day");
    let now = says(&entry);
    apply(&mut entry, &now, &before.with(ProposalField::Drug, "Ibuprofen"));
    let ChartEntry::Medication(record) = &entry else { unreachable!() };
    assert_eq!(record.drug, Concept { coding: None, text: "Ibuprofen".into() });
}

#[test]
fn an_ended_entry_stands_no_longer() {
    for about in [ProposalSubject::Medication, ProposalSubject::Allergy, ProposalSubject::Insurance] {
        let fields = Fields::default().with(about.name_field().unwrap(), "Something");
        let mut entry = made(about, anna(), &fields, today()).unwrap();
        assert!(stands_now(&entry), "{about}");
        let before = says(&entry);
        apply(&mut entry, &before, &removed(about, &before));
        assert!(!stands_now(&entry), "{about}");
        assert_eq!(says(&entry), removed(about, &before), "{about}");
    }
}

#[test]
fn no_known_allergies_is_a_statement_and_no_allergy() {
    let entry = none_known(anna(), today());
    assert!(is_none_known(&entry) && !is_active_allergy(&entry));
    let latex = Fields::default().with(ProposalField::Substance, "Latex");
    let latex = made(ProposalSubject::Allergy, anna(), &latex, today()).unwrap();
    assert!(is_active_allergy(&latex) && !is_none_known(&latex));
}

fn about() -> impl Strategy<Value = ProposalSubject> {
    select(ProposalSubject::ALL)
}

/// Any clean fields of a part of the chart.
fn fields(about: ProposalSubject) -> impl Strategy<Value = Fields> {
    let says: Vec<_> = about
        .fields()
        .iter()
        .map(|field| match field.takes() {
            Takes::OneOf(words) => select(words).prop_map(str::to_owned).boxed(),
            _ if about.name_field() == Some(*field) => "[A-Z][a-z]{1,12}".boxed(),
            _ => "([A-Z][a-z]{1,12})?".boxed(),
        })
        .collect();
    says.prop_map(move |says| {
        about.fields().iter().zip(says).fold(Fields::default(), |all, (field, says)| all.with(*field, says))
    })
}

proptest! {
    #[test]
    fn a_new_entry_says_what_was_proposed((about, fields) in about().prop_flat_map(|about| (Just(about), fields(about)))) {
        prop_assume!(about != ProposalSubject::Contact);
        let clean = new(about, ProposalChange::Add, fields.clone()).check().unwrap();
        prop_assert_eq!(&clean.fields, &fields);
        let entry = made(about, anna(), &fields, today()).unwrap();
        prop_assert_eq!(says(&entry).typed(), fields);
    }

    #[test]
    fn an_accepted_change_is_what_the_chart_says_then(
        (about, before, after) in about().prop_flat_map(|about| (Just(about), fields(about), fields(about))),
    ) {
        prop_assume!(about != ProposalSubject::Contact);
        let mut entry = made(about, anna(), &before, today()).unwrap();
        let was = says(&entry);
        let wanted = after.clone().with(ProposalField::Status, was.get(ProposalField::Status));
        apply(&mut entry, &was, &wanted);
        prop_assert_eq!(says(&entry), wanted);
    }

    #[test]
    fn what_was_accepted_stands_whatever_the_source_sends(
        source in fields(ProposalSubject::Allergy), steps in vec(fields(ProposalSubject::Allergy), 1..4),
        theirs in fields(ProposalSubject::Allergy),
    ) {
        let mut standing = Standing::default();
        let mut now = source.clone();
        for step in &steps {
            standing.add(&now, step);
            now = step.clone();
        }
        let (same, is_contested) = standing.settle(&source);
        prop_assert_eq!(&same, &now, "a repeat undoes nothing");
        prop_assert!(!is_contested);
        let (kept, is_contested) = standing.settle(&theirs);
        for field in ProposalSubject::Allergy.fields() {
            let touched = steps.iter().try_fold(source.get(*field), |was, step| (was == step.get(*field)).then_some(was)).is_none();
            let expected = if touched { now.get(*field) } else { theirs.get(*field) };
            prop_assert_eq!(kept.get(*field), expected, "{}", field);
            if touched && theirs.get(*field) != source.get(*field) && theirs.get(*field) != now.get(*field) {
                prop_assert!(is_contested);
            }
        }
    }

    #[test]
    fn every_field_that_differs_is_told(now in fields(ProposalSubject::Medication), proposed in fields(ProposalSubject::Medication)) {
        let told = differences(ProposalSubject::Medication, &now, &now, &proposed);
        for field in ProposalSubject::Medication.fields() {
            let one = told.iter().find(|one| one.field == *field);
            prop_assert_eq!(one.is_some_and(Difference::is_change), now.get(*field) != proposed.get(*field));
            prop_assert!(!one.is_some_and(Difference::has_moved));
        }
    }
}
