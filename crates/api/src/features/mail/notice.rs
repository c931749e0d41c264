//! "You have something new": the e-mail about what arrived in an inbox, which holds nothing of it (NTF-1).
//!
//! An account has one such mail under way at most. What arrives while it waits is told by it; so is everything that
//! happens to one conversation within ten minutes. Every path writes inside the transaction of what it tells, and the
//! writes are serializable: nothing is told twice.

use chrono::TimeDelta;
use portal_domain::{
    access::SHAREABLE,
    accounts::NoticeChoice,
    ids::{AccountId, MailId, PatientId},
    live::LiveKind,
    notifications::NotificationKind,
    outbox::MailKind,
};
use uuid::Uuid;

use super::{
    digest,
    store::{self, Delivery},
};
use crate::{
    error::Result,
    features::practice,
    platform::{
        access::Grant,
        clock::new_id,
        db::Conn,
        live::Audience,
        outbox::{self, Letter, Mail},
        secret::hash,
        work::Work,
    },
};

/// What a token of an unsubscribe link is sealed for.
pub const UNSUBSCRIBE: &str = "unsubscribe";
/// Why a mail is not sent: its reader's wish (NTF-2).
pub const SWITCHED_OFF: &str = "these e-mails are switched off";
const NO_ADDRESS: &str = "no verified address";
const ALL_READ: &str = "nothing unread was left to tell of";

/// After one mail the next waits this long.
const PAUSE: TimeDelta = TimeDelta::minutes(10);

/// Puts something into the inbox, inside the transaction of what it tells, and has the owner told by e-mail, as the owner
/// chose (NTF-2).
pub fn deliver(work: &mut Work<'_>, delivery: &Delivery<'_>) -> Result<()> {
    deliver_quietly(work, delivery)?;
    match NotificationKind::of(delivery.kind) {
        Some(kind) => tell(work, delivery.patient, kind),
        None => Ok(()),
    }
}

/// Puts something into the inbox without an e-mail. An open page hears of it; of what can be shared with nobody only the
/// patient's own.
pub fn deliver_quietly(work: &mut Work<'_>, delivery: &Delivery<'_>) -> Result<()> {
    store::deliver(work.conn, delivery, work.now)?;
    let concerned = if SHAREABLE.contains(&delivery.kind.category()) {
        Audience::Patient(delivery.patient)
    } else {
        let Some(owner) = store::account_of(work.conn, delivery.patient)? else { return Ok(()) };
        Audience::Account(owner.id)
    };
    work.announce(concerned, LiveKind::Inbox, delivery.subject);
    Ok(())
}

/// Marks the news of a thing as read, when it was opened another way than from the inbox. An open page hears of it.
pub fn mark_subject_read(work: &mut Work<'_>, grant: &Grant, subject: Uuid) -> Result<()> {
    store::mark_subject_read(work.conn, grant, subject, work.now)?;
    let concerned = grant.proxy().map_or(Audience::Patient(grant.patient()), Audience::Account);
    work.announce(concerned, LiveKind::Inbox, subject);
    read_up(work.conn, grant.patient())
}

/// Puts the waiting mail away once all that it would tell of was read, put away or withdrawn.
pub fn read_up(conn: &mut Conn, patient: PatientId) -> Result<()> {
    let Some(owner) = store::account_of(conn, patient)? else { return Ok(()) };
    let Some(waiting) = outbox::waiting(conn, owner.id, MailKind::SomethingNew)? else { return Ok(()) };
    if store::has_unread_since(conn, patient, waiting.created_at)? {
        return Ok(());
    }
    outbox::suppress(conn, owner.id, MailKind::SomethingNew, ALL_READ)
}

/// Takes away the news of a thing that was withdrawn, inside the same transaction: it would lead nowhere.
pub fn withdraw(conn: &mut Conn, patient: PatientId, subject: Uuid) -> Result<()> {
    store::withdraw(conn, patient, subject)?;
    read_up(conn, patient)
}

/// Takes away the news of a thing that went to many and was withdrawn, inside the same transaction; whose mail waits and
/// has nothing else to tell of gets none.
pub fn withdraw_from_all(conn: &mut Conn, subject: Uuid) -> Result<()> {
    let owners = store::accounts_told_of(conn, subject)?;
    store::withdraw_from_all(conn, subject)?;
    if owners.is_empty() {
        return Ok(());
    }
    let waiting = outbox::all_waiting(conn, MailKind::SomethingNew)?;
    for (patient, _) in owners.into_iter().filter(|(_, account)| waiting.contains(account)) {
        read_up(conn, patient)?;
    }
    Ok(())
}

fn tell(work: &mut Work<'_>, patient: PatientId, kind: NotificationKind) -> Result<()> {
    let Some(owner) = store::account_of(work.conn, patient)? else { return Ok(()) };
    let choice = owner.choices.of(kind);
    if choice == NoticeChoice::Off {
        return suppressed(work, owner.id, SWITCHED_OFF);
    }
    let Some(to) = owner.email else { return suppressed(work, owner.id, NO_ADDRESS) };
    let due = match choice {
        NoticeChoice::Daily => digest::next(work.now, practice::zone(work.conn)?)?,
        _ => {
            let last = outbox::last_left(work.conn, owner.id, MailKind::SomethingNew, work.now)?;
            last.map_or(work.now, |last| last.plus(PAUSE).max(work.now))
        }
    };
    match outbox::waiting(work.conn, owner.id, MailKind::SomethingNew)? {
        // That one tells of this as well, if it leaves in time. One that failed waits as it must.
        Some(waiting) if due < waiting.next_attempt_at && waiting.attempts == 0 => {
            outbox::bring_forward(work.conn, waiting.id, due)
        }
        Some(_) => Ok(()),
        None => {
            let mail = letter(work, owner.id, to)?;
            work.enqueue_for(&mail, due)?;
            Ok(())
        }
    }
}

fn suppressed(work: &mut Work<'_>, account: AccountId, why: &str) -> Result<()> {
    outbox::note_suppressed(work.conn, MailId(new_id()), account, MailKind::SomethingNew, why, work.now)
}

/// What a token of an unsubscribe link says: the account, and the address to which it went. Who has another address since
/// is not reached by links in the old mailbox.
pub fn unsubscribes(account: AccountId, address: &str) -> Vec<u8> {
    [account.0.as_bytes(), hash(address.as_bytes()).as_slice()].concat()
}

fn letter(work: &mut Work<'_>, account: AccountId, to: String) -> Result<Mail> {
    let token = work.token(UNSUBSCRIBE, &unsubscribes(account, &to))?;
    let base = work.public_url();
    let letter = Letter::about("You have something new")
        .says("Something new waits for you in our patient portal.")
        .leads("Open the portal", format!("{base}/mail/inbox"))
        .adds(format!("To get no more of these e-mails, open {base}/unsubscribe#token={token}"))
        .adds("Your account settings say when we write, and about what.")
        .unsubscribes(format!("{base}/api/v1/unsubscribe?token={token}"));
    Ok(Mail { kind: MailKind::SomethingNew, account: Some(account), to, letter, useless_after: None })
}
