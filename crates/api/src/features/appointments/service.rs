//! What people do with requests and appointments.

use std::{collections::HashMap, str::FromStr};

use chrono_tz::Tz;
use portal_domain::{
    access::{Action, Category},
    appointments::{
        AppointmentQuery, AppointmentView, Booking, CannotCancel, Move, NewRequest, Offers, ProviderName,
        QueueQuery, Refusal, State, Which, WrongState, cancellable,
    },
    enrolment::ALPHABET,
    ids::{AppointmentId, PatientId, ProviderId},
    live::LiveKind,
    mail::{ItemKind, Sent, SentItem, SentRequest},
    page::{Page, PageQuery},
    patients::PatientSummary,
    problem::{Code, Problem},
    time::{Date, Time},
};
use uuid::Uuid;

use super::{
    calendar,
    store::{self, Change, Row},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{
        mail::{self, Delivery},
        patients, practice,
    },
    platform::{
        access::Grant,
        auth::Actor,
        clock::new_id,
        db::{Conn, Json},
        etag::IfMatch,
        idempotency::Once,
        live::Audience,
        page::Keyset,
        secret,
        work::Work,
    },
};

/// Asks for an appointment (APT-1).
pub async fn request(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    new: NewRequest,
    once: Once,
) -> Result<AppointmentView> {
    let id = AppointmentId(new_id());
    let reference = new_reference()?;
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Appointments, patient, id.0)?;
        let requested_by = work.actor.account_id()?;
        once.run(work, |work| {
            let location = practice::location(work.conn, new.location_id)?
                .ok_or_else(|| Problem::field("location_id", "unknown", "Choose one of our locations."))?;
            let new = new.clone().check(today(&location.view.time_zone, work.now)?)?;
            if let Some(provider) = new.provider_id {
                check_provider(work.conn, provider, &new)?;
            }
            let row = Row {
                patient_id: patient,
                id,
                reference: reference.clone(),
                state: State::Requested,
                location_id: new.location_id,
                wanted_provider_id: new.provider_id,
                reason: new.reason,
                note: new.note,
                preferred: Json::of(&new.preferred)?,
                provider_id: None,
                starts_at: None,
                ends_at: None,
                decision_note: String::new(),
                decided_by: None,
                decided_at: None,
                requested_by,
                requested_at: work.now,
                sequence: 0,
                version: 1,
                updated_at: work.now,
            };
            store::insert(work.conn, &grant, &row)?;
            work.announce(Audience::Staff, LiveKind::Queue, row.id.0);
            let wanted: Vec<ProviderId> = row.wanted_provider_id.into_iter().collect();
            let providers = practice::provider_names(work.conn, &wanted)?;
            let patient = patients::summary(work.conn, patient)?;
            named(row, patient, &location, &providers, work.now)
        })
    })
    .await
}

fn check_provider(conn: &mut Conn, provider: ProviderId, new: &NewRequest) -> Result<()> {
    if practice::takes_appointments_at(conn, provider, new.location_id)? {
        return Ok(());
    }
    Err(Problem::field(
        "provider_id",
        "unknown",
        "Choose a provider of this location, or the first available.",
    )
    .into())
}

/// A patient's appointments.
pub async fn list(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: AppointmentQuery,
) -> Result<Page<AppointmentView>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let which = query.which.unwrap_or(Which::Upcoming);
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Appointments, patient)?;
        let page = store::list(work.conn, &grant, which, work.now, &keyset)?;
        views(work, page)
    })
    .await
}

/// The practice's queue.
pub async fn queue(app: &App, actor: &Actor, query: QueueQuery) -> Result<Page<AppointmentView>> {
    let keyset = Keyset::parse(&PageQuery { cursor: query.cursor, limit: query.limit })?;
    let state = query.state.unwrap_or(State::Requested);
    app.read(actor, move |work| {
        work.permit(Action::View, Category::Appointments)?;
        let page = store::queue(work.conn, state, query.location_id, &keyset)?;
        let page = work.nearby(page, |row| row.patient_id)?;
        let mut shown: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
        shown.sort_unstable();
        shown.dedup();
        work.note_shown(Category::Appointments, &shown);
        views(work, page)
    })
    .await
}

/// One request or appointment.
pub async fn open(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: AppointmentId,
) -> Result<AppointmentView> {
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::View, Category::Appointments, patient, id.0)?;
        let row = find(work.conn, &grant, id)?;
        view(work, row)
    })
    .await
}

