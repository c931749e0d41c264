//! The demo practice: Infinity Health with three locations, a member of staff per role and six patients. Everybody
//! is invented.

mod billing;
mod charts;
mod day;
mod documents;
mod education;
mod family;
mod messages;
mod notices;
mod outside_records;
mod practice;
mod proposals;
mod staff;

use crate::{
    app::App,
    error::{Error, Result},
};

pub use charts::seed as seed_charts;
pub use practice::seed as seed_practice;

/// The password of every demo account.
pub const PASSWORD: &str = "Demo-Portal-2026!";

/// Fills an empty portal and answers what to print; a portal that has a practice is left alone.
pub async fn seed(app: &App) -> Result<Vec<String>> {
    if !app.settings.is_local() {
        return Err(Error::internal(
            "the demo has known passwords and is refused on an address that others can reach (PORTAL_ADDRESS)",
        ));
    }
    if practice::exists(app).await? {
        let mut lines = vec!["The demo practice is there already.".to_owned()];
        lines.extend(sign_ins());
        return Ok(lines);
    }
    let practice = practice::seed(app).await?;
    let staff = staff::seed(app, &practice).await?;
    charts::seed(app).await?;
    let patients = day::seed(app, &practice, &staff).await?;
    documents::seed(app, &staff, &patients).await?;
    outside_records::seed(app, &staff, &patients).await?;
    messages::seed(app, &practice, &staff, &patients).await?;
    proposals::seed(app, &patients).await?;
    notices::seed(app, &staff).await?;
    education::seed(app, &staff, &patients).await?;
    family::seed(app, &staff, &patients).await?;
    billing::seed(app, &staff, &patients).await?;
    let mut lines = vec!["The demo practice Infinity Health is ready.".to_owned()];
    lines.extend(sign_ins());
    Ok(lines)
}

/// Whether this database holds accounts with the demo's known password.
pub async fn is_seeded(app: &App) -> Result<bool> {
    staff::is_there(app).await
}

/// How to sign in, a line each.
fn sign_ins() -> impl Iterator<Item = String> {
    staff::sign_ins().into_iter().chain(day::sign_ins())
}
