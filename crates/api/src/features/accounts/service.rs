//! The own account: what its owner sees and changes.

use portal_domain::{
    access::{Action, Category},
    accounts::{
        AccountEvent, AccountEventView, AccountState, AccountView, DeviceSession, NoticeChoice,
        PasswordChange, Preferences, SessionView, TermsAccepted, TokenPurpose, UsernameChange,
        check_password, is_easily_guessed, parse_username,
    },
    audit::Outcome,
    ids::{AccountId, SessionId},
    language,
    mail::ItemKind,
    notifications::NotificationChoices,
    outbox::MailKind,
    problem::{Code, Problem},
    text,
    time::Time,
};

use super::{
    letters,
    session::renewed,
    store::{self, AccountRow},
    throttle::{self, Subject},
};
use crate::{
    app::App,
    error::Result,
    features::{
        mail::{self, Delivery, SWITCHED_OFF},
        practice,
    },
    platform::{
        auth::{self, Actor, Opened},
        db::Conn,
        outbox::{self, Mail},
        work::Work,
    },
};

/// Refuses a password that breaks a rule of SEC-1.
pub async fn refuse_broken(app: &App, field: &str, password: &str, username: &str) -> Result<()> {
    // The first members of staff may come before the practice.
    let practice = |conn: &mut Conn| practice::is_set_up(conn)?.then(|| practice::practice(conn)).transpose();
    let practice = app.db.read(practice).await?.map(|practice| practice.name).unwrap_or_default();
    let guessed = is_easily_guessed(password, &[username, &practice]);
    let broken = check_password(field, password, username, Some(guessed));
    if broken.is_empty() { Ok(()) } else { Err(Problem::invalid(broken).into()) }
}

/// The own account, where the password is looked at before the transaction; that others have none is recorded.
pub async fn owner(app: &App, actor: &Actor) -> Result<AccountId> {
    match actor.account_id() {
        Ok(account) => Ok(account),
        Err(_) => app.read(actor, |work| work.own_account(Action::Act)).await,
    }
}

/// Refuses a wrong password of the own account, at `field`. Failures are recorded, and count against the account as
/// those of a sign-in do (SEC-4).
pub async fn check_own_password(app: &App, actor: &Actor, field: &str, password: &str) -> Result<()> {
    let account = owner(app, actor).await?;
    let subject = Subject::password(account);
    let now = app.now();
    let row = app
        .db
        .write({
            let subject = subject.clone();
            move |conn| {
                throttle::check(conn, &subject, now)?;
                // Counted before the password is looked at: tries in parallel can't all come first.
                throttle::count_failure(conn, &subject, now)?;
                store::by_id(conn, account)
            }
        })
        .await?;
    match app.passwords.verify(password, Some(row.password_hash)).await {
        Ok(true) => app.db.write(move |conn| throttle::clear(conn, &subject)).await,
        Ok(false) => {
            let patient = row.patient_id;
            app.write(actor, move |work| {
                work.note(Action::SignIn, Category::Account, patient, Some(account.0), Outcome::Refused);
                Ok(())
            })
            .await?;
            Err(Problem::field(field, "wrong", "This is not your password.").into())
        }
        Err(why) => {
            // Nobody looked at the password: that was no failure of the person.
            app.db.write(move |conn| throttle::take_back(conn, &subject)).await?;
            Err(why)
        }
    }
}

/// How an account stands, for staff who help its owner.
pub fn state(conn: &mut Conn, account: &AccountRow, now: Time) -> Result<AccountState> {
    let subject = Subject::username(&text::fold(&account.username));
    Ok(AccountState {
        second_step: auth::has_second_step(conn, account.id)?,
        locked_until: throttle::closed_until(conn, &subject, now)?,
    })
}

/// Tells the owner what happened: in the account's settings, in a patient's inbox, and by e-mail when an address is
/// verified (SEC-7). Security notices can't be switched off (NTF-2).
pub fn tell(work: &mut Work<'_>, account: AccountId, event: AccountEvent, label: &str) -> Result<()> {
    let owner = store::by_id(work.conn, account)?;
    let id = store::add_event(work.conn, account, event, label, work.now)?;
    if let Some(patient) = owner.patient_id {
        let delivery = Delivery { patient, kind: ItemKind::AccountEvent, subject: id, title: event.as_str() };
        // It has a mail of its own.
        mail::deliver_quietly(work, &delivery)?;
    }
    if let Some(to) = owner.email {
        let (kind, letter) = letters::about(event, label);
        work.enqueue(&Mail { kind, account: Some(account), to, letter, useless_after: None })?;
    }
    Ok(())
}

/// The own account.
pub async fn view(app: &App, actor: &Actor) -> Result<AccountView> {
    app.read(actor, |work| {
        let account = work.own_account(Action::View)?;
        view_of(work, account)
    })
    .await
}

/// An account as its owner sees it.
pub fn view_of(work: &mut Work<'_>, account: AccountId) -> Result<AccountView> {
    let row = store::by_id(work.conn, account)?;
    let waiting = store::open_of(work.conn, account, TokenPurpose::VerifyEmail, work.now)?;
    let notices = row.notices()?;
    Ok(AccountView {
        username: row.username,
        can_change_username: row.username_changed_at.is_none(),
        password_changed_at: row.password_changed_at,
        email: row.email,
        unverified_email: waiting.and_then(|token| token.email),
        language: row.language,
        notices,
    })
}

