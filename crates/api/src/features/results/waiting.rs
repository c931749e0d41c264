//! What waits for release: the queue, holds, and several released together (LAB-2).

use std::collections::HashMap;

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category, Denied, roles_for},
    ids::{AccountId, PatientId, ResultId},
    live::LiveKind,
    page::Page,
    problem::{Code, FieldError, Problem},
    results::{
        BulkRelease, HOLD_HOURS, Hold, HoldReason, HoldView, MAX_HOLD_WORDS, MOST_RELEASED, ReleaseOutcome,
        ReleaseQueueQuery, ReleaseTarget, ReportStatus, UnreleasedResult, Waiting,
    },
    text::{self, Lines},
    time::Time,
};

use super::{
    service::{comment, may_be_released, publish},
    store::{self, HoldRow, PlanRow, Row},
    view,
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, patients},
    platform::{
        audit_trail, auth::Actor, db::Conn, etag::IfMatch, idempotency::Once, live::Audience, page::Keyset,
        work::Work,
    },
};

/// What waits for release in the practice.
pub async fn unreleased(
    app: &App,
    actor: &Actor,
    query: ReleaseQueueQuery,
) -> Result<Page<UnreleasedResult>> {
    let keyset = Keyset::parse(&query.page())?;
    app.read(actor, move |work| {
        work.permit(Action::Release, Category::Results)?;
        let page = store::unreleased(work.conn, query.show, &keyset, work.now)?;
        let page = work.nearby(page, |row| row.patient_id)?;
        let mut ids: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
        ids.sort_unstable();
        ids.dedup();
        let patients = patients::summaries(work.conn, &ids)?;
        work.note_shown(Category::Results, &ids);
        let results: Vec<ResultId> = page.items.iter().map(|row| row.id).collect();
        let mut plans = store::plans(work.conn, &results)?;
        let mut holds = holds(work.conn, &results, work.now)?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in page.items {
            let patient = patients.get(&row.patient_id).cloned();
            let patient = patient.ok_or_else(|| Error::internal("a result's patient is gone"))?;
            let waiting = waiting(row.version, plans.remove(&row.id), holds.remove(&row.id), work.now);
            items.push(UnreleasedResult { patient, waiting, result: view::summary(&row) });
        }
        Ok(Page { items, next: page.next })
    })
    .await
}

/// What one result waits for.
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: ResultId) -> Result<Waiting> {
    app.read(actor, move |work| {
        // The result is not named: its values are not shown, and this does not count as having opened it.
        let grant = work.grant(Action::View, Category::Results, patient)?;
        if !grant.sees_unreleased() {
            return Err(Error::Denied(Denied::NeedsRole(roles_for(Action::View, Category::Results))));
        }
        let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
        if row.summary.released_at.is_some() {
            return Err(Code::AlreadyReleased.into());
        }
        let plan = store::plan(work.conn, &grant, id)?;
        let hold = holds(work.conn, &[id], work.now)?.remove(&id);
        Ok(waiting(row.summary.version, plan, hold, work.now))
    })
    .await
}

/// Holds a result back, so that no policy releases it. Whichever commits first wins: what is released is not held.
pub async fn hold(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ResultId,
    hold: Hold,
    seen: IfMatch,
    once: Once,
) -> Result<Waiting> {
    let words = hold_words(&hold)?;
    change(app, actor, patient, id, seen, once, move |work, row, by| {
        let until = work.now.plus(TimeDelta::hours(hold.hours));
        let (at, result_id, words) = (work.now, row.summary.id, words.clone());
        let hold = HoldRow { at, result_id, placed_by: by, reason: hold.reason, words, until };
        store::place_hold(work.conn, row, &hold)
    })
    .await
}

/// Ends a hold before its time. What the policy would have released meanwhile is released at once.
pub async fn lift(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ResultId,
    seen: IfMatch,
    once: Once,
) -> Result<Waiting> {
    let lifted = change(app, actor, patient, id, seen, once, |work, row, by| {
        if store::holds(work.conn, &[row.summary.id], work.now)?.is_empty() {
            return Err(Code::WrongState.into());
        }
        store::lift_hold(work.conn, row, by, work.now)
    })
    .await?;
    app.releasing.notify_one();
    Ok(lifted)
}

