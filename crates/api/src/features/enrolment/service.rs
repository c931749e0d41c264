//! Handing out tokens, and turning one into an account.

use portal_domain::{
    access::{Action, Category},
    accounts::{DeskReset, SessionView, TokenPurpose, is_easily_guessed, parse_email},
    audit::Outcome,
    enrolment::{
        CheckedAccount, CredentialsMailed, EnrolledAccount, EnrolmentState, Identity, IdentityConfirmed,
        IssuedToken, MAX_FAILURES, NewAccount, OpenToken, TemporaryCredentials, needs_own_address,
        normalize_token, spell_temporary_username, spell_token,
    },
    ids::{AccountId, EnrolmentTokenId, PatientId},
    outbox::MailKind,
    problem::{Code, Problem},
    text,
    time::Time,
};

use super::store::{self, Facts, NewToken, TokenRow};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, dependents, patients, practice, recovery},
    platform::{
        auth::{Actor, Browser, Opened},
        clock::new_id,
        db::Conn,
        outbox::{Letter, Mail},
        qr, secret,
        work::Work,
    },
};

/// Hands out a token; the one before dies in the same transaction (ENR-1).
pub async fn issue(app: &App, actor: &Actor, patient: PatientId) -> Result<IssuedToken> {
    let token = spell_token(secret::random::<10>()?);
    let enrol_url = format!("{}/enrol#token={token}", app.settings.public_url);
    let qr_svg = qr::svg(&enrol_url)?;
    app.write(actor, move |work| {
        let expires_at = hand_out(work, patient, &token, None)?;
        Ok(IssuedToken {
            token: token.clone(),
            expires_at,
            enrol_url: enrol_url.clone(),
            qr_svg: qr_svg.clone(),
            patient: patients::summary(work.conn, patient)?,
        })
    })
    .await
}

/// A temporary username and where it is mailed.
struct Mailed<'a> {
    username: &'a str,
    email: &'a str,
}

fn hand_out(
    work: &mut Work<'_>,
    patient: PatientId,
    token: &str,
    mailed: Option<&Mailed<'_>>,
) -> Result<Time> {
    let grant = work.grant(Action::Issue, Category::Enrolment, patient)?;
    let issued_by = work.actor.account_id()?;
    if accounts::of_patient(work.conn, patient)?.is_some() {
        return Err(Code::AlreadyEnrolled.into());
    }
    let expires_at = work.now.plus(practice::enrolment_token_lifetime(work.conn)?);
    let row = NewToken {
        id: EnrolmentTokenId(new_id()),
        patient_id: grant.patient(),
        token_hash: hash(token).ok_or_else(|| Error::internal("a new token is not a token"))?,
        issued_by,
        issued_at: work.now,
        expires_at,
        failures: 0,
        temporary_username: mailed.map(|mailed| text::fold(mailed.username)),
        email: mailed.map(|mailed| mailed.email.to_owned()),
    };
    store::replace_token(work.conn, &row)?;
    Ok(expires_at)
}

/// Mails a temporary username and password (ENR-2). The password is an enrolment token, which stands in the mail alone;
/// with it goes what goes with every token. An address that another account has is refused for a patient of 12 to 17:
/// it may be a parent's (ENR-5).
pub async fn mail_credentials(
    app: &App,
    actor: &Actor,
    patient: PatientId,
    credentials: TemporaryCredentials,
) -> Result<CredentialsMailed> {
    let email = parse_email("email", &credentials.email).map_err(|error| Problem::invalid(vec![error]))?;
    let token = spell_token(secret::random::<10>()?);
    let username = spell_temporary_username(secret::random::<4>()?);
    let sign_in_url = format!("{}/sign-in", app.settings.public_url);
    app.write(actor, move |work| {
        let mailed = Mailed { username: &username, email: &email };
        let expires_at = hand_out(work, patient, &token, Some(&mailed))?;
        let taken = accounts::email_is_taken(work.conn, &text::fold(&email), None)?;
        if taken && is_minor(work, patient)? {
            let message = "Another account has this address. A patient of 12 to 17 needs an address of their own.";
            return Err(Problem::field("email", "of_another_account", message).into());
        }
        let letter = Letter::about("Your access to our patient portal")
            .says("You can now open your account in our patient portal. Sign in once with this username and password. Then choose your own.")
            .shows("Username", &username)
            .shows("Password", &token)
            .leads("Sign in", &sign_in_url)
            .adds("They work once, and for a limited time. If you did not ask for this, ignore this e-mail.");
        work.enqueue(&Mail {
            kind: MailKind::TemporaryCredentials,
            account: None,
            to: email.clone(),
            letter,
            useless_after: Some(expires_at),
        })?;
        Ok(CredentialsMailed { username: username.clone(), email: email.clone(), expires_at })
    })
    .await
}

