//! Handing out tokens, and turning one into an account.

use fast_qr::{
    QRBuilder,
    convert::{Builder, svg::SvgBuilder},
};
use portal_domain::{
    access::{Action, Category, Who},
    accounts::SessionView,
    audit::Outcome,
    enrolment::{
        EnrolledAccount, EnrolmentState, Identity, IdentityConfirmed, IssuedToken, MAX_FAILURES, NewAccount,
        OpenToken, normalize_token, spell_token,
    },
    ids::{AccountId, EnrolmentTokenId, PatientId},
    problem::Code,
    text,
    time::Time,
};

use super::store::{self, Facts, NewToken, TokenRow};
use crate::{
    app::App,
    error::{Error, Result},
    features::{accounts, patients, practice},
    platform::{
        auth::{self, Actor, Opened},
        clock::new_id,
        db::Conn,
        secret,
        work::Work,
    },
};

/// Hands out a token; the one before dies in the same transaction (ENR-1).
pub async fn issue(app: &App, actor: &Actor, patient: PatientId) -> Result<IssuedToken> {
    let token = spell_token(secret::random::<10>()?);
    let enrol_url = format!("{}/enrol#token={token}", app.settings.public_url);
    let qr_svg = qr(&enrol_url)?;
    app.write(actor, move |work| {
        let grant = work.grant(Action::Issue, Category::Enrolment, patient)?;
        let issued_by = work.actor.account_id()?;
        if accounts::of_patient(work.conn, patient)?.is_some() {
            return Err(Code::AlreadyEnrolled.into());
        }
        let expires_at = work.now.plus(practice::enrolment_token_lifetime(work.conn)?);
        let row = NewToken {
            id: EnrolmentTokenId(new_id()),
            patient_id: grant.patient(),
            token_hash: hash(&token).ok_or_else(|| Error::internal("a new token is not a token"))?,
            issued_by,
            issued_at: work.now,
            expires_at,
            failures: 0,
        };
        store::replace_token(work.conn, &row)?;
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

/// Where a patient stands.
pub async fn state(app: &App, actor: &Actor, patient: PatientId) -> Result<EnrolmentState> {
    app.read(actor, move |work| {
        let grant = work.grant(Action::View, Category::Enrolment, patient)?;
        let account = accounts::of_patient(work.conn, patient)?;
        let token = store::open_token(work.conn, &grant, work.now)?;
        let token = token.map(|token| open_token(work.conn, &token)).transpose()?;
        let account = account
            .map(|account| EnrolledAccount { username: account.username, enrolled_at: account.created_at });
        Ok(EnrolmentState { account, token })
    })
    .await
}

fn open_token(conn: &mut Conn, token: &TokenRow) -> Result<OpenToken> {
    let issued_by = accounts::names(conn, &[token.issued_by])?.remove(&token.issued_by).unwrap_or_default();
    Ok(OpenToken { issued_at: token.issued_at, issued_by, expires_at: token.expires_at })
}

/// Checks token, date of birth and last name, before the person chooses a username.
pub async fn confirm(app: &App, from: &str, identity: Identity) -> Result<IdentityConfirmed> {
    let (token, facts) = prove(app, from, identity).await?;
    Ok(IdentityConfirmed { given_name: facts.given_name, expires_at: token.expires_at })
}

/// CREATE ACCOUNT: the identity is proven again, the token used up, the account made and signed in, all or nothing.
pub async fn create_account(app: &App, from: &str, new: NewAccount) -> Result<(SessionView, Opened)> {
    let terms_version = app.db.read(|conn| Ok(practice::practice(conn)?.terms_version)).await?;
    let username = new.check(terms_version)?;
    let folded = text::fold(&username);
    let (token, facts) = prove(app, from, new.identity).await?;
    let password_hash = app.passwords.hash(&new.password).await?;
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
        accounts::insert_patient_account(work.conn, &account)?;
        begin_session(work, id, token.patient_id)
    })
    .await
}

fn begin_session(work: &mut Work<'_>, id: AccountId, patient: PatientId) -> Result<(SessionView, Opened)> {
    work.actor = Actor::account(id, Who::Patient(patient), None);
    work.note(Action::Enrol, Category::Account, Some(patient), Some(id.0), Outcome::Done);
    let opened = auth::open(work.conn, id, false, work.now)?;
    let view = accounts::session_view(work.conn, id, opened.session.ends_at, work.now)?;
    Ok((view, opened))
}

/// Whether token, date and name belong together. Every failure gets the same answer; a wrong date or name counts
/// against the token and the caller's address.
async fn prove(app: &App, from: &str, identity: Identity) -> Result<(TokenRow, Facts)> {
    let subject = accounts::Subject::enrolment_from(from);
    let hash = hash(&identity.token);
    let family_folded = text::fold(&identity.family_name);
    app.write(&Actor::nobody(), move |work| {
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
                Ok(Some((token, facts)))
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

fn qr(text: &str) -> Result<String> {
    let code = QRBuilder::new(text).build().map_err(|why| Error::internal(format!("{why:?}")))?;
    Ok(SvgBuilder::default().margin(2).to_str(&code))
}
