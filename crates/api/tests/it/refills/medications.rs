//! The medication list: refills counted from what was handed out, and what may be asked for.

use chrono::TimeDelta;
use portal_domain::refills::{MedicationView, RequestKind, WhyNot};

use crate::harness::{charts::Prescription, on_both, people::Person};

async fn shown(person: &Person) -> Vec<MedicationView> {
    person.portal.medications(person.patient()).await.unwrap()
}

/// The one medication of a chart.
async fn only(person: &Person) -> MedicationView {
    let mut all = shown(person).await;
    assert_eq!(all.len(), 1);
    all.remove(0)
}

on_both! {
    async fn a_medication_tells_directions_prescriber_fills_and_refills_left(portal) {
        let anna = portal.patient("Anna").await;
        let of = Prescription {
            refills: Some(2),
            valid_until: Some("2027-04-17"),
            fills: vec![
                ("completed", "2026-04-18"), ("completed", "2026-06-20T01:30:00Z"), ("in-progress", "2026-07-01"),
                ("entered-in-error", "2026-07-02"),
            ],
            ..Default::default()
        };
        portal.prescription(anna.patient(), "Metformin 500 mg tablet", of).await;
        let seen = only(&anna).await;
        assert_eq!((seen.drug.as_str(), seen.directions.as_str()), ("Metformin 500 mg tablet", "Take 1 tablet every morning"));
        assert_eq!((seen.prescriber.as_deref(), seen.status_text.as_str()), (Some("Dr. Maria Lund"), "Active"));
        assert_eq!(seen.prescribed.unwrap().to_string(), "2026-04-17");
        assert_eq!(seen.last_filled.unwrap().to_string(), "2026-06-19", "the evening before, in Boston");
        assert_eq!((seen.refills_left, seen.can_request), (Some(1), Some(RequestKind::Refill)), "only what was handed over counts");
        assert_eq!((seen.valid_until.unwrap().to_string().as_str(), seen.is_expired), ("2027-04-17", false));
    }

    async fn a_prescription_expires_at_the_practices_midnight_and_then_only_a_renewal_is_offered(portal) {
        let anna = portal.patient("Anna").await;
        let of = Prescription { valid_until: Some("2026-10-05"), ..Default::default() };
        portal.prescription(anna.patient(), "Metformin", of).await;
        // Monday in Boston: 10 in the morning, then 11:59 at night, then midnight.
        assert_eq!(only(&anna).await.can_request, Some(RequestKind::Refill));
        portal.clock.advance(TimeDelta::hours(13) + TimeDelta::minutes(59));
        let anna = portal.sign_in(&anna.session.username).await;
        assert_eq!(only(&anna).await.can_request, Some(RequestKind::Refill), "another day in UTC already");
        portal.clock.advance(TimeDelta::minutes(1));
        let seen = only(&anna).await;
        assert_eq!((seen.is_expired, seen.can_request), (true, Some(RequestKind::Renewal)));
    }

    async fn what_was_taken_before_stands_behind_and_says_why_nothing_can_be_asked_for(portal) {
        let anna = portal.patient("Anna").await;
        let of = |status, intent| Prescription { status, intent, ..Default::default() };
        for (drug, status, intent) in [
            ("Amlodipine", "stopped", "order"), ("Melatonin", "active", "plan"), ("Warfarin", "on-hold", "order"),
            ("Amoxicillin", "completed", "order"), ("Aspirin", "entered-in-error", "order"), ("Ibuprofen", "cancelled", "order"),
        ] {
            portal.prescription(anna.patient(), drug, of(status, intent)).await;
        }
        let all = shown(&anna).await;
        let why = |drug: &str| all.iter().find(|one| one.drug == drug).map(|one| (one.is_current, one.can_request, one.why_not));
        assert_eq!(why("Melatonin"), Some((true, None, Some(WhyNot::NotPrescribed))));
        assert_eq!(why("Warfarin"), Some((true, None, Some(WhyNot::OnHold))));
        assert_eq!(why("Amlodipine"), Some((false, None, Some(WhyNot::Stopped))));
        assert_eq!(why("Ibuprofen"), Some((false, None, Some(WhyNot::Cancelled))));
        assert_eq!(why("Amoxicillin"), Some((false, Some(RequestKind::Renewal), None)));
        assert_eq!(why("Aspirin"), None, "what was recorded in error is never shown");
        assert!(all.is_sorted_by_key(|one| !one.is_current));
    }
}
