//! The own passkeys: list, add, rename, remove.

use portal_domain::{
    access::Action,
    accounts::{
        AccountEvent, CeremonyOptions, Duty, MOST_PASSKEYS, NewPasskey, PasskeyName, PasskeyPurpose,
        PasskeyView, parse_passkey_name,
    },
    ids::{AccountId, PasskeyId},
    problem::{Code, Problem},
};
use webauthn_rs::prelude::PasskeyRegistration;

use super::{
    relying_party::{Owner, Registration, RelyingParty},
    store::{self, Kept},
};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, practice},
    platform::{
        auth::{self, Actor, Opened},
        work::Work,
    },
};

/// The own passkeys, the oldest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<PasskeyView>> {
    app.read(actor, |work| {
        let account = work.own_account(Action::View)?;
        let rows = store::of_account(work.conn, account)?;
        Ok(rows.into_iter().map(store::PasskeyRow::view).collect())
    })
    .await
}

/// Begins the making of a passkey.
pub async fn begin(app: &App, actor: &Actor) -> Result<CeremonyOptions> {
    let public_url = app.settings.public_url.clone();
    app.write(actor, move |work| {
        let account = work.proven_account(Action::Act)?;
        let party = RelyingParty::of(&public_url)?;
        let existing = store::keys_of(work.conn, account)?;
        if existing.len() >= MOST_PASSKEYS {
            return Err(Code::TooManyPasskeys.into());
        }
        let row = accounts::by_id(work.conn, account)?;
        let owner = Owner {
            account,
            username: row.username,
            display_name: row.display_name,
            practice: practice::practice(work.conn)?.name,
        };
        let (public_key, state) = party.ask_new(&owner, &existing)?;
        let kept = Kept { begun_by: session_of(work)?, state };
        let ceremony_id = store::begin(work.conn, PasskeyPurpose::Register, Some(account), &kept, work.now)?;
        Ok(CeremonyOptions { ceremony_id, public_key })
    })
    .await
}

/// Adds the passkey that the browser made. Every other session of the account ends, this one goes on under a new token,
/// and the owner is told (SEC-7).
pub async fn add(app: &App, actor: &Actor, new: NewPasskey) -> Result<(PasskeyView, Opened)> {
    let name = named(&new.name)?;
    let answer = Registration::read(new.credential)?;
    let public_url = app.settings.public_url.clone();
    app.write(actor, move |work| {
        let account = work.proven_account(Action::Act)?;
        let party = RelyingParty::of(&public_url)?;
        let ceremony = store::take(work.conn, new.ceremony_id, work.now)?.ok_or(Code::PasskeyFailed)?;
        if ceremony.purpose != PasskeyPurpose::Register || ceremony.account != Some(account) {
            return Err(Code::PasskeyFailed.into());
        }
        let kept: Kept<PasskeyRegistration> = ceremony.kept()?;
        if kept.begun_by != session_of(work)? {
            return Err(Code::PasskeyFailed.into());
        }
        let passkey = party.register(&answer, &kept.state).map_err(|_| Error::from(Code::PasskeyFailed))?;
        // A credential id is one account's only: WebAuthn level 3, section 7.1.
        if store::by_credential(work.conn, passkey.cred_id())?.is_some() {
            return Err(Code::PasskeyFailed.into());
        }
        if store::of_account(work.conn, account)?.len() >= MOST_PASSKEYS {
            return Err(Code::TooManyPasskeys.into());
        }
        let view = store::insert(work.conn, account, &passkey, &name, work.now)?;
        Ok((view, changed(work, account, AccountEvent::PasskeyAdded, &name)?))
    })
    .await
}

/// Gives a passkey another name.
pub async fn rename(app: &App, actor: &Actor, id: PasskeyId, name: PasskeyName) -> Result<PasskeyView> {
    let name = named(&name.name)?;
    app.write(actor, move |work| {
        let account = work.own_account(Action::Act)?;
        store::rename(work.conn, account, id, &name)?.ok_or_else(|| Code::NotFound.into())
    })
    .await
}

/// Removes a passkey. Every other session of the account ends, this one goes on under a new token, and the owner is told
/// (SEC-7). Staff keep a second step where the practice asks for one (SEC-2).
pub async fn remove(app: &App, actor: &Actor, id: PasskeyId) -> Result<Opened> {
    app.write(actor, move |work| {
        let account = work.proven_account(Action::Act)?;
        let name = store::remove(work.conn, account, id)?.ok_or(Code::NotFound)?;
        if auth::duties(work.conn, account)?.contains(&Duty::SetUpSecondStep) {
            return Err(Code::SecondStepNeeded.into());
        }
        changed(work, account, AccountEvent::PasskeyRemoved, &name)
    })
    .await
}

/// What opens the account changed: whoever else is signed in is so no longer, and the owner is told.
fn changed(work: &mut Work<'_>, account: AccountId, event: AccountEvent, name: &str) -> Result<Opened> {
    accounts::tell(work, account, event, name)?;
    accounts::end_others(work, account)?;
    Ok(accounts::renewed(work, false)?.1)
}

/// The session that a registration belongs to.
fn session_of(work: &Work<'_>) -> Result<String> {
    let session = work.actor.session().ok_or(Code::SignInRequired)?;
    Ok(session.id.to_string())
}

fn named(name: &str) -> Result<String> {
    parse_passkey_name("name", name).map_err(|error| Problem::invalid(vec![error]).into())
}
