//! MED-1, MED-3: what patients ask the chart to become, what staff make of it, and that nothing else changes the chart.

mod allergies;
mod answering;
mod feed;
mod social;

use chrono::TimeDelta;
use portal_client::Result;
use portal_domain::{
    access::Role,
    ids::ChartItemId,
    problem::{Code, Problem},
    proposals::{
        ChartEntryView, Fields, NewProposal, ProposalAnswer, ProposalChange, ProposalDeclineReason,
        ProposalField as F, ProposalOutcome, ProposalState, ProposalSubject, ProposalSummary, ProposalView,
    },
};
use uuid::Uuid;

use crate::harness::{charts::Prescription, on_both, people::Person, portal::TestPortal, refused};

/// What is said, by field.
fn says(all: &[(F, &str)]) -> Fields {
    all.iter().fold(Fields::default(), |fields, (field, says)| fields.with(*field, *says))
}

/// A new entry.
fn add(about: ProposalSubject, fields: &[(F, &str)]) -> NewProposal {
    NewProposal {
        about,
        change: ProposalChange::Add,
        item: None,
        seen: Fields::default(),
        fields: says(fields),
        note: "I am sure.".into(),
    }
}

/// Something else about an entry that stands, with these fields changed.
fn change(entry: &ChartEntryView, fields: &[(F, &str)]) -> NewProposal {
    let wanted =
        fields.iter().fold(entry.fields.clone().typed(), |all, (field, says)| all.with(*field, *says));
    NewProposal {
        about: entry.about,
        change: ProposalChange::Change,
        item: entry.item,
        seen: entry.fields.clone(),
        fields: wanted,
        note: String::new(),
    }
}

/// The end of an entry.
fn remove(entry: &ChartEntryView) -> NewProposal {
    NewProposal { change: ProposalChange::Remove, fields: Fields::default(), ..change(entry, &[]) }
}

async fn send(person: &Person, new: &NewProposal) -> Result<ProposalView> {
    person.portal.propose(person.patient(), new, Uuid::new_v4()).await
}

async fn entries(person: &Person, about: ProposalSubject) -> Vec<ChartEntryView> {
    person.portal.chart_entries(person.patient(), about).await.unwrap()
}

async fn entry(person: &Person, about: ProposalSubject, name: &str) -> ChartEntryView {
    let all = entries(person, about).await;
    all.iter().find(|entry| entry.name == name).unwrap_or_else(|| panic!("no {name} in {all:?}")).clone()
}

async fn waiting(staff: &Person) -> Vec<ProposalSummary> {
    staff.portal.proposal_queue(&Default::default()).await.unwrap().items
}

fn yes(seen: &ProposalView) -> ProposalAnswer {
    ProposalAnswer {
        outcome: ProposalOutcome::Accept,
        chart: seen.chart.clone(),
        fields: None,
        reason: None,
        words: String::new(),
    }
}

fn no() -> ProposalAnswer {
    ProposalAnswer {
        outcome: ProposalOutcome::Decline,
        chart: Fields::default(),
        fields: None,
        reason: Some(ProposalDeclineReason::TalkFirst),
        words: "Call us.".into(),
    }
}

async fn answer(staff: &Person, seen: &ProposalView, answer: &ProposalAnswer) -> Result<ProposalView> {
    staff.portal.answer_proposal(&seen.proposal, answer, Uuid::new_v4()).await
}

/// Lets staff accept it.
async fn accept(staff: &Person, sent: &ProposalView) -> ProposalView {
    let seen = staff.portal.proposal(sent.proposal.patient.id, sent.proposal.id).await.unwrap();
    answer(staff, &seen, &yes(&seen)).await.unwrap()
}

fn errors(problem: &Problem) -> Vec<(&str, &str)> {
    problem.errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect()
}

async fn takes(portal: &TestPortal, person: &Person, drug: &str) -> ChartItemId {
    portal.prescription(person.patient(), drug, Prescription::default()).await
}

