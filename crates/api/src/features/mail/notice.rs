//! "You have something new": the e-mail about an inbox item, which holds nothing of it (NTF-1).

use chrono::TimeDelta;
use portal_domain::{ids::PatientId, live::LiveKind, outbox::MailKind};
use uuid::Uuid;

use super::store::{self, Delivery};
use crate::{
    error::Result,
    platform::{
        live::Audience,
        outbox::{Letter, Mail},
        work::Work,
    },
};

/// What arrives within this time of a notice is covered by it.
const COVERED: TimeDelta = TimeDelta::minutes(10);

/// Puts something into the inbox, inside the transaction of what it tells, and has the owner told by e-mail: when an
/// address is verified, notices are wanted (NTF-2), and none went out just now.
pub fn deliver(work: &mut Work<'_>, delivery: &Delivery<'_>) -> Result<()> {
    deliver_quietly(work, delivery)?;
    tell(work, delivery.patient)
}

/// Puts something into the inbox without an e-mail. An open page hears of it.
pub fn deliver_quietly(work: &mut Work<'_>, delivery: &Delivery<'_>) -> Result<()> {
    store::deliver(work.conn, delivery, work.now)?;
    work.announce(Audience::Patient(delivery.patient), LiveKind::Inbox, delivery.subject);
    Ok(())
}

/// Marks the news of a thing as read, when it was opened another way than from the inbox. An open page hears of it.
pub fn mark_subject_read(work: &mut Work<'_>, patient: PatientId, subject: Uuid) -> Result<()> {
    store::mark_subject_read(work.conn, patient, subject, work.now)?;
    work.announce(Audience::Patient(patient), LiveKind::Inbox, subject);
    Ok(())
}

fn tell(work: &mut Work<'_>, patient: PatientId) -> Result<()> {
    let Some((account, to)) = store::wants_notices(work.conn, patient)? else { return Ok(()) };
    if store::was_told_since(work.conn, account, work.now.plus(-COVERED))? {
        return Ok(());
    }
    let letter = Letter::about("You have something new")
        .says("Something new waits for you in our patient portal.")
        .leads("Open the portal", format!("{}/mail/inbox", work.public_url()))
        .adds("You can switch these e-mails off in your account settings.");
    let mail = Mail { kind: MailKind::SomethingNew, account: Some(account), to, letter, useless_after: None };
    work.enqueue(&mail)?;
    Ok(())
}
