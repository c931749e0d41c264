//! Sending copies, seeing what became of them, taking them back.

use std::collections::HashMap;

use chrono::TimeDelta;
use portal_domain::{
    access::{Action, Category},
    ids::{AccountId, HealthRecordId, MailId, PatientId, TransmissionId},
    outbox::{MailKind, MailState},
    page::{Page, PageQuery},
    problem::{Code, Problem},
    time::Time,
    transmissions::{
        LINK_DAYS, MOST_ATTACHED, MOST_SENT_A_DAY, NewTransmission, TransmissionSent, TransmissionView,
        TransmissionWay, normalize_code, spell_code,
    },
};

use super::{
    opening,
    store::{self, Row},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, health_record, practice},
    platform::{
        access::Grant,
        auth::{Actor, new_token},
        clock::new_id,
        idempotency::Once,
        outbox::{self, Enclosure, Letter, Mail},
        page::Keyset,
        secret,
        work::Work,
    },
};

/// Sends a copy of a record that is ready. Refused to whoever gave no proof just now (SEC-5), and after
/// [`MOST_SENT_A_DAY`] copies in a day.
pub async fn send(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    record: HealthRecordId,
    new: NewTransmission,
    once: Once,
) -> Result<TransmissionSent> {
    let new = new.check().map_err(Problem::invalid)?;
    let id = TransmissionId(new_id());
    let (token, code) = (new_token()?, spell_code(secret::random()?));
    let shown = (new.way == TransmissionWay::Link).then(|| code.clone());
    let transmission = app
        .write(actor, move |work| {
            let grant = work.grant_about(Action::Transmit, Category::Chart, patient, id.0)?;
            let sent_by = work.actor.account_id()?;
            once.run(work, |work| {
                work.actor.must_be_proven(work.now)?;
                let file = health_record::ready_file(work, &grant, record, new.format)?
                    .ok_or(Code::RecordNotReady)?;
                must_not_be_too_often(work, &grant)?;
                let is_link = new.way == TransmissionWay::Link;
                let days = TimeDelta::days(i64::from(new.days.unwrap_or(LINK_DAYS)));
                let expires_at =
                    if is_link { work.now.plus(days).min(file.expires_at) } else { file.expires_at };
                let letter = if is_link {
                    link_letter(work, &token, expires_at)?
                } else if file.size > MOST_ATTACHED {
                    let message = "This file is too large for an e-mail. Send a link.";
                    return Err(Problem::field("way", "too_large_for_mail", message).into());
                } else {
                    let media_type = new.format.media_type().into();
                    attachment_letter(Enclosure { name: file.name, media_type, file: file.id })
                };
                let mail = Mail {
                    kind: MailKind::RecordShared,
                    account: Some(sent_by),
                    to: new.recipient.clone(),
                    letter,
                    useless_after: Some(expires_at),
                };
                let mail_id = work.enqueue(&mail)?;
                let bare = normalize_code(&code).ok_or_else(|| Error::internal("a code that is none"))?;
                let row = Row {
                    patient_id: patient,
                    sent_at: work.now,
                    id,
                    record_id: record,
                    sent_by,
                    recipient: new.recipient.clone(),
                    format: new.format,
                    way: new.way,
                    mail_id,
                    token_hash: is_link.then(|| opening::token_hash(&token)),
                    code_hash: is_link.then(|| opening::code_hash(&token, &bare)),
                    wrong_codes: 0,
                    expires_at,
                    opened_at: None,
                    downloaded_at: None,
                    downloads: 0,
                    withdrawn_at: None,
                };
                store::insert(work.conn, &row)?;
                view(work, row)
            })
        })
        .await?;
    // The answer to a repeat is the first one, whose code is kept nowhere.
    let code = shown.filter(|_| transmission.id == id);
    Ok(TransmissionSent { transmission, code })
}

/// What the patient sent, newest first.
pub async fn list(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    query: PageQuery,
) -> Result<Page<TransmissionView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Chart, patient)?;
        let page = store::page(work.conn, &grant, &keyset)?;
        Ok(Page { items: views(work, page.items)?, next: page.next })
    })
    .await
}

