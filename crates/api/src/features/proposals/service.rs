//! What patients propose and staff answer.

use std::collections::HashMap;

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category, Who, may_answer},
    ids::{AccountId, ChartItemId, PatientId, ProposalId},
    live::LiveKind,
    mail::ItemKind,
    messages::{due_at, is_overdue},
    page::{Page, PageQuery},
    patients::PatientSummary,
    problem::{Code, Problem},
    proposals::{
        ChartEntryView, DUE_HOURS, Fields, MOST_WAITING, NewProposal, ProposalAnswer, ProposalChange,
        ProposalField, ProposalOrigin, ProposalOutcome, ProposalQueueQuery, ProposalState, ProposalSubject,
        ProposalSummary, ProposalView, ProposalsQuery, URGENT_HOURS, apply, differences, from_today,
        is_active_allergy, is_series, made, none_known, removed,
    },
    time::Time,
};

use super::{
    chart::{self, Entry, NONE_KNOWN},
    store::{self, Row},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        accounts,
        mail::{self, Delivery},
        patients, practice,
    },
    platform::{
        access::Grant, auth::Actor, clock::new_id, db::Json, etag::IfMatch, idempotency::Once,
        live::Audience, page::Keyset, work::Work,
    },
};

/// The entries of one part of the chart about which something may be proposed, what is true now first.
pub async fn entries(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    about: ProposalSubject,
) -> Result<Vec<ChartEntryView>> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Proposals, patient)?;
        must_answer(work, about)?;
        let waiting = of_patient(store::pending(work.conn, &grant)?);
        let view = |entry: Entry| ChartEntryView {
            about,
            item: (about != ProposalSubject::Contact).then_some(entry.id),
            is_current: entry.is_current(),
            is_none_known: entry.is_none_known(),
            proposal: waiting.iter().find(|row| row.item_id == Some(entry.id)).map(|row| row.id),
            name: entry.name,
            fields: entry.fields,
        };
        let mut views: Vec<_> = chart::entries(work, &grant, about)?.into_iter().map(view).collect();
        // The sort keeps the order of the chart, newest first.
        views.sort_by_key(|view| !view.is_current);
        Ok(views)
    })
    .await
}

/// Proposes a change of the chart. The chart stays as it is until staff accept; what speaks against waiting makes it
/// urgent at once (MED-3).
pub async fn propose(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewProposal,
    once: Once,
) -> Result<ProposalView> {
    let id = ProposalId(new_id());
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Proposals, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let new = new.clone().check()?;
            let all = chart::entries(work, &grant, new.about)?;
            let now = subject(&new, patient, &all)?;
            if now.is_some_and(|now| now.fields != new.seen) {
                return Err(Problem::new(Code::StaleVersion).into());
            }
            let waiting = of_patient(store::pending(work.conn, &grant)?);
            must_be_new(&new, now, &all, &waiting)?;
            let conflicts = chart::conflicts(work, &grant, new.about, new.change, &new.fields, now)?;
            let due = if conflicts.is_empty() {
                due_at(work.now, DUE_HOURS, &practice::zone(work.conn)?)
            } else {
                work.now.plus(TimeDelta::hours(URGENT_HOURS))
            };
            let name = match (new.change, now) {
                (ProposalChange::NoneKnown, _) => NONE_KNOWN.to_owned(),
                (ProposalChange::Remove, Some(now)) => now.name.clone(),
                _ => chart::name(new.about, &new.fields),
            };
            let row = NewRow {
                id,
                origin: ProposalOrigin::Patient,
                about: new.about,
                change: new.change,
                item: now.map(|now| now.id),
                name,
                seen: &new.seen,
                fields: &new.fields,
                conflicts: &conflicts,
                note: new.note.clone(),
                by: Some(by),
                due,
            };
            let row = insert(work, &grant, row)?;
            view(work, &grant, row)
        })
    })
    .await
}

