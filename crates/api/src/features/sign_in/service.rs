//! Sign-in by password, its second step by a code, proof, sign-out, who is signed in.

use portal_domain::{
    access::{Action, Category},
    accounts::{CurrentSession, Proof, SecondStepCode, SessionView, SignIn, SignInAnswer},
    audit::Outcome,
    ids::PatientId,
    problem::Code,
    text,
    time::Time,
};
use uuid::Uuid;

use super::step::Step;
use crate::{
    app::App,
    error::Result,
    features::{
        accounts::{self, Subject},
        enrolment, second_step,
    },
    platform::{
        auth::{self, Actor, Browser, Opened},
        db::{self, Conn},
        work::Work,
    },
};

/// The longest username and password that are looked at; longer ones, and those with control characters, can't be
/// anybody's.
const MAX_TYPED: usize = 200;

/// What came of a right password.
pub enum SignedIn {
    /// The session.
    Session(Box<SessionView>, Opened),
    /// A step, whose cookie's token comes along.
    Step(SignInAnswer, String),
    /// Temporary credentials: no cookie.
    ChooseOwn(SignInAnswer),
}

/// What the first look found.
struct Found {
    subject: Subject,
    account: Option<accounts::AccountRow>,
    /// Temporary credentials with this username (ENR-2), and whether the password is theirs.
    temporary: Option<enrolment::Temporary>,
}

/// Signs in. An unknown username and a wrong password get one answer in one time; the count of failures is kept per
/// username, whether it exists or not, and apart for a browser that the account knows (SEC-4). The session that the
/// browser had before ends.
pub async fn sign_in(
    app: &App,
    sign_in: SignIn,
    browser: Browser,
    earlier: Option<Vec<u8>>,
) -> Result<SignedIn> {
    let can_be = |typed: &str| typed.chars().count() <= MAX_TYPED && !typed.contains(char::is_control);
    if !can_be(&sign_in.username) || !can_be(&sign_in.password) {
        return Err(Code::SignInFailed.into());
    }
    let room = app.passwords.room()?;
    let folded = text::fold(&sign_in.username);
    let now = app.now();
    let found = app
        .db
        .write({
            let (folded, browser, password) = (folded, browser.clone(), sign_in.password.clone());
            move |conn| find(conn, &folded, &password, &browser, now)
        })
        .await?;
    let Found { subject, account, temporary } = found;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let right = match app.passwords.verify_in(room, &sign_in.password, hash).await {
        Ok(right) => right,
        Err(why) => {
            // Nobody looked at the password: that was no failure of the person.
            app.db.write(move |conn| accounts::take_back(conn, &subject)).await?;
            return Err(why);
        }
    };
    if let Some(temporary) = temporary {
        return choose_own(app, temporary, subject).await;
    }
    let known = account.as_ref().map(|account| (account.id.0, account.patient_id));
    let Some(account) = account.filter(|_| right) else {
        let (account, patient) = known.unzip();
        note_refusal(app, patient.flatten(), account).await?;
        return Err(Code::SignInFailed.into());
    };
    app.write(&Actor::nobody(), move |work| {
        accounts::clear_throttle(work.conn, &subject)?;
        if let Some(earlier) = &earlier {
            auth::end_presented(work.conn, earlier, work.now)?;
        }
        let methods = second_step::methods(work.conn, account.id)?;
        if methods.is_empty() {
            let (view, opened) = accounts::begin(work, account.id, &browser)?;
            work.note(Action::SignIn, Category::Account, account.patient_id, None, Outcome::Done);
            return Ok(SignedIn::Session(Box::new(view), opened));
        }
        let (token, expires_at) = Step::begin(work.conn, account.id, work.now)?;
        Ok(SignedIn::Step(SignInAnswer::SecondStep { methods, expires_at }, token))
    })
    .await
}

fn find(conn: &mut Conn, folded: &str, password: &str, browser: &Browser, now: Time) -> Result<Found> {
    db::need_not_outlive_a_crash(conn)?;
    let device = browser.known_to(conn, folded)?;
    let subject = device.map_or_else(|| Subject::username(folded), Subject::device);
    accounts::begin_try(conn, &subject, now)?;
    let account = accounts::by_username(conn, folded)?;
    let temporary = match &account {
        Some(_) => None,
        None => enrolment::temporary(conn, folded, password, now)?,
    };
    Ok(Found { subject, account, temporary })
}