/// Takes a copy back: its link opens nothing from here on, its e-mail does not leave any more. Doing it again changes
/// nothing; what is out of reach already is 409.
pub async fn withdraw(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    id: TransmissionId,
) -> Result<TransmissionView> {
    app.write(actor, move |work| {
        let grant = work.grant_about(Action::Act, Category::Chart, patient, id.0)?;
        let mut row = store::find(work.conn, &grant, id)?.ok_or(Code::NotFound)?;
        if row.withdrawn_at.is_none() {
            let mail = outbox::states(work.conn, &[row.mail_id])?.get(&row.mail_id).copied();
            let facts = row.facts(mail);
            if !facts.can_withdraw(work.now) {
                let state = facts.state(work.now);
                let problem = Problem::new(Code::WrongState).detail(format!("Its state is {state}."));
                return Err(problem.into());
            }
            row.withdrawn_at = Some(work.now);
            store::save(work.conn, &row)?;
            outbox::hold_back(work.conn, row.mail_id, "the patient took it back")?;
        }
        view(work, row)
    })
    .await
}

/// Ends what was sent of records whose files ended, in the transaction that ends those: links open nothing any more,
/// e-mails that wait are held back.
pub fn end_with(work: &mut Work<'_>, grant: &Grant, records: &[HealthRecordId]) -> Result<()> {
    for mut row in store::open_of(work.conn, grant, records, work.now)? {
        row.expires_at = work.now;
        store::save(work.conn, &row)?;
        outbox::hold_back(work.conn, row.mail_id, "the file was withdrawn")?;
    }
    Ok(())
}

fn must_not_be_too_often(work: &mut Work<'_>, grant: &Grant) -> Result<()> {
    let sent = store::sent_lately(work.conn, grant, work.now)?;
    match sent.first() {
        Some(first) if sent.len() as i64 >= MOST_SENT_A_DAY => {
            let wait = first.plus(TimeDelta::days(1)).since(work.now);
            Err(Error::TooManyRequests { retry_after_seconds: wait.num_seconds().max(1) })
        }
        _ => Ok(()),
    }
}

/// Names nobody and nothing of health (NTF-1): whoever gives the code says what it is.
fn link_letter(work: &mut Work<'_>, token: &str, expires_at: Time) -> Result<Letter> {
    let zone = practice::zone(work.conn)?;
    let day = expires_at.utc().with_timezone(&zone).format("%B %-d, %Y, %-I:%M %p %Z");
    Ok(Letter::about("A file for you")
        .says("Somebody asked us to send you a link to a file. It opens with a pass code of eight digits, which they tell you themselves, for example by phone.")
        .leads("Open the file", format!("{}/shared#token={token}", work.public_url()))
        .adds(format!("The link works until {day}. Five wrong pass codes close it."))
        .adds("If you expect no file, ignore this e-mail."))
}

fn attachment_letter(enclosure: Enclosure) -> Letter {
    Letter::about("A file for you")
        .says("Somebody asked us to send you the attached file. This e-mail is not encrypted.")
        .adds("If it is not meant for you, please delete it and call us.")
        .encloses(enclosure)
}

fn view(work: &mut Work<'_>, row: Row) -> Result<TransmissionView> {
    let one = views(work, vec![row])?.into_iter().next();
    one.ok_or_else(|| Error::internal("a view of one row is one view"))
}

/// Puts the sender's name and what became of the e-mail beside the rows.
fn views(work: &mut Work<'_>, rows: Vec<Row>) -> Result<Vec<TransmissionView>> {
    let senders: Vec<AccountId> = rows.iter().map(|row| row.sent_by).collect();
    let names = accounts::names(work.conn, &senders)?;
    let mails: Vec<MailId> = rows.iter().map(|row| row.mail_id).collect();
    let mails = outbox::states(work.conn, &mails)?;
    Ok(rows.into_iter().map(|row| view_of(row, &names, &mails, work.now)).collect())
}

fn view_of(
    row: Row,
    names: &HashMap<AccountId, String>,
    mails: &HashMap<MailId, MailState>,
    now: Time,
) -> TransmissionView {
    let facts = row.facts(mails.get(&row.mail_id).copied());
    TransmissionView {
        id: row.id,
        record_id: row.record_id,
        state: facts.state(now),
        can_withdraw: facts.can_withdraw(now),
        recipient: row.recipient,
        format: row.format,
        way: row.way,
        sent_at: row.sent_at,
        sent_by: names.get(&row.sent_by).cloned().unwrap_or_default(),
        expires_at: (row.way == TransmissionWay::Link).then_some(row.expires_at),
        opened_at: row.opened_at,
        downloaded_at: row.downloaded_at,
        downloads: row.downloads,
        withdrawn_at: row.withdrawn_at,
    }
}