/// Whether the patient is 12 to 17 years old.
fn is_minor(work: &mut Work<'_>, patient: PatientId) -> Result<bool> {
    let born = patients::summary(work.conn, patient)?.birth_date;
    Ok(needs_own_address(born, work.now.utc().date_naive()))
}

/// Temporary credentials that a person signs in with.
pub struct Temporary {
    /// The token behind them.
    pub token: EnrolmentTokenId,
    /// Whose.
    pub patient: PatientId,
    /// Until when they may be used.
    pub expires_at: Time,
    /// Whether the password is theirs.
    pub is_right: bool,
}

/// The temporary credentials with this username (folded). A wrong password counts against them as a wrong date or name
/// does; the fifth burns them.
pub fn temporary(conn: &mut Conn, folded: &str, password: &str, now: Time) -> Result<Option<Temporary>> {
    let Some((token, kept)) = store::by_temporary_username(conn, folded, now)? else { return Ok(None) };
    let is_right = hash(password).is_some_and(|typed| secret::same(&typed, &kept));
    if !is_right {
        store::count_failure(conn, &token, MAX_FAILURES, now)?;
    }
    let TokenRow { id, patient_id, expires_at, .. } = token;
    Ok(Some(Temporary { token: id, patient: patient_id, expires_at, is_right }))
}

/// Where a patient stands.
pub async fn state(app: &App, actor: &Actor, patient: PatientId) -> Result<EnrolmentState> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Enrolment, patient)?;
        let account = accounts::of_patient(work.conn, patient)?;
        let token = store::open_token(work.conn, &grant, work.now)?;
        let token = token.map(|token| open_token(work.conn, &token)).transpose()?;
        let account = account.map(|account| enrolled(work, account)).transpose()?;
        Ok(EnrolmentState { account, token })
    })
    .await
}

fn enrolled(work: &mut Work<'_>, account: accounts::AccountRow) -> Result<EnrolledAccount> {
    let reset = accounts::open_token_of(work.conn, account.id, TokenPurpose::DeskReset, work.now)?;
    Ok(EnrolledAccount {
        enrolled_at: account.created_at,
        has_email: account.email.is_some(),
        state: accounts::state(work.conn, &account, work.now)?,
        reset: reset.map(|reset| DeskReset { issued_at: reset.issued_at, expires_at: reset.expires_at }),
        username: account.username,
    })
}

fn open_token(conn: &mut Conn, token: &TokenRow) -> Result<OpenToken> {
    let issued_by = accounts::names(conn, &[token.issued_by])?.remove(&token.issued_by).unwrap_or_default();
    let mailed_to = token.email.clone();
    Ok(OpenToken { issued_at: token.issued_at, issued_by, expires_at: token.expires_at, mailed_to })
}

/// Checks token, date of birth and last name, before the person chooses a username.
pub async fn confirm(app: &App, from: &str, identity: Identity) -> Result<IdentityConfirmed> {
    let Proven { token, facts } = prove(app, &Actor::nobody(), from, identity).await?;
    Ok(IdentityConfirmed { given_name: facts.given_name, expires_at: token.expires_at, email: token.email })
}