fn of_patient(mut rows: Vec<Row>) -> Vec<Row> {
    rows.retain(|row| row.origin == ProposalOrigin::Patient);
    rows
}

/// The entry that a proposal is about; none for a new one.
fn subject<'e>(new: &NewProposal, patient: PatientId, all: &'e [Entry]) -> Result<Option<&'e Entry>> {
    let wanted = match (new.about, new.item) {
        (ProposalSubject::Contact, _) => ChartItemId(patient.0),
        (_, Some(item)) => item,
        (_, None) => return Ok(None),
    };
    match all.iter().find(|entry| entry.id == wanted) {
        Some(entry) => Ok(Some(entry)),
        None => Err(Problem::field("item", "unknown", "Choose an entry of this chart.").into()),
    }
}

/// Refuses what the chart says already, what waits already, and allergies beside the statement that there is none.
fn must_be_new(new: &NewProposal, now: Option<&Entry>, all: &[Entry], waiting: &[Row]) -> Result<()> {
    let refuse = |field: &str, code: &str, message: &str| Err(Problem::field(field, code, message).into());
    if waiting.len() >= MOST_WAITING {
        return refuse("about", "too_many_waiting", "Wait until your care team has answered some of these.");
    }
    if now.is_some_and(|now| waiting.iter().any(|row| row.item_id == Some(now.id))) {
        return refuse("item", "already_waiting", "You told us about this already. Wait or take it back.");
    }
    if new.change == ProposalChange::Remove && now.is_some_and(|now| !now.is_current()) {
        return refuse("item", "ended_already", "The chart says so already.");
    }
    let same_kind = |row: &&Row| row.about == new.about && row.change == new.change;
    if new.change == ProposalChange::Add {
        for row in waiting.iter().filter(same_kind) {
            if row.fields.read::<Fields>()? == new.fields {
                let first = new.about.name_field().map_or("fields", ProposalField::path);
                return refuse(first, "already_waiting", "You told us about this already.");
            }
        }
    }
    if new.about != ProposalSubject::Allergy {
        return Ok(());
    }
    let waits =
        |change| waiting.iter().any(|row| row.about == ProposalSubject::Allergy && row.change == change);
    match new.change {
        ProposalChange::NoneKnown
            if all.iter().any(Entry::is_none_known) || waits(ProposalChange::NoneKnown) =>
        {
            refuse("change", "already_waiting", "You told us so already.")
        }
        ProposalChange::NoneKnown
            if waits(ProposalChange::Add) || all.iter().any(|entry| is_active_allergy(&entry.record)) =>
        {
            refuse("change", "allergies_known", "Take the allergies of the list away first.")
        }
        ProposalChange::Add if waits(ProposalChange::NoneKnown) => {
            refuse("change", "none_known_waiting", "You said that you have no allergy. Take that back first.")
        }
        _ => Ok(()),
    }
}

/// A proposal to be.
pub struct NewRow<'n> {
    pub id: ProposalId,
    pub origin: ProposalOrigin,
    pub about: ProposalSubject,
    pub change: ProposalChange,
    pub item: Option<ChartItemId>,
    pub name: String,
    pub seen: &'n Fields,
    pub fields: &'n Fields,
    pub conflicts: &'n [String],
    pub note: String,
    pub by: Option<AccountId>,
    pub due: Time,
}

/// Keeps a proposal that waits, and has staff told.
pub fn insert(work: &mut Work<'_>, grant: &Grant, new: NewRow<'_>) -> Result<Row> {
    let row = Row {
        patient_id: grant.patient(),
        id: new.id,
        origin: new.origin,
        about: new.about,
        change: new.change,
        item_id: new.item,
        name: new.name,
        state: ProposalState::Pending,
        seen: Json::of(new.seen)?,
        fields: Json::of(new.fields)?,
        conflicts: Json::of(&new.conflicts)?,
        note: new.note,
        proposed_by: new.by,
        proposed_at: work.now,
        due_at: new.due,
        chart: None,
        accepted: None,
        replaced: None,
        reason: None,
        words: String::new(),
        closed_by: None,
        closed_at: None,
        version: 1,
        updated_at: work.now,
    };
    store::insert(work.conn, grant, &row)?;
    work.announce(Audience::Staff, LiveKind::Queue, row.id.0);
    Ok(row)
}

