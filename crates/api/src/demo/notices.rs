//! The demo practice's notices: one for everybody, one that elders are asked to confirm.

use portal_domain::{
    access::Role,
    audience::Audience,
    notices::{NoticeContent, NoticeText, Severity},
};

use super::staff::Staff;
use crate::{app::App, error::Result, features::notices, platform::idempotency::Once};

/// Publishes them.
pub async fn seed(app: &App, staff: &Staff) -> Result<()> {
    for content in [flu_shots(app), parking(app)] {
        notices::publish(app, &staff.actor(Role::FrontDesk), content, Once::without_key()).await?;
    }
    Ok(())
}

fn text(language: &str, title: &str, body: &str) -> NoticeText {
    NoticeText { language: language.into(), title: title.into(), body: body.into() }
}

// They began yesterday by UTC, which is today or earlier wherever the practice is.
fn flu_shots(app: &App) -> NoticeContent {
    let today = app.now().utc().date_naive();
    NoticeContent {
        audience: Audience { min_age: Some(65), ..Audience::default() },
        severity: Severity::Important,
        must_acknowledge: true,
        starts_on: today - chrono::Days::new(1),
        ends_on: today + chrono::Days::new(60),
        texts: vec![
            text(
                "en",
                "Flu shots for patients over 65",
                "The stronger flu vaccine has arrived at all three locations.\n\nCome in on any weekday morning. You don't need an appointment.",
            ),
            text(
                "es",
                "Vacuna contra la gripe para mayores de 65 años",
                "La vacuna reforzada ya está en nuestras tres sedes.\n\nVenga cualquier mañana de lunes a viernes, sin cita.",
            ),
        ],
    }
}

fn parking(app: &App) -> NoticeContent {
    let today = app.now().utc().date_naive();
    NoticeContent {
        audience: Audience::default(),
        severity: Severity::Info,
        must_acknowledge: false,
        starts_on: today - chrono::Days::new(1),
        ends_on: today + chrono::Days::new(30),
        texts: vec![text(
            "en",
            "The parking lot is being repaved",
            "Please use the entrance on the north side until the work is done.",
        )],
    }
}