/// One change of what a result waits for.
async fn change(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ResultId,
    seen: IfMatch,
    once: Once,
    act: impl Fn(&mut Work<'_>, &Row, AccountId) -> Result<()> + Send + 'static,
) -> Result<Waiting> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Decide, Category::Results, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            if row.summary.released_at.is_some() {
                return Err(Code::AlreadyReleased.into());
            }
            if row.summary.status == ReportStatus::EnteredInError || row.replaced_by.is_some() {
                return Err(Code::WrongState.into());
            }
            seen.check(row.summary.version)?;
            act(work, &row, by)?;
            work.announce(Audience::Staff, LiveKind::Queue, id.0);
            let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
            let plan = store::plan(work.conn, &grant, id)?;
            let hold = holds(work.conn, &[id], work.now)?.remove(&id);
            Ok(waiting(row.summary.version, plan, hold, work.now))
        })
    })
    .await
}

/// Releases several results with one comment or none, each for itself: what can't be released is told, the rest is.
pub async fn release_all(
    app: &App,
    actor: &Actor,
    asked: BulkRelease,
    once: Once,
) -> Result<Vec<ReleaseOutcome>> {
    if asked.results.is_empty() || asked.results.len() > MOST_RELEASED {
        return Err(Problem::field("results", "out_of_range", "Choose 1 to 100 results.").into());
    }
    let comment = comment(asked.comment.as_deref())?;
    app.write(actor, move |work| {
        work.permit(Action::Release, Category::Results)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut outcomes = Vec::with_capacity(asked.results.len());
            for target in &asked.results {
                let one = work.one_of_several(|work| release_one(work, target, by, comment.as_deref()));
                let (version, problem) = match one {
                    Ok(version) => (Some(version), None),
                    Err(Error::Problem(problem)) => (None, Some(*problem)),
                    Err(Error::Denied(_)) => (None, Some(Code::NotFound.into())),
                    Err(other) => return Err(other),
                };
                outcomes.push(ReleaseOutcome { result_id: target.result_id, version, problem });
            }
            Ok(outcomes)
        })
    })
    .await
}

fn release_one(
    work: &mut Work<'_>,
    target: &ReleaseTarget,
    by: AccountId,
    comment: Option<&str>,
) -> Result<i64> {
    let ReleaseTarget { patient_id: patient, result_id: id, version } = *target;
    let grant = work.grant_about(Action::Release, Category::Results, patient, id.0)?;
    let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
    may_be_released(work, &row, IfMatch::of(version))?;
    // A list shows no values: what may alarm a patient is not released by somebody who has not read it as it is now.
    if row.summary.flag.is_critical() {
        let since = store::plan(work.conn, &grant, id)?.map_or(row.summary.reported_at, |plan| plan.since);
        if !audit_trail::was_opened_by(work.conn, by, patient, id.0, since)? {
            return Err(Code::OpenFirst.into());
        }
    }
    publish(work, &row, Some(by), comment, true)?;
    let row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
    Ok(row.summary.version)
}

/// The holds in force, with the names of who placed them.
fn holds(conn: &mut Conn, ids: &[ResultId], now: Time) -> Result<HashMap<ResultId, HoldView>> {
    let rows = store::holds(conn, ids, now)?;
    let mut by: Vec<AccountId> = rows.values().map(|row| row.placed_by).collect();
    by.sort_unstable();
    by.dedup();
    let names = accounts::names(conn, &by)?;
    let view = |(id, row): (ResultId, HoldRow)| {
        let HoldRow { at, placed_by, reason, words, until, .. } = row;
        let placed_by = names.get(&placed_by).cloned();
        (id, HoldView { reason, words, until, placed_at: at, placed_by })
    };
    Ok(rows.into_iter().map(view).collect())
}

fn waiting(version: i64, plan: Option<PlanRow>, hold: Option<HoldView>, now: Time) -> Waiting {
    let (group, releases_at, review_by) =
        plan.map_or((None, None, None), |plan| (plan.test_group, plan.release_at, plan.review_by));
    let overdue = hold.is_none() && review_by.is_some_and(|by| by <= now);
    Waiting { version, group, releases_at, review_by, overdue, hold }
}

fn hold_words(hold: &Hold) -> Result<Option<String>> {
    let typed = hold.words.as_deref().unwrap_or_default();
    let words = text::clean("words", typed, MAX_HOLD_WORDS, Lines::Many)
        .map_err(|error| Problem::invalid(vec![error]))?;
    let mut errors = Vec::new();
    if hold.reason == HoldReason::Other && words.is_empty() {
        errors.push(FieldError::new("words", "required", "Say why the result is held back."));
    }
    if !HOLD_HOURS.contains(&hold.hours) {
        errors.push(FieldError::new("hours", "out_of_range", "Enter 1 to 720 hours."));
    }
    if errors.is_empty() {
        Ok((!words.is_empty()).then_some(words))
    } else {
        Err(Problem::invalid(errors).into())
    }
}