on_both! {
    async fn a_proposal_waits_apart_and_the_chart_stays_as_it_was(portal) {
        let anna = portal.patient("Anna").await;
        takes(&portal, &anna, "Metformin").await;
        let before = entries(&anna, ProposalSubject::Medication).await;
        let sent = send(&anna, &add(ProposalSubject::Medication, &[(F::Drug, "Ibuprofen"), (F::Directions, "When my knee hurts")])).await.unwrap();
        let changed = change(&before[0], &[(F::Directions, "Half a tablet")]);
        let changed = send(&anna, &changed).await.unwrap();
        assert_eq!((sent.proposal.state, sent.proposal.name.as_str(), sent.proposal.note.as_str()), (ProposalState::Pending, "Ibuprofen", "I am sure."));
        assert_eq!(sent.proposal.due_at.to_string(), "2026-10-07T14:00:00Z", "two business days after a Monday");
        assert_eq!(sent.proposed_by.as_deref(), Some(anna.session.display_name.as_str()));

        let after = entries(&anna, ProposalSubject::Medication).await;
        assert_eq!(after.len(), 1);
        assert_eq!(after[0].fields, before[0].fields, "the chart is the chart");
        assert_eq!((after[0].proposal, before[0].proposal), (Some(changed.proposal.id), None));
        let listed = anna.portal.medications(anna.patient()).await.unwrap();
        assert_eq!(listed.iter().map(|one| one.drug.as_str()).collect::<Vec<_>>(), ["Metformin"]);
        let own = anna.portal.proposals(anna.patient(), &Default::default()).await.unwrap().items;
        assert_eq!(own.len(), 2);

        let nurse = portal.staff(Role::Nurse).await;
        assert_eq!(waiting(&nurse).await.len(), 2);
        portal.clock.advance(TimeDelta::hours(49));
        let provider = portal.staff(Role::Provider).await;
        assert!(waiting(&provider).await.iter().all(|one| one.is_overdue));
    }

    async fn pages_of_the_queue_follow_each_other_soonest_due_first(portal) {
        let nurse = portal.staff(Role::Nurse).await;
        let mut sent = Vec::new();
        for name in ["Anna", "Berta", "Carla"] {
            let person = portal.patient(name).await;
            sent.push(send(&person, &add(ProposalSubject::Allergy, &[(F::Substance, "Latex")])).await.unwrap().proposal.id);
            portal.clock.advance(TimeDelta::minutes(1));
        }
        let mut query = portal_domain::proposals::ProposalQueueQuery { limit: Some(1), ..Default::default() };
        let mut seen = Vec::new();
        loop {
            let page = nurse.portal.proposal_queue(&query).await.unwrap();
            seen.extend(page.items.iter().map(|one| one.id));
            match page.next {
                Some(next) => query.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, sent);
    }

    async fn an_entry_has_one_proposal_at_a_time_even_when_many_come_at_once(portal) {
        let anna = portal.patient("Anna").await;
        takes(&portal, &anna, "Metformin").await;
        let entry = entry(&anna, ProposalSubject::Medication, "Metformin").await;
        let new = change(&entry, &[(F::Directions, "At night")]);
        let tries = (0..20).map(|_| send(&anna, &new));
        let (kept, lost): (Vec<_>, Vec<_>) = futures_util::future::join_all(tries).await.into_iter().partition(Result::is_ok);
        assert_eq!(kept.len(), 1);
        for one in lost {
            assert_eq!(errors(&refused(one)), [("item", "already_waiting")]);
        }
        let twice = add(ProposalSubject::Allergy, &[(F::Substance, "Latex")]);
        send(&anna, &twice).await.unwrap();
        assert_eq!(errors(&refused(send(&anna, &twice).await)), [("fields.substance", "already_waiting")]);
    }

    async fn a_repeat_with_the_same_key_proposes_once(portal) {
        let anna = portal.patient("Anna").await;
        let (new, key) = (add(ProposalSubject::Allergy, &[(F::Substance, "Latex")]), Uuid::new_v4());
        let first = anna.portal.propose(anna.patient(), &new, key).await.unwrap();
        assert_eq!(anna.portal.propose(anna.patient(), &new, key).await.unwrap(), first);
        assert_eq!(waiting(&portal.staff(Role::Nurse).await).await.len(), 1);
    }

    async fn what_is_not_in_the_chart_or_not_as_it_was_seen_is_refused(portal) {
        let (anna, berta) = (portal.patient("Anna").await, portal.patient("Berta").await);
        takes(&portal, &berta, "Albuterol").await;
        let foreign = entry(&berta, ProposalSubject::Medication, "Albuterol").await;
        let new = change(&foreign, &[(F::Directions, "More")]);
        assert_eq!(errors(&refused(send(&anna, &new).await)), [("item", "unknown")]);
        takes(&portal, &anna, "Metformin").await;
        let own = entry(&anna, ProposalSubject::Medication, "Metformin").await;
        let stale = NewProposal { seen: own.fields.clone().with(F::Directions, "As it was"), ..change(&own, &[(F::Directions, "More")]) };
        assert_eq!(refused(send(&anna, &stale).await).code, Code::StaleVersion);
        let stopped = Prescription { status: "stopped", ..Default::default() };
        portal.prescription(anna.patient(), "Amlodipine", stopped).await;
        let ended = entry(&anna, ProposalSubject::Medication, "Amlodipine").await;
        assert!(!ended.is_current);
        assert_eq!(errors(&refused(send(&anna, &remove(&ended)).await)), [("item", "ended_already")]);
        assert!(waiting(&portal.staff(Role::Nurse).await).await.is_empty(), "nothing was kept");
    }

    async fn what_waits_is_in_no_exit_of_the_health_record(portal) {
        let anna = portal.patient("Anna").await;
        takes(&portal, &anna, "Metformin").await;
        let own = entry(&anna, ProposalSubject::Medication, "Metformin").await;
        send(&anna, &add(ProposalSubject::Allergy, &[(F::Substance, "Zirconium"), (F::Reaction, "Yodeling")])).await.unwrap();
        send(&anna, &change(&own, &[(F::Directions, "Quarterly"), (F::Reason, "Zugzwang")])).await.unwrap();
        let contact = entries(&anna, ProposalSubject::Contact).await.remove(0);
        send(&anna, &change(&contact, &[(F::City, "Xanadu")])).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let exits = |round: &'static str| {
            let (portal, anna, folder) = (&portal, &anna, &folder);
            async move {
                let mut all = String::new();
                for format in [portal_domain::record::RecordFormat::Text, portal_domain::record::RecordFormat::Fhir, portal_domain::record::RecordFormat::Ccda] {
                    let out = folder.path().join(format!("{round}-{format}"));
                    portal_api::features::health_record::export_file(&portal.app, &anna.patient().to_string(), format, &out).await.unwrap();
                    all += &std::fs::read_to_string(out).unwrap();
                }
                for section in portal_domain::record::Section::ALL {
                    let shown = anna.portal.chart_section(anna.patient(), *section, &Default::default()).await.unwrap();
                    all += &serde_json::to_string(&shown).unwrap();
                }
                all
            }
        };
        let before = exits("before").await;
        assert!(before.contains("Metformin"));
        for word in ["Zirconium", "Yodeling", "Quarterly", "Zugzwang", "Xanadu"] {
            assert!(!before.contains(word), "{word} waits and is shown as the practice's truth");
        }
        let nurse = portal.staff(Role::Nurse).await;
        for sent in anna.portal.proposals(anna.patient(), &Default::default()).await.unwrap().items {
            let seen = nurse.portal.proposal(anna.patient(), sent.id).await.unwrap();
            answer(&nurse, &seen, &yes(&seen)).await.unwrap();
        }
        let after = exits("after").await;
        for word in ["Zirconium", "Yodeling", "Quarterly", "Zugzwang", "Xanadu"] {
            assert!(after.contains(word), "{word} was accepted");
        }
    }
}
