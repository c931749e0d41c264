//! Both sides are told thirty days before a birthday changes what a grant gives (PRX-3). The change itself waits for nobody:
//! it is decided at each request.

use chrono::Days;
use portal_domain::{accounts::AccountEvent, ids::ProxyGrantId};
use uuid::Uuid;

use super::{
    giving::tell_both,
    service::grant_of,
    store::{self, GrantRow},
};
use crate::{
    app::App,
    error::Result,
    platform::{access, auth::Actor, work::Work},
};

/// How long before.
const BEFORE: Days = Days::new(30);
/// Grants that are looked at in one transaction.
const BATCH: i64 = 100;

/// Warns whoever is due; answers how many grants it was about.
pub async fn warn_due(app: &App) -> Result<usize> {
    let (mut warned, mut after) = (0, ProxyGrantId(Uuid::nil()));
    loop {
        let rows = app.db.read(move |conn| store::for_minors(conn, after, BATCH)).await?;
        let Some(last) = rows.last() else { return Ok(warned) };
        after = last.id;
        for row in rows {
            let look = row.clone();
            // Mostly nobody is due: then nothing is written.
            if app.read(&Actor::operator(), move |work| due(work, &look)).await?.is_some() {
                warned += app.write(&Actor::operator(), move |work| warn(work, &row)).await?;
            }
        }
    }
}

/// The birthday that both sides should know of by now.
fn due(work: &mut Work<'_>, row: &GrantRow) -> Result<Option<portal_domain::time::Date>> {
    let Some(subject) = access::subject(work.conn, row.patient_id, work.now)? else { return Ok(None) };
    let change = grant_of(row)?.next_change(&subject);
    Ok(change.filter(|on| *on <= subject.today + BEFORE && row.warned_of != Some(*on)))
}

fn warn(work: &mut Work<'_>, row: &GrantRow) -> Result<usize> {
    // It may have ended, or another server warned.
    let Some(row) = store::standing(work.conn, row.account_id, row.patient_id)? else { return Ok(0) };
    let Some(on) = due(work, &row)? else { return Ok(0) };
    store::warned(work.conn, &row, on)?;
    tell_both(work, &row, AccountEvent::ProxyChangesSoon, AccountEvent::DependentChangesSoon)?;
    Ok(1)
}