/// What a patient proposed, newest first.
pub async fn list(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: ProposalsQuery,
) -> Result<Page<ProposalSummary>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Proposals, patient)?;
        let mut parts = parts(work);
        parts.retain(|about| query.about.is_none_or(|wanted| wanted == *about));
        let page = store::list(work.conn, &grant, parts, &keyset)?;
        summaries(work, page)
    })
    .await
}

/// The practice's queue, soonest due first.
pub async fn queue(app: &App, actor: &Actor, query: ProposalQueueQuery) -> Result<Page<ProposalSummary>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let state = query.state.unwrap_or(ProposalState::Pending);
    app.read(actor, move |work| {
        // Who may look at any patient's proposal may look at all of them, about the same parts of the chart.
        work.permit(Action::View, Category::Proposals)?;
        let parts = parts(work);
        let page = store::queue(work.conn, state, parts, &keyset)?;
        let page = work.nearby(page, |row| row.patient_id)?;
        let mut shown: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
        shown.sort_unstable();
        shown.dedup();
        work.note_shown(Category::Proposals, &shown);
        summaries(work, page)
    })
    .await
}

/// One proposal, with what the chart says.
pub async fn open(app: &App, actor: &Actor, patient: PatientId, id: ProposalId) -> Result<ProposalView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Proposals, patient, id.0)?;
        let row = find(work, &grant, id)?;
        view(work, &grant, row)
    })
    .await
}

/// The patient takes a proposal back that nobody has answered yet.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ProposalId,
    once: Once,
) -> Result<ProposalView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Proposals, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut row = find(work, &grant, id)?;
            row.state.must_wait()?;
            row.state = ProposalState::Withdrawn;
            let row = close(work, &grant, row, by)?;
            view(work, &grant, row)
        })
    })
    .await
}

/// Answers a proposal. The chart, the answer and the item of the patient's inbox are one transaction.
pub async fn answer(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: ProposalId,
    answer: ProposalAnswer,
    seen: IfMatch,
    once: Once,
) -> Result<ProposalView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Decide, Category::Proposals, patient, id.0)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let mut row = find(work, &grant, id)?;
            let answer = answer.clone().check(row.about, row.change)?;
            // The state comes before the version: whoever lost a race learns who won it.
            row.state.must_wait()?;
            seen.check(row.version)?;
            let now = standing(work, &grant, &row)?;
            let says = now.as_ref().map(|now| now.fields.clone()).unwrap_or_default();
            row.chart = Some(Json::of(&says)?);
            row.state = answer.state(&row.fields.read()?);
            if answer.outcome == ProposalOutcome::Accept {
                if answer.chart != says {
                    return Err(Problem::new(Code::StaleVersion).into());
                }
                take_up(work, &grant, &mut row, now, answer.fields)?;
            }
            (row.reason, row.words) = (answer.reason, answer.words);
            let row = close(work, &grant, row, by)?;
            if row.origin == ProposalOrigin::Patient {
                let (kind, title) = (ItemKind::ProposalAnswered, row.name.as_str());
                mail::deliver(work, &Delivery { patient, kind, subject: id.0, title })?;
            }
            view(work, &grant, row)
        })
    })
    .await
}