async fn choose_own(app: &App, temporary: enrolment::Temporary, subject: Subject) -> Result<SignedIn> {
    let (patient, id) = (temporary.patient, temporary.token.0);
    if !temporary.is_right {
        note_refusal(app, Some(patient), Some(id)).await?;
        return Err(Code::SignInFailed.into());
    }
    let expires_at = temporary.expires_at;
    app.write(&Actor::nobody(), move |work| {
        accounts::clear_throttle(work.conn, &subject)?;
        work.note(Action::SignIn, Category::Enrolment, Some(patient), Some(id), Outcome::Done);
        Ok(SignedIn::ChooseOwn(SignInAnswer::ChooseOwn { expires_at }))
    })
    .await
}

async fn note_refusal(app: &App, patient: Option<PatientId>, subject: Option<Uuid>) -> Result<()> {
    app.write(&Actor::nobody(), move |work| {
        work.note(Action::SignIn, Category::Account, patient, subject, Outcome::Refused);
        Ok(())
    })
    .await
}

/// The second step by a typed code: the app's, or a recovery code. Checking the code, using it up, using the step up
/// and beginning the session are one transaction: two sign-ins with one code give one success.
pub async fn second_step(
    app: &App,
    code: SecondStepCode,
    browser: Browser,
    step: Option<Vec<u8>>,
) -> Result<(SessionView, Opened)> {
    let sealer = app.sealer.clone();
    app.write(&Actor::nobody(), move |work| {
        let step = Step::live(work.conn, step.as_deref(), work.now)?;
        let account = step.account();
        let subject = Subject::second_step(account);
        accounts::check_throttle(work.conn, &subject, work.now)?;
        if !second_step::take_code(work, &sealer, account, code.method, &code.code)? {
            accounts::count_failure(work.conn, &subject, work.now)?;
            step.count_failure(work.conn, work.now)?;
            let patient = accounts::by_id(work.conn, account)?.patient_id;
            work.note(Action::SignIn, Category::Account, patient, Some(account.0), Outcome::Refused);
            return Ok(None);
        }
        accounts::clear_throttle(work.conn, &subject)?;
        finish(work, &step, &browser).map(Some)
    })
    .await?
    .ok_or_else(|| Code::SecondStepFailed.into())
}

/// Uses the step up and begins the session.
pub fn finish(work: &mut Work<'_>, step: &Step, browser: &Browser) -> Result<(SessionView, Opened)> {
    step.use_up(work.conn, work.now)?;
    let begun = accounts::begin(work, step.account(), browser)?;
    let patient = begun.0.patient_id();
    work.note(Action::SignIn, Category::Account, patient, None, Outcome::Done);
    Ok(begun)
}

/// The password given again (SEC-5): the session goes on under a new token.
pub async fn prove(app: &App, actor: &Actor, proof: Proof) -> Result<(SessionView, Opened)> {
    accounts::check_own_password(app, actor, "password", &proof.password).await?;
    app.write(actor, |work| {
        work.own_account(Action::Act)?;
        accounts::renewed(work, true)
    })
    .await
}

/// Ends the session that the request rides on.
pub async fn sign_out(app: &App, actor: &Actor) -> Result<()> {
    app.write(actor, |work| {
        if let Some(session) = work.actor.session().cloned() {
            auth::end(work.conn, &session, work.now)?;
            work.note(Action::SignOut, Category::Account, None, None, Outcome::Done);
        }
        Ok(())
    })
    .await
}

/// Who is signed in.
pub async fn current(app: &App, actor: Option<Actor>) -> Result<CurrentSession> {
    let Some(actor) = actor else { return Ok(CurrentSession { session: None }) };
    let Some(session) = actor.session().cloned() else { return Ok(CurrentSession { session: None }) };
    let account = actor.account_id()?;
    let now = app.now();
    let view = app.db.read(move |conn| accounts::session_view(conn, account, &session, now)).await?;
    Ok(CurrentSession { session: Some(view) })
}