/// CREATE ACCOUNT: the identity is proven again, the token used up, the account made and signed in, all or nothing.
pub async fn create_account(
    app: &App,
    from: &str,
    browser: Browser,
    new: NewAccount,
) -> Result<(SessionView, Opened)> {
    let practice = app.db.read(practice::practice).await?;
    let guessed = is_easily_guessed(&new.password, &[&new.username, &practice.name]);
    let terms_version = practice.terms_version;
    let CheckedAccount { username, email } = new.check(terms_version, Some(guessed))?;
    let folded = text::fold(&username);
    let proven = prove(app, &Actor::nobody(), from, new.identity).await?;
    let Proven { token, facts } = proven;
    let password_hash = app.passwords.hash(&new.password).await?;
    let public_url = app.settings.public_url.clone();
    let id = AccountId(new_id());
    let account = accounts::NewPatientAccount {
        id,
        username,
        username_folded: folded,
        password_hash,
        display_name: format!("{} {}", facts.given_name, facts.family_name),
        patient_id: token.patient_id,
        terms_version,
        created_at: app.now(),
    };
    app.write(&Actor::nobody(), move |work| {
        if accounts::of_patient(work.conn, token.patient_id)?.is_some()
            || !store::use_up(work.conn, &token, work.now)?
        {
            return Err(refused());
        }
        if accounts::username_is_taken(work.conn, &account.username_folded)? {
            return Err(Code::UsernameTaken.into());
        }
        // The address of somebody who looks after a patient of 12 to 17 would read along (ENR-5).
        if let Some(email) = &email
            && is_minor(work, token.patient_id)?
            && dependents::holds_address(work.conn, token.patient_id, &text::fold(email))?
        {
            let message = "A patient of 12 to 17 needs an address of their own.";
            return Err(Problem::field("email", "of_another_account", message).into());
        }
        accounts::insert_patient_account(work.conn, &account)?;
        if let Some(email) = &email {
            recovery::ask_to_verify(work, &public_url, id, email)?;
        }
        let begun = accounts::begin(work, id, &browser)?;
        work.note(Action::Enrol, Category::Account, Some(token.patient_id), Some(id.0), Outcome::Done);
        Ok(begun)
    })
    .await
}

/// A token with the date and name that go with it.
pub struct Proven {
    token: TokenRow,
    facts: Facts,
}

impl Proven {
    /// Whose token it is.
    pub fn patient(&self) -> PatientId {
        self.token.patient_id
    }

    /// Who handed it out.
    pub fn issued_by(&self) -> AccountId {
        self.token.issued_by
    }
}

/// Uses the token up. False when somebody else did so first, or when it was killed or ran out meanwhile.
pub fn use_up(conn: &mut Conn, proven: &Proven, now: Time) -> Result<bool> {
    store::use_up(conn, &proven.token, now)
}

/// Whether token, date and name belong together. Every failure gets the same answer; a wrong date or name counts
/// against the token and the caller's address.
pub async fn prove(app: &App, actor: &Actor, from: &str, identity: Identity) -> Result<Proven> {
    let subject = accounts::Subject::tokens_from(from);
    let hash = hash(&identity.token);
    let family_folded = text::fold(&identity.family_name);
    app.write(actor, move |work| {
        accounts::check_throttle(work.conn, &subject, work.now)?;
        let found = match &hash {
            Some(hash) => store::by_hash(work.conn, hash, work.now)?,
            None => None,
        };
        match found {
            Some((token, facts))
                if facts.birth_date == identity.birth_date && facts.family_folded == family_folded =>
            {
                accounts::clear_throttle(work.conn, &subject)?;
                work.note(Action::View, Category::Enrolment, Some(token.patient_id), None, Outcome::Done);
                Ok(Some(Proven { token, facts }))
            }
            wrong => {
                count_failure(work, &subject, wrong.map(|(token, _)| token))?;
                Ok(None)
            }
        }
    })
    .await?
    .ok_or_else(refused)
}

fn count_failure(work: &mut Work<'_>, subject: &accounts::Subject, token: Option<TokenRow>) -> Result<()> {
    let now: Time = work.now;
    accounts::count_failure(work.conn, subject, now)?;
    if let Some(token) = &token {
        store::count_failure(work.conn, token, MAX_FAILURES, now)?;
    }
    let patient = token.map(|token| token.patient_id);
    work.note(Action::Enrol, Category::Account, patient, None, Outcome::Refused);
    Ok(())
}

fn refused() -> Error {
    Code::EnrolmentRefused.into()
}

fn hash(token: &str) -> Option<Vec<u8>> {
    normalize_token(token).map(|token| secret::hash(token.as_bytes()))
}
