//! A grandchild whom a patient of the demo looks after: asked for, checked and approved as people do it.

use portal_domain::{
    access::{AgePolicy, AgePreset, Level, Role, Who},
    dependents::{DependentApproval, GrantTerms, NewDependentRequest, Relationship},
    ids::PatientId,
    patients::PatientQuery,
};

use super::{day::Enrolled, staff::Staff};
use crate::{
    app::App,
    error::{Error, Result},
    features::{dependents, patients},
    platform::{
        auth::{self, Actor, Browser},
        etag::IfMatch,
        idempotency::Once,
        work::Work,
    },
};

/// Whom it is about: Amina, 4.
const CHILD: &str = "Yusuf-Okonkwo";

/// Lets the last enrolled patient look after her, and chooses a policy for minors.
pub async fn seed(app: &App, staff: &Staff, enrolled: &[Enrolled]) -> Result<()> {
    let admin = staff.actor(Role::Admin);
    let policy = AgePolicy::of(AgePreset::LimitedFrom12);
    app.write(&admin, move |work| dependents::set_policy(work, &policy)).await?;
    let Some(guardian) = enrolled.last() else { return Ok(()) };
    let desk = staff.actor(Role::FrontDesk);
    let query = PatientQuery { q: Some(CHILD.into()), ..Default::default() };
    let child = patients::find(app, &desk, query).await?.items.into_iter().next();
    let child = child.ok_or_else(|| Error::internal("the demo has no child"))?;
    let asked = NewDependentRequest {
        given_name: child.given_name.clone(),
        family_name: child.family_name.clone(),
        birth_date: child.birth_date,
        relationship: Relationship::Guardian,
        reason: "She lives with us.".into(),
    };
    let actor = just_proven(app, &guardian.actor, guardian.patient).await?;
    let once = Once::without_key();
    let request = dependents::request(app, &actor, guardian.patient, asked, once).await?;
    let approval = DependentApproval {
        dependent: child.id,
        terms: GrantTerms { level: Level::Full, shares: Vec::new(), ends_on: None },
        has_assent: false,
    };
    let seen = IfMatch::of(request.version);
    let once = Once::without_key();
    dependents::approve(app, &desk, guardian.patient, request.id, approval, seen, once).await?;
    let (account, now) = (actor.account_id()?, app.now());
    app.db.write(move |conn| auth::end_all(conn, account, None, now)).await
}

/// The same person in a session that has just begun (SEC-5).
async fn just_proven(app: &App, actor: &Actor, patient: PatientId) -> Result<Actor> {
    let account = actor.account_id()?;
    let open = move |work: &mut Work<'_>| {
        let recognised = Browser::default().recognise(work.conn, account, work.now)?;
        let (policy, _) = auth::terms(work.conn, account)?;
        auth::open(work.conn, account, policy, recognised, work.now)
    };
    let opened = app.write(actor, open).await?;
    Ok(Actor::account(account, Who::Patient(patient), Some(opened.session)))
}