/// What the patient does with it: recall, accept, decline, cancel.
pub async fn step(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: AppointmentId,
    step: Move,
    once: Once,
) -> Result<AppointmentView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Appointments, patient, id.0)?;
        once.run(work, |work| {
            let row = find(work.conn, &grant, id)?;
            let state = match step {
                Move::PatientCancel => cancel(work.conn, &row, work.now)?,
                Move::Accept => accept(&row, work.now)?,
                other => row.state.after(other).map_err(wrong_state)?,
            };
            let change = Change::to(&row, state, work.now);
            let mut row = store::change(work.conn, &grant, id, &change)?;
            work.announce(Audience::Staff, LiveKind::Queue, id.0);
            if step == Move::Decline {
                row = store::clear_offer(work.conn, &grant, id)?;
            }
            view(work, row)
        })
    })
    .await
}

/// Takes the offered time, unless it has passed: then front desk has to offer another one.
fn accept(row: &Row, now: Time) -> Result<State> {
    let state = row.state.after(Move::Accept).map_err(wrong_state)?;
    if row.starts_at.is_some_and(|starts_at| starts_at <= now) {
        return Err(Problem::new(Code::WrongState).detail("The offered time has passed.").into());
    }
    Ok(state)
}

fn cancel(conn: &mut Conn, row: &Row, now: Time) -> Result<State> {
    let cutoff = practice::cancel_cutoff_hours(conn, row.location_id)?;
    cancellable(row.state, row.starts_at, cutoff, now).map_err(|why| match why {
        CannotCancel::CallLocation => Code::CallToCancel.into(),
        CannotCancel::WrongState(why) => wrong_state(why),
    })
}

/// What front desk decides about it.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Book it at this time.
    Approve(Booking),
    /// Offer this time.
    Propose(Booking),
    /// Say no.
    Deny(Refusal),
    /// Cancel what is booked.
    Cancel(Refusal),
}

impl Decision {
    fn step(&self) -> Move {
        match self {
            Self::Approve(_) => Move::Approve,
            Self::Propose(_) => Move::Propose,
            Self::Deny(_) => Move::Deny,
            Self::Cancel(_) => Move::ClinicCancel,
        }
    }

    fn news(&self) -> ItemKind {
        match self {
            Self::Approve(_) => ItemKind::AppointmentConfirmed,
            Self::Propose(_) => ItemKind::AppointmentProposed,
            Self::Deny(_) => ItemKind::AppointmentDenied,
            Self::Cancel(_) => ItemKind::AppointmentCancelled,
        }
    }
}

/// Decides; the patient's inbox item is part of the same transaction (APT-1).
pub async fn decide(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: AppointmentId,
    decision: Decision,
    seen: IfMatch,
    once: Once,
) -> Result<AppointmentView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Decide, Category::Appointments, patient, id.0)?;
        let decided_by = work.actor.account_id()?;
        once.run(work, |work| {
            let row = find(work.conn, &grant, id)?;
            // The state comes first: whoever lost a race learns who won it.
            let state = row.state.after(decision.step()).map_err(wrong_state)?;
            seen.check(row.version)?;
            let mut change = Change {
                decided_by: Some(decided_by),
                decided_at: Some(work.now),
                ..Change::to(&row, state, work.now)
            };
            match &decision {
                Decision::Approve(booking) | Decision::Propose(booking) => {
                    book(work, &row, booking, &mut change)?
                }
                Decision::Deny(refusal) | Decision::Cancel(refusal) => {
                    change.decision_note = Some(refusal.check()?)
                }
            }
            let row = store::change(work.conn, &grant, id, &change)?;
            work.announce(Audience::Staff, LiveKind::Queue, id.0);
            let view = view(work, row)?;
            let delivery =
                Delivery { patient, kind: decision.news(), subject: id.0, title: &view.location.name };
            mail::deliver(work, &delivery)?;
            Ok(view)
        })
    })
    .await
}

fn book(work: &mut Work<'_>, row: &Row, booking: &Booking, change: &mut Change) -> Result<()> {
    let booking = booking.clone().check(work.now)?;
    if !practice::takes_appointments_at(work.conn, booking.provider_id, row.location_id)? {
        return Err(Problem::field("provider_id", "unknown", "Choose a provider of this location.").into());
    }
    let (from, to) = (booking.starts_at, booking.ends_at());
    if store::is_slot_taken(work.conn, booking.provider_id, from, to, row.id)? {
        return Err(Code::SlotTaken.into());
    }
    change.provider_id = Some(booking.provider_id);
    change.starts_at = Some(from);
    change.ends_at = Some(to);
    change.decision_note = Some(booking.note);
    Ok(())
}

/// The calendar file of what was booked (APT-5); a request has none.
pub async fn calendar_file(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: AppointmentId,
) -> Result<String> {
    let host = app.settings.public_url.split("://").last().unwrap_or_default().to_owned();
    app.read(actor, move |work| {
        let grant = work.grant_about(Action::Export, Category::Appointments, patient, id.0)?;
        let row = find(work.conn, &grant, id)?;
        if !row.state.was_booked() {
            return Err(wrong_state(WrongState(row.state)));
        }
        let (sequence, changed_at) = (row.sequence, row.updated_at);
        let practice = practice::practice(work.conn)?.name;
        calendar::file(&view(work, row)?, sequence, changed_at, &practice, &host)
    })
    .await
}

