//! The practice's policies for releasing results, and the portal carrying them out (LAB-2).
//!
//! Whatever comes in or changes waits with a plan that no policy has decided yet; so does all that waits when the policies
//! change. [`release_due`] decides first and releases then, each result in a transaction of its own that asks again: a hold,
//! a provider, a correction or another server may have been faster.

use portal_domain::{
    access::{Action, Category},
    ids::{PatientId, ResultId},
    problem::Problem,
    results::{Plan, ReleasePolicies, ReleasePoliciesView, is_news},
};

use super::{service::publish, store};
use crate::{
    app::App,
    error::Result,
    platform::{auth::Actor, etag::IfMatch, work::Work},
};

/// How many results are decided about in one transaction, and looked for at a time.
const BATCH: i64 = 100;

/// The policies in force.
pub async fn policies(app: &App, actor: &Actor) -> Result<ReleasePoliciesView> {
    app.read(actor, |work| {
        work.permit(Action::View, Category::Settings)?;
        let (version, policies) = store::policies(work.conn)?;
        Ok(ReleasePoliciesView { version, policies })
    })
    .await
}

/// Changes the policies. They hold for what waits as well.
pub async fn change_policies(
    app: &App,
    actor: &Actor,
    seen: IfMatch,
    policies: ReleasePolicies,
) -> Result<ReleasePoliciesView> {
    let policies = policies.clean().map_err(Problem::invalid)?;
    let view = app
        .write(actor, move |work| {
            work.permit(Action::Change, Category::Settings)?;
            let by = work.actor.account_id()?;
            let (version, _) = store::policies(work.conn)?;
            seen.check(version)?;
            store::set_policies(work.conn, version + 1, &policies, by, work.now)?;
            Ok(ReleasePoliciesView { version: version + 1, policies: policies.clone() })
        })
        .await?;
    app.releasing.notify_one();
    Ok(view)
}

/// Carries the policies out; answers how many results were released.
pub async fn release_due(app: &App) -> Result<usize> {
    settle(app).await?;
    let mut released = 0;
    loop {
        let now = app.now();
        let due = app.db.read(move |conn| {
            let (version, _) = store::policies(conn)?;
            store::due(conn, version, now, BATCH)
        });
        let due = due.await?;
        let (found, before) = (due.len(), released);
        for (patient, id) in due {
            let act = move |work: &mut Work<'_>| release(work, patient, id);
            released += usize::from(app.write(&Actor::policy(), act).await?);
        }
        // What others released meanwhile is gone from the next look as well; without any progress the next round tries.
        if found < BATCH as usize || released == before {
            return Ok(released);
        }
    }
}

/// Decides about whatever no policy of the present version has decided yet.
async fn settle(app: &App) -> Result<()> {
    let is_open = |conn: &mut crate::platform::db::Conn| {
        let (version, _) = store::policies(conn)?;
        store::is_unsettled(conn, version)
    };
    // Mostly there is nothing: then nothing is written, and no other write is held up.
    while app.db.read(is_open).await? {
        app.db
            .write(|conn| {
                let (version, policies) = store::policies(conn)?;
                for (id, facts) in store::unsettled(conn, version, BATCH)? {
                    store::settle(conn, id, version, &Plan::of(&policies, &facts))?;
                }
                Ok(())
            })
            .await?;
    }
    Ok(())
}

/// Releases one result by the policy, if it is still due. False when it is not.
fn release(work: &mut Work<'_>, patient: PatientId, id: ResultId) -> Result<bool> {
    let (version, _) = store::policies(work.conn)?;
    if !store::is_due(work.conn, version, id, work.now)? {
        return Ok(false);
    }
    let grant = work.grant_about(Action::Release, Category::Results, patient, id.0)?;
    let Some(row) = store::find(work.conn, &grant, id)? else { return Ok(false) };
    let came_in = store::plan(work.conn, &grant, id)?.map_or(work.now, |plan| plan.since);
    // A correction of what the patient saw is news, whenever the first report was made.
    let is_news = row.summary.replaces.is_some() || is_news(row.summary.reported_at, came_in);
    publish(work, &row, None, None, is_news)?;
    Ok(true)
}