/// Lets the chart say what was accepted; keeps what it said before.
fn take_up(
    work: &mut Work<'_>,
    grant: &Grant,
    row: &mut Row,
    now: Option<Entry>,
    edited: Option<Fields>,
) -> Result<()> {
    let today = practice::today(work.conn, work.now)?;
    let wanted = match edited {
        Some(edited) => edited,
        None => row.fields.read::<Fields>()?,
    };
    let conflict = |detail: &str| Error::from(Problem::new(Code::WrongState).detail(detail));
    let took = match (row.change, now) {
        (ProposalChange::NoneKnown, _) => {
            let all = chart::entries(work, grant, ProposalSubject::Allergy)?;
            if all.iter().any(|entry| is_active_allergy(&entry.record) || entry.is_none_known()) {
                return Err(conflict("The chart lists allergies, or says already that none is known."));
            }
            let (id, entry) = (ChartItemId(new_id()), none_known(grant.patient(), today));
            store::add_entry(work.conn, grant, id, &entry, work.now)?;
            row.item_id = Some(id);
            Fields::default()
        }
        (ProposalChange::Add, _) => {
            let entry = made(row.about, grant.patient(), &wanted, today)
                .ok_or_else(|| Error::internal("nothing is added to contact data"))?;
            let id = ChartItemId(new_id());
            store::add_entry(work.conn, grant, id, &entry, work.now)?;
            row.item_id = Some(id);
            wanted
        }
        (_, None) => return Err(conflict("The entry is no longer in the chart.")),
        (ProposalChange::Change, Some(now)) if is_series(row.about) => {
            let entry = from_today(&now.record, grant.patient(), &wanted, today)
                .ok_or_else(|| Error::internal("no entry of a series"))?;
            let id = ChartItemId(new_id());
            row.replaced = Some(store::whole(work.conn, grant, row.about, now.id)?);
            store::add_entry(work.conn, grant, id, &entry, work.now)?;
            row.item_id = Some(id);
            wanted
        }
        (change, Some(mut now)) => {
            let took = match (change, row.origin) {
                (ProposalChange::Remove, _) => removed(row.about, &now.fields),
                // A feed speaks of the state of its entry too.
                (_, ProposalOrigin::Feed) => wanted.with_status_of(&row.fields.read()?),
                _ => wanted.with_status_of(&now.fields),
            };
            row.replaced = Some(store::whole(work.conn, grant, row.about, now.id)?);
            apply(&mut now.record, &now.fields, &took);
            store::change_entry(work.conn, grant, now.id, &now.record, work.now)?;
            took
        }
    };
    row.accepted = Some(Json::of(&took)?);
    if row.about == ProposalSubject::Allergy && row.change != ProposalChange::NoneKnown {
        let all = chart::entries(work, grant, ProposalSubject::Allergy)?;
        if all.iter().any(|entry| is_active_allergy(&entry.record)) {
            end_none_known(work, grant, all)?;
        }
    }
    Ok(())
}

/// Takes the statement that no allergy is known out of the chart: it turned out to be wrong (MED-3).
pub fn end_none_known(work: &mut Work<'_>, grant: &Grant, all: Vec<Entry>) -> Result<()> {
    for mut entry in all.into_iter().filter(Entry::is_none_known) {
        let wrong = entry.fields.clone().with(ProposalField::Status, "Entered in error");
        apply(&mut entry.record, &entry.fields, &wrong);
        store::change_entry(work.conn, grant, entry.id, &entry.record, work.now)?;
    }
    Ok(())
}

fn close(work: &mut Work<'_>, grant: &Grant, row: Row, by: AccountId) -> Result<Row> {
    let row = Row {
        closed_by: Some(by),
        closed_at: Some(work.now),
        version: row.version + 1,
        updated_at: work.now,
        ..row
    };
    store::change(work.conn, grant, &row)?;
    work.announce(Audience::Staff, LiveKind::Queue, row.id.0);
    Ok(row)
}

