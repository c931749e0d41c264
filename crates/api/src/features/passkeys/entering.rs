//! What a passkey opens: a session, the second step of a sign-in, or an act that asks for proof.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use portal_domain::{
    access::{Action, Category},
    accounts::{CeremonyOptions, PasskeyAnswer, PasskeyPurpose, SessionView},
    audit::Outcome,
    ids::{AccountId, PatientId},
    problem::{Code, Problem},
};
use webauthn_rs::prelude::DiscoverableAuthentication;

use super::{
    relying_party::{Assertion, RelyingParty},
    store::{self, Ceremony, Kept, PasskeyRow},
};
use crate::{
    app::App,
    error::Result,
    features::{
        accounts,
        sign_in::{self, Step},
    },
    platform::{
        auth::{self, Actor, Browser, Opened},
        work::Work,
    },
};

/// Whoever asks for a ceremony or answers one: what the request brings along.
#[derive(Clone)]
pub struct Caller {
    /// Somebody who is signed in.
    pub actor: Option<Actor>,
    /// The hash of the session cookie's token, live or not.
    pub session: Option<Vec<u8>>,
    /// The hash of the step cookie's token: the password was right.
    pub step: Option<Vec<u8>>,
    /// The hash of the ceremony cookie's token: the browser that began a sign-in.
    pub ceremony: Option<Vec<u8>>,
    /// The browser, for the owner to recognise.
    pub browser: Browser,
}

impl Caller {
    fn actor(&self) -> Actor {
        self.actor.clone().unwrap_or_else(Actor::nobody)
    }

    /// What only whoever began a ceremony for this has: the browser's cookie, the sign-in's, or the session.
    fn mark(&self, purpose: PasskeyPurpose) -> Option<String> {
        let spell = |hash: &Vec<u8>| URL_SAFE_NO_PAD.encode(hash);
        match purpose {
            PasskeyPurpose::SignIn => self.ceremony.as_ref().map(spell),
            PasskeyPurpose::SecondStep => self.step.as_ref().map(spell),
            PasskeyPurpose::Proof | PasskeyPurpose::Register => {
                self.actor.as_ref()?.session().map(|session| session.id.to_string())
            }
        }
    }
}

/// Asks for a passkey. A sign-in names none: nobody learns who has one.
pub async fn ask(app: &App, caller: Caller, purpose: PasskeyPurpose) -> Result<CeremonyOptions> {
    let party = RelyingParty::of(&app.settings.public_url)?;
    app.write(&caller.actor(), move |work| {
        let account = match purpose {
            PasskeyPurpose::SignIn => None,
            PasskeyPurpose::SecondStep => {
                Some(Step::live(work.conn, caller.step.as_deref(), work.now)?.account())
            }
            PasskeyPurpose::Proof => {
                work.actor.session().ok_or(Code::SignInRequired)?;
                Some(work.own_account(Action::View)?)
            }
            PasskeyPurpose::Register => {
                let message = "Ask for sign_in, second_step or proof.";
                return Err(Problem::field("purpose", "invalid", message).into());
            }
        };
        let listed = account.map(|account| store::keys_of(work.conn, account)).transpose()?;
        // An empty list would mean "any".
        if listed.as_ref().is_some_and(Vec::is_empty) {
            return Err(Code::PasskeyFailed.into());
        }
        let begun_by = caller.mark(purpose).ok_or(Code::PasskeyFailed)?;
        let (public_key, state) = party.ask(listed.as_deref())?;
        let ceremony_id = store::begin(work.conn, purpose, account, &Kept { begun_by, state }, work.now)?;
        Ok(CeremonyOptions { ceremony_id, public_key })
    })
    .await
}

/// What the browser answered, and to what. A ceremony is over with its first answer, right or wrong: taking it away and
/// what the answer opens are one transaction.
pub async fn answer(app: &App, caller: Caller, answer: PasskeyAnswer) -> Result<(SessionView, Opened)> {
    let party = RelyingParty::of(&app.settings.public_url)?;
    let assertion = Assertion::read(answer.credential)?;
    app.write(&caller.actor(), move |work| {
        let Some(ceremony) = store::take(work.conn, answer.ceremony_id, work.now)? else {
            return refused(work, None);
        };
        let owner = store::by_credential(work.conn, assertion.credential_id())?;
        let Some(row) = owner.filter(|row| belongs(&ceremony, row, &assertion)) else {
            return refused(work, ceremony.account);
        };
        let of_account = accounts::by_id(work.conn, row.account)?;
        let patient = of_account.patient_id;
        if ceremony.purpose == PasskeyPurpose::Register || of_account.disabled_at.is_some() {
            return refused(work, Some(row.account));
        }
        let kept: Kept<DiscoverableAuthentication> = ceremony.kept()?;
        if caller.mark(ceremony.purpose).as_ref() != Some(&kept.begun_by) {
            return refused(work, Some(row.account));
        }
        let mut passkey = row.passkey()?;
        let Ok(changed) = party.check(&assertion, kept.state, &mut passkey) else {
            return refused(work, Some(row.account));
        };
        store::used(work.conn, row.id, changed.then_some(&passkey), work.now)?;
        open(work, &caller, ceremony.purpose, row.account, patient).map(Some)
    })
    .await?
    .ok_or_else(|| Code::PasskeyFailed.into())
}

/// Whether this passkey may answer: it is the account's that was asked, and it says so itself when nobody else did.
fn belongs(ceremony: &Ceremony, row: &PasskeyRow, assertion: &Assertion) -> bool {
    let asked = ceremony.account.is_none_or(|account| account == row.account);
    asked
        && match assertion.user_handle() {
            Some(handle) => handle == row.account.0.as_bytes(),
            None => ceremony.account.is_some(),
        }
}

/// What the ceremony was for. User verification stands for the second step, so a passkey alone signs in.
fn open(
    work: &mut Work<'_>,
    caller: &Caller,
    purpose: PasskeyPurpose,
    account: AccountId,
    patient: Option<PatientId>,
) -> Result<(SessionView, Opened)> {
    match purpose {
        PasskeyPurpose::SecondStep => {
            let step = Step::live(work.conn, caller.step.as_deref(), work.now)?;
            sign_in::finish(work, &step, &caller.browser)
        }
        PasskeyPurpose::Proof => {
            work.note(Action::SignIn, Category::Account, patient, Some(account.0), Outcome::Done);
            accounts::renewed(work, true)
        }
        PasskeyPurpose::SignIn | PasskeyPurpose::Register => {
            if let Some(earlier) = &caller.session {
                auth::end_presented(work.conn, earlier, work.now)?;
            }
            let begun = accounts::begin(work, account, &caller.browser)?;
            work.note(Action::SignIn, Category::Account, patient, None, Outcome::Done);
            Ok(begun)
        }
    }
}

/// One answer to everything that is wrong; the ceremony is over all the same.
fn refused<T>(work: &mut Work<'_>, account: Option<AccountId>) -> Result<Option<T>> {
    let patient = match account {
        Some(account) => accounts::by_id(work.conn, account)?.patient_id,
        None => None,
    };
    work.note(Action::SignIn, Category::Account, patient, account.map(|account| account.0), Outcome::Refused);
    Ok(None)
}