/// What a patient asked for, as sent items (MSG-6), and one more than a page holds. The grant is the mailbox's.
pub fn sent(conn: &mut Conn, grant: &Grant, keyset: &Keyset) -> Result<Vec<SentItem>> {
    let rows = store::sent(conn, grant, keyset)?;
    let locations = practice::locations(conn)?;
    let name = |row: &Row| locations.iter().find(|location| location.view.id == row.location_id);
    let sent = rows.into_iter().map(|row| {
        let request = SentRequest {
            appointment_id: row.id,
            location: name(&row).map(|location| location.view.name.clone()).unwrap_or_default(),
            reason: row.reason,
            state: row.state,
            can_recall: row.state.after(Move::Recall).is_ok(),
        };
        SentItem { at: row.requested_at, what: Sent::Appointment(request) }
    });
    Ok(sent.collect())
}

fn find(conn: &mut Conn, grant: &Grant, id: AppointmentId) -> Result<Row> {
    store::find(conn, grant, id)?.ok_or_else(|| Code::NotFound.into())
}

fn wrong_state(why: WrongState) -> Error {
    Problem::new(Code::WrongState).detail(format!("Its state is {}.", why.0)).into()
}

fn view(work: &mut Work<'_>, row: Row) -> Result<AppointmentView> {
    let page = views(work, Page { items: vec![row], next: None })?;
    page.items.into_iter().next().ok_or_else(|| Error::internal("a view of one row is one view"))
}

/// Puts names beside the ids, a query for each kind of name.
fn views(work: &mut Work<'_>, page: Page<Row>) -> Result<Page<AppointmentView>> {
    let now = work.now;
    let locations = practice::locations(work.conn)?;
    let mut patients: Vec<PatientId> = page.items.iter().map(|row| row.patient_id).collect();
    patients.sort_unstable();
    patients.dedup();
    let patients = patients::summaries(work.conn, &patients)?;
    let providers: Vec<ProviderId> =
        page.items.iter().flat_map(|row| [row.provider_id, row.wanted_provider_id]).flatten().collect();
    let providers = practice::provider_names(work.conn, &providers)?;
    let mut items = Vec::with_capacity(page.items.len());
    for row in page.items {
        let location = locations
            .iter()
            .find(|location| location.view.id == row.location_id)
            .ok_or_else(|| Error::internal("an appointment's location is gone"))?;
        let patient = patients
            .get(&row.patient_id)
            .ok_or_else(|| Error::internal("an appointment's patient is gone"))?;
        items.push(named(row, patient.clone(), location, &providers, now)?);
    }
    Ok(Page { items, next: page.next })
}

/// A row with its names beside it.
fn named(
    row: Row,
    patient: PatientSummary,
    location: &practice::Location,
    providers: &HashMap<ProviderId, ProviderName>,
    now: Time,
) -> Result<AppointmentView> {
    Ok(AppointmentView {
        id: row.id,
        state: row.state,
        patient,
        location: location.view.clone(),
        wanted_provider: row.wanted_provider_id.and_then(|id| providers.get(&id).cloned()),
        provider: row.provider_id.and_then(|id| providers.get(&id).cloned()),
        reason: row.reason,
        preferred: row.preferred()?,
        offers: Offers::at(row.state, row.starts_at, location.cancel_cutoff_hours, now),
        reference: row.reference,
        note: row.note,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        decision_note: row.decision_note,
        requested_at: row.requested_at,
        decided_at: row.decided_at,
        version: row.version,
    })
}

/// The date at a location.
fn today(zone: &str, now: Time) -> Result<Date> {
    let zone = Tz::from_str(zone).map_err(Error::internal)?;
    Ok(now.utc().with_timezone(&zone).date_naive())
}

/// Eight symbols that nobody mishears: `A7K2-9QXM`.
fn new_reference() -> Result<String> {
    let symbols: String =
        secret::random::<8>()?.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    Ok(format!("{}-{}", &symbols[..4], &symbols[4..]))
}

/// The newest appointments and requests that whoever holds this leave sees, with what they are for and when.
pub fn shown(work: &mut Work<'_>, grant: &Grant) -> Result<Vec<(Uuid, String, Option<Time>)>> {
    let mut shown = Vec::new();
    for which in [Which::Upcoming, Which::Pending, Which::Past] {
        let page = store::list(work.conn, grant, which, work.now, &Keyset::longest()?)?;
        let told = |row: Row| {
            let title = format!("{} {}", row.reason.as_str().replace('_', " "), row.reference);
            (row.id.0, title, row.starts_at.or(Some(row.requested_at)))
        };
        shown.extend(page.items.into_iter().map(told));
    }
    Ok(shown)
}
