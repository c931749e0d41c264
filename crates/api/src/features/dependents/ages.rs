//! The practice's policy for minors (PRX-3): data, kept version by version.

use portal_domain::{
    access::{Action, AgePolicy, Category},
    dependents::AgePolicyView,
    problem::Problem,
};

use super::store;
use crate::{
    app::App,
    error::Result,
    platform::{access, auth::Actor, db::Conn, etag::IfMatch, work::Work},
};

/// As it holds.
pub async fn open(app: &App, actor: &Actor) -> Result<AgePolicyView> {
    app.read(actor, |work| {
        work.permit(Action::View, Category::Settings)?;
        view(work.conn)
    })
    .await
}

/// Changes it; every grant for a minor bends to it from the next request on.
pub async fn change(app: &App, actor: &Actor, seen: IfMatch, policy: AgePolicy) -> Result<AgePolicyView> {
    let errors = policy.check("bands");
    if !errors.is_empty() {
        return Err(Problem::invalid(errors).into());
    }
    app.write(actor, move |work| {
        work.permit(Action::Change, Category::Settings)?;
        seen.check(access::age_policy(work.conn)?.0)?;
        set(work, &policy)?;
        view(work.conn)
    })
    .await
}

/// Keeps a policy as the newest one.
pub fn set(work: &mut Work<'_>, policy: &AgePolicy) -> Result<()> {
    let (version, _) = access::age_policy(work.conn)?;
    let by = work.actor.account_id().ok();
    store::insert_policy(work.conn, version + 1, policy, by, work.now)
}

fn view(conn: &mut Conn) -> Result<AgePolicyView> {
    let (version, policy) = access::age_policy(conn)?;
    Ok(AgePolicyView { version, preset: policy.preset(), policy })
}
