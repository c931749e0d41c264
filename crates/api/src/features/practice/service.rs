//! Reading what the practice is.

use chrono::TimeDelta;
use portal_domain::practice::{PracticeView, ProviderView, Terms};

use super::store;
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, db::Conn},
};

/// What everybody may know.
pub async fn practice(app: &App) -> Result<PracticeView> {
    app.db
        .read(|conn| {
            let practice = store::practice(conn)?;
            Ok(PracticeView {
                name: practice.name,
                phone: practice.phone,
                emergency_text: practice.emergency_text,
                terms: Terms { version: practice.terms_version, text: practice.terms_text },
                locations: store::locations(conn)?.into_iter().map(|location| location.view).collect(),
            })
        })
        .await
}

/// With whom appointments can be asked for.
pub async fn providers(app: &App, actor: &Actor) -> Result<Vec<ProviderView>> {
    app.read(actor, |work| store::bookable_providers(work.conn)).await
}

/// How long an enrolment token lives (ENR-1).
pub fn enrolment_token_lifetime(conn: &mut Conn) -> Result<TimeDelta> {
    Ok(TimeDelta::hours(store::practice(conn)?.enrolment_token_hours))
}
