//! Ending e-mails about news, and looking at what became of them.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use portal_domain::{
    access::{Action, Category},
    accounts::NoticeChoice,
    audit::Outcome,
    ids::{AccountId, PatientId},
    notifications::{MailView, NotificationChoices, Unsubscribe},
    outbox::MailKind,
    page::{Page, PageQuery},
    problem::Code,
};
use uuid::Uuid;

use crate::{
    app::App,
    error::Result,
    features::{
        accounts,
        mail::{SWITCHED_OFF, UNSUBSCRIBE, unsubscribes},
    },
    platform::{auth::Actor, outbox, page::Keyset},
};

/// Ends the e-mails about news of the account that a link names. The link can do nothing else: security notices go on
/// (NTF-2), nobody is signed in, and it works as often as it is opened.
pub async fn unsubscribe(app: &App, link: &Unsubscribe) -> Result<()> {
    let sealed = URL_SAFE_NO_PAD.decode(&link.token).map_err(|_| Code::LinkRefused)?;
    let opened = app.sealer.open(UNSUBSCRIBE, &sealed).map_err(|_| Code::LinkRefused)?;
    let account = opened.first_chunk::<16>().ok_or(Code::LinkRefused)?;
    let account = AccountId(Uuid::from_bytes(*account));
    app.write(&Actor::nobody(), move |work| {
        let owner = accounts::by_id(work.conn, account)?;
        let is_reached = owner.email.as_ref().is_some_and(|email| opened == unsubscribes(account, email));
        if !is_reached {
            return Err(Code::LinkRefused.into());
        }
        accounts::set_notices(work.conn, account, NotificationChoices::all(NoticeChoice::Off))?;
        outbox::suppress(work.conn, account, MailKind::SomethingNew, SWITCHED_OFF)?;
        work.note(Action::Act, Category::Account, owner.patient_id, Some(account.0), Outcome::Done);
        Ok(())
    })
    .await
}

/// What became of the mails to a patient, newest first (NTF-3). None without an account.
pub async fn mails(app: &App, actor: &Actor, patient: PatientId, query: PageQuery) -> Result<Page<MailView>> {
    let keyset = Keyset::parse(&query)?;
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Enrolment, patient)?;
        match accounts::of_patient(work.conn, grant.patient())? {
            Some(account) => outbox::of_account(work.conn, account.id, &keyset),
            None => Ok(Page { items: Vec::new(), next: None }),
        }
    })
    .await
}
