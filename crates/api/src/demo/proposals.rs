//! What patients of the demo practice told about their charts: one thing can't wait.

use portal_domain::proposals::{
    Fields, NewProposal, ProposalChange, ProposalField as Field, ProposalSubject,
};

use super::day::Enrolled;
use crate::{app::App, error::Result, features::proposals, platform::idempotency::Once};

/// Lets them tell it.
pub async fn seed(app: &App, patients: &[Enrolled]) -> Result<()> {
    let vitamin = [
        (Field::Drug, "Vitamin D3 1000 units"),
        (Field::Directions, "1 tablet every morning, from the supermarket"),
    ];
    let cough = [
        (Field::Substance, "Lisinopril"),
        (Field::Reaction, "Dry cough, mostly at night"),
        (Field::Severity, "moderate"),
        (Field::Known, "reported"),
    ];
    let told = [
        (ProposalSubject::Medication, &vitamin[..], "Since last winter."),
        (ProposalSubject::Allergy, &cough[..], "It began when I started the tablets."),
    ];
    for (by, (about, fields, note)) in patients.iter().zip(told) {
        let new = NewProposal {
            about,
            change: ProposalChange::Add,
            item: None,
            seen: Fields::default(),
            fields: fields.iter().fold(Fields::default(), |all, (field, says)| all.with(*field, *says)),
            note: note.into(),
        };
        proposals::propose(app, &by.actor, by.patient, new, Once::without_key()).await?;
    }
    Ok(())
}