/// The proposal; what a feed says is for staff alone.
fn find(work: &mut Work<'_>, grant: &Grant, id: ProposalId) -> Result<Row> {
    let is_patient = matches!(work.actor.who(), Some(Who::Patient(_)));
    let row = store::find(work.conn, grant, id)?;
    let row = row.filter(|row| !is_patient || row.origin == ProposalOrigin::Patient).ok_or(Code::NotFound)?;
    must_answer(work, row.about)?;
    Ok(row)
}

/// Refuses staff whose roles are not for this part of the chart.
fn must_answer(work: &Work<'_>, about: ProposalSubject) -> Result<()> {
    work.actor.who().map_or(Ok(()), |who| may_answer(who, about)).map_err(Error::Denied)
}

/// The parts of the chart that whoever acts may see proposals about.
fn parts(work: &Work<'_>) -> Vec<ProposalSubject> {
    ProposalSubject::ALL.iter().copied().filter(|about| must_answer(work, *about).is_ok()).collect()
}

/// The entry that a proposal is about, as it is now.
fn standing(work: &mut Work<'_>, grant: &Grant, row: &Row) -> Result<Option<Entry>> {
    match (row.change, row.item_id) {
        (ProposalChange::Change | ProposalChange::Remove, Some(item)) => {
            chart::entry(work, grant, row.about, item)
        }
        _ => Ok(None),
    }
}

fn view(work: &mut Work<'_>, grant: &Grant, row: Row) -> Result<ProposalView> {
    let seen: Fields = row.seen.read()?;
    let chart = match &row.chart {
        Some(before) => before.read()?,
        None if row.state == ProposalState::Pending => {
            standing(work, grant, &row)?.map(|now| now.fields).unwrap_or_default()
        }
        // Taken back: what the chart says since is no matter of this proposal.
        None => seen.clone(),
    };
    let proposed = match row.change {
        ProposalChange::Remove => removed(row.about, &seen),
        ProposalChange::Change if row.origin == ProposalOrigin::Patient => {
            row.fields.read::<Fields>()?.with_status_of(&seen)
        }
        _ => row.fields.read()?,
    };
    let people: Vec<AccountId> = row.proposed_by.iter().chain(&row.closed_by).copied().collect();
    let names = accounts::names(work.conn, &people)?;
    let name = |id: Option<AccountId>| id.and_then(|id| names.get(&id).cloned());
    let patient = patients::summary(work.conn, row.patient_id)?;
    Ok(ProposalView {
        differences: differences(row.about, &chart, &seen, &proposed),
        is_stale: chart != seen,
        accepted: row.accepted.as_ref().map(Json::read).transpose()?,
        proposed_by: name(row.proposed_by),
        closed_by: name(row.closed_by),
        chart,
        proposal: summary(row, patient, work.now)?,
    })
}

fn summaries(work: &mut Work<'_>, page: Page<Row>) -> Result<Page<ProposalSummary>> {
    let mut ids: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let patients: HashMap<PatientId, PatientSummary> = patients::summaries(work.conn, &ids)?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let patient = patients.get(&row.patient_id).cloned();
        let patient = patient.ok_or_else(|| Error::internal("a proposal's patient is gone"))?;
        items.push(summary(row, patient, work.now)?);
    }
    Ok(Page { items, next: page.next })
}

fn summary(row: Row, patient: PatientSummary, now: Time) -> Result<ProposalSummary> {
    Ok(ProposalSummary {
        id: row.id,
        patient,
        origin: row.origin,
        about: row.about,
        change: row.change,
        // The patient's own id stands for contact data inside only.
        item: row.item_id.filter(|_| row.about != ProposalSubject::Contact),
        name: row.name,
        state: row.state,
        fields: row.fields.read()?,
        conflicts: row.conflicts.read()?,
        note: row.note,
        proposed_at: row.proposed_at,
        due_at: row.due_at,
        is_overdue: row.state == ProposalState::Pending && is_overdue(Some(row.due_at), now),
        reason: row.reason,
        words: row.words,
        closed_at: row.closed_at,
        version: row.version,
    })
}
