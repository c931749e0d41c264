//! Notices as staff write and watch them.

use portal_domain::{
    access::{Action, Category},
    audience::Audience,
    csv,
    ids::{AccountId, NoticeId, PatientId},
    notices::{Acknowledgement, NoticeContent, NoticeView, Phase, Reach, phase},
    page::{Page, PageQuery},
    problem::{Code, Problem},
    time::{Date, Time},
};

use super::{deliver, store};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, audiences, mail, patients, practice},
    platform::{
        auth::Actor, clock::new_id, db::Json, etag::IfMatch, idempotency::Once, page::Keyset, work::Work,
    },
};

/// Every notice, the newest first.
pub async fn list(app: &App, actor: &Actor, query: PageQuery) -> Result<Page<NoticeView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Notices)?;
        let page = store::page(work.conn, &keyset)?;
        let mut items = Vec::with_capacity(page.items.len());
        for row in &page.items {
            items.push(view(work, row)?);
        }
        Ok(Page { items, next: page.next })
    })
    .await
}

/// One notice.
pub async fn open(app: &App, actor: &Actor, id: NoticeId) -> Result<NoticeView> {
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Notices)?;
        let row = found(work, id)?;
        view(work, &row)
    })
    .await
}

/// How many patients an audience has today.
pub async fn reach(app: &App, actor: &Actor, audience: Audience) -> Result<Reach> {
    refuse(audience.check("audience"))?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Notices)?;
        audiences::permit(work, &audience)?;
        practice::must_be_ours(work.conn, "audience.location_id", audience.location_id)?;
        let today = today(work)?;
        Ok(Reach { patients: audiences::count(work.conn, &audience, today)? })
    })
    .await
}

/// Publishes a notice. When it begins today its first recipients have it as soon as this returns.
pub async fn publish(app: &App, actor: &Actor, content: NoticeContent, once: Once) -> Result<NoticeView> {
    let id = NoticeId(new_id());
    app.write(actor, move |work| {
        work.permit(Action::Change, Category::Notices)?;
        let by = work.actor.account_id()?;
        once.run(work, |work| {
            let row = row(work, id, by, content.clone())?;
            store::insert(work.conn, &row)?;
            deliver::batch(work)?;
            view(work, &row)
        })
    })
    .await
}

/// Edits a notice that is not over. Once it has begun its audience and first day stay.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: NoticeId,
    content: NoticeContent,
    seen: IfMatch,
) -> Result<NoticeView> {
    app.write(actor, move |work| {
        work.permit(Action::Change, Category::Notices)?;
        let before = found(work, id)?;
        seen.check(before.version)?;
        let stands = phase_of(&before, work.now);
        if matches!(stands, Phase::Ended | Phase::Withdrawn) {
            return Err(Code::WrongState.into());
        }
        if stands == Phase::Running
            && (content.audience != before.audience()? || content.starts_on != before.starts_on)
        {
            let why =
                "The notice has begun: withdraw it and publish another for another audience or first day.";
            return Err(Problem::new(Code::WrongState).detail(why).into());
        }
        let mut after = row(work, id, before.published_by, content.clone())?;
        after.published_at = before.published_at;
        after.version = before.version + 1;
        store::replace(work.conn, &after)?;
        let title = |row: &store::Row| Ok::<_, Error>(row.texts()?.first().map(|text| text.title.clone()));
        let (old, new) = (title(&before)?, title(&after)?);
        if old != new {
            mail::rename(work.conn, id.0, &new.unwrap_or_default())?;
        }
        deliver::batch(work)?;
        view(work, &after)
    })
    .await
}

/// Takes a notice back: it disappears from home pages and inboxes; who acknowledged it stays on record.
pub async fn withdraw(app: &App, actor: &Actor, id: NoticeId, seen: IfMatch) -> Result<NoticeView> {
    app.write(actor, move |work| {
        work.permit(Action::Change, Category::Notices)?;
        let mut row = found(work, id)?;
        seen.check(row.version)?;
        if row.withdrawn_at.is_some() {
            return Err(Code::WrongState.into());
        }
        row.withdrawn_at = Some(work.now);
        row.updated_at = work.now;
        row.version += 1;
        store::replace(work.conn, &row)?;
        mail::withdraw_from_all(work.conn, id.0)?;
        view(work, &row)
    })
    .await
}