/// Changes the username, which is free once.
pub async fn change_username(app: &App, actor: &Actor, change: UsernameChange) -> Result<AccountView> {
    let username =
        parse_username("username", &change.username).map_err(|error| Problem::invalid(vec![error]))?;
    app.write(actor, move |work| {
        let account = work.proven_account(Action::Act)?;
        let folded = text::fold(&username);
        let own = store::by_id(work.conn, account)?;
        if folded != text::fold(&own.username) && store::username_is_taken(work.conn, &folded)? {
            return Err(Code::UsernameTaken.into());
        }
        if !store::change_username(work.conn, account, &username, work.now)? {
            return Err(Code::UsernameChangeUsed.into());
        }
        tell(work, account, AccountEvent::UsernameChanged, &username)?;
        view_of(work, account)
    })
    .await
}

/// Changes the password: every other session ends, and so does every way to reset it that was handed out.
pub async fn change_password(
    app: &App,
    actor: &Actor,
    change: PasswordChange,
) -> Result<(SessionView, Opened)> {
    let account = owner(app, actor).await?;
    let username = app.db.read(move |conn| Ok(store::by_id(conn, account)?.username)).await?;
    refuse_broken(app, "new_password", &change.new_password, &username).await?;
    check_own_password(app, actor, "current_password", &change.current_password).await?;
    let hash = app.passwords.hash(&change.new_password).await?;
    app.write(actor, move |work| {
        let account = work.own_account(Action::Act)?;
        store::set_password(work.conn, account, &hash, work.now)?;
        let resets = [TokenPurpose::ResetLink, TokenPurpose::DeskReset, TokenPurpose::SecondStep];
        store::revoke_of(work.conn, account, &resets, work.now)?;
        tell(work, account, AccountEvent::PasswordChanged, "")?;
        end_others(work, account)?;
        renewed(work, true)
    })
    .await
}

/// Ends every session of the account but the one that acts.
pub fn end_others(work: &mut Work<'_>, account: AccountId) -> Result<()> {
    let present = work.actor.session().map(|session| session.id);
    auth::end_all(work.conn, account, present, work.now)
}

/// Changes language and notices.
pub async fn change_preferences(app: &App, actor: &Actor, preferences: Preferences) -> Result<AccountView> {
    if !language::OFFERED.contains(&preferences.language.as_str()) {
        return Err(Problem::field("language", "unknown", "Choose one of the languages on the list.").into());
    }
    app.write(actor, move |work| {
        let account = work.own_account(Action::Act)?;
        store::set_preferences(work.conn, account, &preferences)?;
        if preferences.notices == NotificationChoices::all(NoticeChoice::Off) {
            outbox::suppress(work.conn, account, MailKind::SomethingNew, SWITCHED_OFF)?;
        }
        view_of(work, account)
    })
    .await
}

/// Accepts the present terms of use (ENR-6); an older version is refused.
pub async fn accept_terms(
    app: &App,
    actor: &Actor,
    accepted: TermsAccepted,
) -> Result<(SessionView, Opened)> {
    app.write(actor, move |work| {
        let account = work.own_account(Action::Act)?;
        if practice::practice(work.conn)?.terms_version != accepted.version {
            let message = "Read and accept the present terms of use.";
            return Err(Problem::field("version", "terms_changed", message).into());
        }
        store::set_terms(work.conn, account, accepted.version)?;
        renewed(work, false)
    })
    .await
}

/// What happened to the account.
pub async fn events(app: &App, actor: &Actor) -> Result<Vec<AccountEventView>> {
    app.read(actor, |work| {
        let account = work.own_account(Action::View)?;
        store::events(work.conn, account)
    })
    .await
}

/// The open sessions, the present one first (SEC-7).
pub async fn sessions(app: &App, actor: &Actor) -> Result<Vec<DeviceSession>> {
    app.read(actor, |work| {
        let account = work.own_account(Action::View)?;
        let present = work.actor.session().cloned().ok_or(Code::SignInRequired)?;
        let open = auth::open_ones(work.conn, account, present.policy, work.now)?;
        let mut sessions: Vec<DeviceSession> = open
            .into_iter()
            .map(|open| DeviceSession {
                current: open.id == present.id,
                id: open.id,
                device: open.device,
                signed_in_at: open.created_at,
                seen_at: open.seen_at,
            })
            .collect();
        sessions.sort_by_key(|session| !session.current);
        Ok(sessions)
    })
    .await
}

/// Ends one of the own sessions.
pub async fn end_session(app: &App, actor: &Actor, session: SessionId) -> Result<()> {
    app.write(actor, move |work| {
        let account = work.own_account(Action::Act)?;
        let ended = auth::end_one(work.conn, account, session, work.now)?;
        if ended { Ok(()) } else { Err(Code::NotFound.into()) }
    })
    .await
}

/// Ends every own session but the present one.
pub async fn end_other_sessions(app: &App, actor: &Actor) -> Result<()> {
    app.write(actor, |work| {
        let account = work.own_account(Action::Act)?;
        end_others(work, account)
    })
    .await
}
