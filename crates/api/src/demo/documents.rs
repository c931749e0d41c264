//! The demo practice's documents: a visit summary that the first patient has, and a letter that waits for its release.

use portal_domain::{
    access::Role,
    documents::{DocumentKind, NewDocument},
};

use super::{day::Enrolled, staff::Staff};
use crate::{
    app::App,
    error::Result,
    features::documents,
    platform::{etag::IfMatch, idempotency::Once},
};

/// Attaches both, and releases the first.
pub async fn seed(app: &App, staff: &Staff, patients: &[Enrolled]) -> Result<()> {
    let [thandiwe, ..] = patients else { return Ok(()) };
    let provider = staff.actor(Role::Provider);
    let (patient, once) = (thandiwe.patient, Once::without_key);
    let summary = documents::create(app, &provider, patient, summary(app), once()).await?;
    documents::release(app, &provider, patient, summary.id, IfMatch::of(summary.version), once()).await?;
    documents::create(app, &provider, patient, letter(app), once()).await?;
    Ok(())
}

// A day before today by UTC is no day of tomorrow wherever the practice is.
fn summary(app: &App) -> NewDocument {
    NewDocument {
        title: "After your visit: blood pressure and sugar".into(),
        kind: DocumentKind::VisitSummary,
        date: app.now().utc().date_naive() - chrono::Days::new(7),
        text: "We talked about your blood pressure and your blood sugar.\n\n\
               What to do now:\n\
               - Measure your blood pressure each morning and write it down.\n\
               - Take metformin with breakfast.\n\
               - Walk half an hour on most days.\n\n\
               Come again in three months. Write to us if your blood pressure is above 140 three days in a row."
            .into(),
    }
}

fn letter(app: &App) -> NewDocument {
    NewDocument {
        title: "Letter to your eye doctor".into(),
        kind: DocumentKind::Letter,
        date: app.now().utc().date_naive() - chrono::Days::new(1),
        text: "We ask you to examine the eyes of our patient, as is done once a year with diabetes.".into(),
    }
}