/// Who acknowledged a notice and who has not, in the order in which it reached them.
pub async fn acknowledgements(
    app: &App,
    actor: &Actor,
    id: NoticeId,
    query: PageQuery,
) -> Result<Page<Acknowledgement>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Notices)?;
        let row = found(work, id)?;
        audiences::permit(work, &row.audience()?)?;
        let page = store::recipients(work.conn, id, &keyset)?;
        Ok(Page { items: with_names(work, page.items)?, next: page.next })
    })
    .await
}

/// The whole list as a table for spreadsheets.
pub async fn acknowledgement_table(app: &App, actor: &Actor, id: NoticeId) -> Result<String> {
    app.read(actor, move |work| {
        work.permit(Action::Export, Category::Notices)?;
        let row = found(work, id)?;
        audiences::permit(work, &row.audience()?)?;
        let rows = store::all_recipients(work.conn, id)?;
        let zone = practice::zone(work.conn)?;
        let local = |at: Time| at.utc().with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string();
        let mut table =
            csv::row(&["Record number", "Family name", "Given name", "Delivered", "Acknowledged"]);
        for one in with_names(work, rows)? {
            let done = one.acknowledged_at.map(local).unwrap_or_default();
            let who = one.patient;
            table += &csv::row(&[who.mrn, who.family_name, who.given_name, local(one.delivered_at), done]);
        }
        Ok(table)
    })
    .await
}

fn with_names(work: &mut Work<'_>, rows: Vec<store::Recipient>) -> Result<Vec<Acknowledgement>> {
    let ids: Vec<PatientId> = rows.iter().map(|row| row.patient_id).collect();
    let mut known = std::collections::HashMap::new();
    for some in ids.chunks(500) {
        known.extend(patients::summaries(work.conn, some)?);
    }
    work.note_shown(Category::Notices, &ids);
    rows.into_iter()
        .map(|row| {
            let patient = known.get(&row.patient_id).cloned();
            Ok(Acknowledgement {
                patient: patient.ok_or_else(|| Error::internal("a recipient's chart is gone"))?,
                delivered_at: row.delivered_at,
                acknowledged_at: row.acknowledged_at,
                acknowledged_version: row.acknowledged_version,
            })
        })
        .collect()
}

fn found(work: &mut Work<'_>, id: NoticeId) -> Result<store::Row> {
    store::find(work.conn, id)?.ok_or_else(|| Code::NotFound.into())
}

fn refuse(errors: Vec<portal_domain::problem::FieldError>) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Problem::invalid(errors).into()) }
}

/// The practice's date.
pub fn today(work: &mut Work<'_>) -> Result<Date> {
    practice::today(work.conn, work.now)
}

fn row(work: &mut Work<'_>, id: NoticeId, by: AccountId, content: NoticeContent) -> Result<store::Row> {
    let zone = practice::zone(work.conn)?;
    let content = content.check(work.now.utc().with_timezone(&zone).date_naive())?;
    audiences::permit(work, &content.audience)?;
    practice::must_be_ours(work.conn, "audience.location_id", content.audience.location_id)?;
    let after = content.ends_on.succ_opt().ok_or_else(|| Error::internal("the end of the calendar"))?;
    Ok(store::Row {
        id,
        published_at: work.now,
        published_by: by,
        updated_at: work.now,
        withdrawn_at: None,
        version: 1,
        severity: content.severity,
        must_acknowledge: i64::from(content.must_acknowledge),
        starts_on: content.starts_on,
        ends_on: content.ends_on,
        starts_at: practice::begin_of(content.starts_on, zone)?,
        ends_at: practice::begin_of(after, zone)?,
        audience: Json::of(&content.audience)?,
        texts: Json::of(&content.texts)?,
    })
}

fn phase_of(row: &store::Row, now: Time) -> Phase {
    phase(row.starts_at, row.ends_at, row.withdrawn_at.is_some(), now)
}

fn view(work: &mut Work<'_>, row: &store::Row) -> Result<NoticeView> {
    let names = accounts::names(work.conn, &[row.published_by])?;
    let (reached, acknowledged) = store::counts(work.conn, row.id)?;
    Ok(NoticeView {
        id: row.id,
        version: row.version,
        content: NoticeContent {
            audience: row.audience()?,
            severity: row.severity,
            must_acknowledge: row.must_acknowledge != 0,
            starts_on: row.starts_on,
            ends_on: row.ends_on,
            texts: row.texts()?,
        },
        phase: phase_of(row, work.now),
        published_by: names.get(&row.published_by).cloned().unwrap_or_default(),
        published_at: row.published_at,
        updated_at: row.updated_at,
        reached,
        acknowledged,
    })
}
