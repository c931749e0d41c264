//! Sign-in, sign-out, who is signed in; staff accounts from the command line.

use portal_domain::{
    access::{Action, Category, Role, Who},
    accounts::{CurrentSession, SessionView, SignIn, check_password, parse_username},
    audit::Outcome,
    ids::{AccountId, ProviderId},
    problem::{Code, Problem},
    text,
    time::Time,
};

use super::{
    store::{self, AccountRow, NewStaffAccount},
    throttle::{self, Subject},
};
use crate::{
    app::App,
    error::Result,
    features::patients,
    platform::{
        auth::{self, Actor, Opened, SessionRef},
        clock::new_id,
        db::Conn,
    },
};

/// The longest username and password that are looked at; longer ones, and those with control characters, can't be
/// anybody's.
const MAX_TYPED: usize = 200;

/// Signs in. An unknown username and a wrong password get one answer in one time; the count of failures is kept per
/// username, whether it exists or not (SEC-4). The session that the browser had before ends.
pub async fn sign_in(
    app: &App,
    sign_in: SignIn,
    earlier: Option<SessionRef>,
) -> Result<(SessionView, Opened)> {
    let can_be = |typed: &str| typed.chars().count() <= MAX_TYPED && !typed.contains(char::is_control);
    if !can_be(&sign_in.username) || !can_be(&sign_in.password) {
        return Err(Code::SignInFailed.into());
    }
    let nobody = Actor::nobody();
    let folded = text::fold(&sign_in.username);
    let subject = Subject::username(&folded);
    let now = app.now();
    let account = app
        .db
        .write({
            let subject = subject.clone();
            move |conn| {
                throttle::check(conn, &subject, now)?;
                // Counted before the password is looked at: tries in parallel can't all come first.
                throttle::count_failure(conn, &subject, now)?;
                store::by_username(conn, &folded)
            }
        })
        .await?;
    let hash = account.as_ref().map(|account| account.password_hash.clone());
    let right = match app.passwords.verify(&sign_in.password, hash).await {
        Ok(right) => right,
        Err(why) => {
            // Nobody looked at the password: that was no failure of the person.
            app.db.write(move |conn| throttle::take_back(conn, &subject)).await?;
            return Err(why);
        }
    };
    let known = account.as_ref().map(|account| (account.id.0, account.patient_id));
    let Some(account) = account.filter(|_| right) else {
        app.write(&nobody, move |work| {
            let (account, patient) = known.unzip();
            work.note(Action::SignIn, Category::Account, patient.flatten(), account, Outcome::Refused);
            Ok(())
        })
        .await?;
        return Err(Code::SignInFailed.into());
    };
    app.write(&nobody, move |work| {
        throttle::clear(work.conn, &subject)?;
        let roles = store::roles(work.conn, account.id)?;
        work.actor =
            Actor::account(account.id, account.patient_id.map_or(Who::Staff(roles), Who::Patient), None);
        work.note(Action::SignIn, Category::Account, account.patient_id, None, Outcome::Done);
        if let Some(earlier) = &earlier {
            auth::end(work.conn, earlier, work.now)?;
        }
        let opened = auth::open(work.conn, account.id, account.patient_id.is_none(), work.now)?;
        let view = view(work.conn, &account, opened.session.ends_at, work.now)?;
        Ok((view, opened))
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
    let view = app.db.read(move |conn| session_view(conn, account, session.ends_at, now)).await?;
    Ok(CurrentSession { session: Some(view) })
}

/// The session of an account.
pub fn session_view(conn: &mut Conn, account: AccountId, ends_at: Time, now: Time) -> Result<SessionView> {
    let account = store::by_id(conn, account)?;
    view(conn, &account, ends_at, now)
}

fn view(conn: &mut Conn, account: &AccountRow, ends_at: Time, now: Time) -> Result<SessionView> {
    Ok(SessionView {
        account_id: account.id,
        username: account.username.clone(),
        display_name: account.display_name.clone(),
        patient: account.patient_id.map(|patient| patients::summary(conn, patient)).transpose()?,
        roles: store::roles(conn, account.id)?,
        provider_id: account.provider_id,
        ends_at,
        now,
    })
}

/// A member of staff to be, from the command line.
#[derive(Clone)]
pub struct NewStaff {
    /// To sign in with.
    pub username: String,
    /// By the rules of SEC-1.
    pub password: String,
    /// What to call the person.
    pub display_name: String,
    /// At least one.
    pub roles: Vec<Role>,
    /// The practitioner that the person is.
    pub provider_id: Option<ProviderId>,
}

/// Makes an account for a member of staff.
pub async fn create_staff(app: &App, actor: &Actor, staff: NewStaff) -> Result<AccountId> {
    let username =
        parse_username("username", &staff.username).map_err(|error| Problem::invalid(vec![error]))?;
    let broken = check_password("password", &staff.password, &username);
    if !broken.is_empty() {
        return Err(Problem::invalid(broken).into());
    }
    let id = AccountId(new_id());
    let account = NewStaffAccount {
        id,
        username_folded: text::fold(&username),
        username,
        password_hash: app.passwords.hash(&staff.password).await?,
        display_name: staff.display_name,
        provider_id: staff.provider_id,
        terms_version: 0,
        created_at: app.now(),
    };
    let roles = staff.roles;
    app.write(actor, move |work| {
        if store::username_is_taken(work.conn, &account.username_folded)? {
            return Err(Code::UsernameTaken.into());
        }
        work.note(Action::Issue, Category::Account, None, Some(id.0), Outcome::Done);
        store::insert_staff_account(work.conn, &account, &roles)
    })
    .await?;
    Ok(id)
}
